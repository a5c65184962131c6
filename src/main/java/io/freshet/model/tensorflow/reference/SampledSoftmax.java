package io.freshet.model.tensorflow.reference;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Cross-entropy of a softmax over candidates, with its gradients. They are written out because this
 * is where a step's time goes: automatic ones multiply the large matrix of probabilities in the
 * slow orientation, and the fused cross-entropy takes three times as long as a softmax.
 */
final class SampledSoftmax {

    /** The least probability whose logarithm is reported; gradients don't know it. */
    private static final float LEAST = 1e-37f;

    private SampledSoftmax() {}

    /**
     * @param states hidden states at the positions, [M, width]
     * @param labels which candidate is right, [M]
     * @param positionShares of the positions in the mean, [M]
     */
    static Objective of(
            Ops tf,
            Operand<TFloat32> states,
            Candidates candidates,
            Operand<TInt32> labels,
            Operand<TFloat32> positionShares) {
        Operand<TInt32> first = tf.constant(0);
        Operand<TInt32> second = tf.constant(1);
        Operand<TFloat32> vectors = candidates.vectors();
        Operand<TFloat32> shares = tf.expandDims(positionShares, second);
        Operand<TFloat32> probabilities =
                tf.nn.softmax(
                        tf.nn.biasAdd(
                                tf.linalg.matMul(states, vectors, MatMul.transposeB(true)),
                                candidates.corrected(tf)));
        Operand<TFloat32> right =
                tf.gather(
                        probabilities, tf.expandDims(labels, second), second, Gather.batchDims(1L));
        Operand<TFloat32> logs = tf.math.log(tf.math.maximum(right, tf.constant(LEAST)));
        Operand<TFloat32> loss =
                tf.math.neg(tf.reduceSum(tf.math.mul(logs, shares), tf.constant(new int[] {0, 1})));

        Operand<TFloat32> towards =
                tf.math.sub(
                        tf.linalg.matMul(probabilities, vectors),
                        tf.gather(vectors, labels, first));
        Operand<TFloat32> weighted =
                tf.concat(List.of(tf.math.mul(states, shares), shares), second);
        Operand<TFloat32> pulled =
                tf.linalg.transpose(
                        tf.linalg.matMul(weighted, probabilities, MatMul.transposeA(true)),
                        tf.constant(new int[] {1, 0}));
        Operand<TFloat32> gradient =
                tf.math.sub(
                        pulled,
                        tf.math.unsortedSegmentSum(weighted, labels, tf.size(candidates.rows())));
        Operand<TInt32> width = tf.gather(tf.shape(vectors), second, first);
        return new Objective(
                loss,
                List.of(states, vectors, candidates.biases()),
                List.of(
                        tf.math.mul(towards, shares),
                        columns(tf, gradient, tf.constant(0), width),
                        tf.reshape(
                                columns(tf, gradient, width, tf.constant(1)),
                                tf.constant(new int[] {-1}))));
    }

    private static Operand<TFloat32> columns(
            Ops tf, Operand<TFloat32> matrix, Operand<TInt32> start, Operand<TInt32> count) {
        return tf.slice(
                matrix,
                tf.stack(List.of(tf.constant(0), start)),
                tf.stack(List.of(tf.constant(-1), count)));
    }
}
