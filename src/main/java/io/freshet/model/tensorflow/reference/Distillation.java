package io.freshet.model.tensorflow.reference;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/** Divergence of what the model says at some positions from what a teacher said. */
final class Distillation {

    private static final float LEAST = 1e-37f;

    private Distillation() {}

    /** Probabilities of rows that stand for all, at positions, [P, D]. */
    static Operand<TFloat32> probabilities(Ops tf, Operand<TFloat32> states, Candidates sample) {
        return tf.nn.softmax(
                tf.nn.biasAdd(
                        tf.linalg.matMul(states, sample.vectors(), MatMul.transposeB(true)),
                        sample.corrected(tf)));
    }

    /**
     * Kullback-Leibler divergence, summed over the positions.
     *
     * @param states hidden states at the positions, [P, width]
     * @param taught the teacher's probabilities, [P, D]
     * @param share what one position counts, scalar
     */
    static Objective of(
            Ops tf,
            Operand<TFloat32> states,
            Candidates sample,
            Operand<TFloat32> taught,
            Operand<TFloat32> share) {
        Operand<TFloat32> own = probabilities(tf, states, sample);
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

    private static Operand<TFloat32> log(Ops tf, Operand<TFloat32> probabilities) {
        return tf.math.log(tf.math.maximum(probabilities, tf.constant(LEAST)));
    }
}
