package io.freshet.model.tensorflow.reference;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Rows to be scored at every position.
 *
 * @param rows [C]
 * @param logQ log of the expected number of times that each was drawn, [C]
 * @param vectors [C, width]
 * @param biases [C]
 */
record Candidates(
        Operand<TInt32> rows,
        Operand<TFloat32> logQ,
        Operand<TFloat32> vectors,
        Operand<TFloat32> biases) {

    private static final float MASKED = -1e9f;

    /** What is added to each candidate's logits: its bias and the correction; padding is masked. */
    Operand<TFloat32> corrected(Ops tf) {
        return tf.math.add(biases, tf.math.sub(padding(tf), logQ));
    }

    /** Logits of the labelled candidate of each position, [M]. */
    Operand<TFloat32> logits(Ops tf, Operand<TFloat32> states, Operand<TInt32> labels) {
        Operand<TInt32> first = tf.constant(0);
        Operand<TFloat32> products = tf.math.mul(states, tf.gather(vectors, labels, first));
        return tf.math.add(
                tf.reduceSum(products, tf.constant(1)), tf.gather(biases, labels, first));
    }

    /** Weights under which the candidates stand for a uniform draw among all items; sum 1, [C]. */
    Operand<TFloat32> importance(Ops tf) {
        return tf.nn.softmax(tf.math.sub(padding(tf), logQ));
    }

    private Operand<TFloat32> padding(Ops tf) {
        return tf.select(
                tf.math.greater(rows, tf.constant(0)), tf.constant(0f), tf.constant(MASKED));
    }
}
