package io.freshet.model.tensorflow.reference;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The target should be chosen, another item should not, each judged alone: SASRec's loss. It has
 * one negative per position, drawn uniformly; here its expectation over that draw is estimated from
 * all candidates, whatever they were drawn by. The sum over many negatives in place of their mean
 * would push all scores down first and stay there for long.
 */
final class BinaryCrossEntropy {

    private BinaryCrossEntropy() {}

    /**
     * @param states hidden states at the positions, [M, width]
     * @param labels which candidate is the target, [M]
     * @param shares of the positions in the mean, [M]
     */
    static Objective of(
            Ops tf,
            Operand<TFloat32> states,
            Candidates candidates,
            Operand<TInt32> labels,
            Operand<TFloat32> shares) {
        Operand<TFloat32> importance = candidates.importance(tf);
        Operand<TFloat32> target = candidates.logits(tf, states, labels);
        Operand<TFloat32> chosen = tf.math.softplus(tf.math.neg(target));
        Operand<TFloat32> asNegative =
                tf.math.mul(
                        tf.math.softplus(target), tf.gather(importance, labels, tf.constant(0)));

        Operand<TFloat32> logits =
                tf.nn.biasAdd(
                        tf.linalg.matMul(states, candidates.vectors(), MatMul.transposeB(true)),
                        candidates.biases());
        Operand<TFloat32> negatives =
                tf.reshape(
                        tf.linalg.matMul(
                                tf.math.softplus(logits),
                                tf.expandDims(importance, tf.constant(1))),
                        tf.constant(new int[] {-1}));
        Operand<TFloat32> losses = tf.math.add(chosen, tf.math.sub(negatives, asNegative));
        return Objective.of(tf, tf.reduceSum(tf.math.mul(losses, shares), tf.constant(0)));
    }
}
