package io.freshet.model.tensorflow.reference.signature;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.Max;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Something to descend on, and where its gradient enters the graph.
 *
 * <p>States are the hidden states at the positions, [M, width]; labels say which candidate is the
 * target, [M]; shares are those of the positions in the mean, [M].
 *
 * @param value scalar
 * @param ends parts of the graph that it is computed from
 * @param gradients its gradient by each of them, of the same shape
 */
record Objective(
        Operand<TFloat32> value, List<Operand<TFloat32>> ends, List<Operand<TFloat32>> gradients) {

    /** The least probability whose logarithm is taken; gradients don't depend on it. */
    private static final float LEAST = 1e-37f;

    /**
     * Cross-entropy of a softmax over candidates, with its gradients. They are written out because
     * this is where a step's time goes: automatic ones multiply the large matrix of probabilities
     * in the slow orientation, and the fused cross-entropy takes three times as long as a softmax.
     */
    static Objective sampledSoftmax(
            Ops tf,
            Operand<TFloat32> states,
            Candidates candidates,
            Operand<TInt32> labels,
            Operand<TFloat32> positionShares) {
        Operand<TInt32> first = tf.constant(0);
        Operand<TInt32> second = tf.constant(1);
        Operand<TFloat32> vectors = candidates.vectors();
        Operand<TFloat32> shares = tf.expandDims(positionShares, second);
        Operand<TFloat32> probabilities = candidates.probabilities(tf, states);
        Operand<TFloat32> right =
                tf.gather(
                        probabilities, tf.expandDims(labels, second), second, Gather.batchDims(1L));
        Operand<TFloat32> loss =
                tf.math.neg(
                        tf.reduceSum(
                                tf.math.mul(log(tf, right), shares),
                                tf.constant(new int[] {0, 1})));

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
                        flat(tf, columns(tf, gradient, width, tf.constant(1)))));
    }

    /**
     * The target should be chosen, another item should not, each judged alone: SASRec's loss. It
     * has one negative per position, drawn uniformly; here its expectation over that draw is
     * estimated from all candidates, whatever they were drawn by. The sum over many negatives in
     * place of their mean would push all scores down first and stay there for long.
     */
    static Objective binaryCrossEntropy(
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
        Operand<TFloat32> negatives =
                flat(
                        tf,
                        tf.linalg.matMul(
                                tf.math.softplus(candidates.logits(tf, states)),
                                tf.expandDims(importance, tf.constant(1))));
        Operand<TFloat32> losses = tf.math.add(chosen, tf.math.sub(negatives, asNegative));
        return of(tf, tf.reduceSum(tf.math.mul(losses, shares), tf.constant(0)));
    }

    /**
     * Mean squared error over the positions that have a rating.
     *
     * @param predicted [M]
     * @param ratings [M], NaN where there is none
     * @param positionWeights [M]
     */
    static Objective squaredError(
            Ops tf,
            Operand<TFloat32> predicted,
            Operand<TFloat32> ratings,
            Operand<TFloat32> positionWeights) {
        Operand<TBool> unrated = tf.math.isNan(ratings);
        Operand<TFloat32> known = tf.select(unrated, tf.constant(0f), ratings);
        Operand<TFloat32> counted = tf.select(unrated, tf.constant(0f), positionWeights);
        Operand<TFloat32> shares = tf.math.divNoNan(counted, tf.reduceSum(counted, tf.constant(0)));
        Operand<TFloat32> errors = tf.math.squaredDifference(predicted, known);
        return of(tf, tf.reduceSum(tf.math.mul(errors, shares), tf.constant(0)));
    }

    /**
     * Kullback-Leibler divergence of the model's probabilities from a teacher's, summed over the
     * positions.
     *
     * @param taught the teacher's probabilities of the sample, [M, C]
     * @param share what one position counts, scalar
     */
    static Objective distillation(
            Ops tf,
            Operand<TFloat32> states,
            Candidates sample,
            Operand<TFloat32> taught,
            Operand<TFloat32> share) {
        Operand<TFloat32> own = sample.probabilities(tf, states);
        Operand<TFloat32> divergence =
                tf.reduceSum(
                        tf.math.mul(taught, tf.math.sub(log(tf, taught), log(tf, own))),
                        tf.constant(new int[] {0, 1}));
        Operand<TFloat32> away = tf.math.mul(tf.math.sub(own, taught), share);
        return new Objective(
                tf.math.mul(divergence, share),
                List.of(states, sample.vectors(), sample.biases()),
                List.of(
                        tf.linalg.matMul(away, sample.vectors()),
                        tf.linalg.matMul(away, states, MatMul.transposeA(true)),
                        tf.reduceSum(away, tf.constant(0))));
    }

    /**
     * The "not-to-recommend" loss: -log(1 - p) of the items that users rejected, summed; p is the
     * item's probability beside the candidates other than itself, which stand for all items as they
     * do in the softmax. With z its logit and s the logarithm of the sum of theirs, that is
     * softplus(z - s).
     *
     * @param rejected vectors, biases and rows of the rejected items, one for each state
     * @param share what one of them counts, scalar
     */
    static Objective rejections(
            Ops tf,
            Operand<TFloat32> states,
            Candidates candidates,
            Candidates rejected,
            Operand<TFloat32> share) {
        Operand<TInt32> first = tf.constant(0);
        Operand<TInt32> second = tf.constant(1);
        Operand<TFloat32> logits =
                tf.math.add(
                        tf.reduceSum(tf.math.mul(states, rejected.vectors()), second),
                        rejected.biases());
        Operand<TFloat32> others =
                candidates.logitsBeside(tf, states, tf.expandDims(rejected.rows(), second));
        Operand<TFloat32> most = tf.stopGradient(tf.max(others, second, Max.keepDims(true)));
        Operand<TFloat32> sum = tf.reduceSum(tf.math.exp(tf.math.sub(others, most)), second);
        Operand<TFloat32> all =
                tf.math.add(tf.math.log(sum), tf.squeeze(most, Squeeze.axis(List.of(1L))));
        Operand<TFloat32> losses = tf.math.softplus(tf.math.sub(logits, all));
        return of(tf, tf.math.mul(tf.reduceSum(losses, first), share));
    }

    /** An objective that is differentiated as it is. */
    private static Objective of(Ops tf, Operand<TFloat32> value) {
        return new Objective(value, List.of(value), List.of(tf.constant(1f)));
    }

    private static Operand<TFloat32> log(Ops tf, Operand<TFloat32> probabilities) {
        return tf.math.log(tf.math.maximum(probabilities, tf.constant(LEAST)));
    }

    private static Operand<TFloat32> columns(
            Ops tf, Operand<TFloat32> matrix, Operand<TInt32> start, Operand<TInt32> count) {
        return tf.slice(
                matrix,
                tf.stack(List.of(tf.constant(0), start)),
                tf.stack(List.of(tf.constant(-1), count)));
    }

    private static Operand<TFloat32> flat(Ops tf, Operand<TFloat32> column) {
        return tf.reshape(column, tf.constant(new int[] {-1}));
    }
}
