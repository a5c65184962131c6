package io.freshet.model.tensorflow.reference.signature;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
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

    /** Probabilities of a softmax over the candidates, corrected; padding is masked, [M, C]. */
    Operand<TFloat32> probabilities(Ops tf, Operand<TFloat32> states) {
        return tf.nn.softmax(products(tf, states, tf.math.add(biases, correction(tf))));
    }

    /** Logits of all candidates at each position, [M, C]. */
    Operand<TFloat32> logits(Ops tf, Operand<TFloat32> states) {
        return products(tf, states, biases);
    }

    /**
     * Logits of the candidates at each position, corrected; padding is masked, and so is what is
     * scored beside them, [M, C].
     *
     * @param rows of which one is masked at each position, [M, 1]
     */
    Operand<TFloat32> logitsBeside(Ops tf, Operand<TFloat32> states, Operand<TInt32> masked) {
        Operand<TFloat32> mask =
                tf.select(
                        tf.math.equal(masked, tf.expandDims(rows, tf.constant(0))),
                        tf.constant(MASKED),
                        tf.constant(0f));
        return tf.math.add(products(tf, states, tf.math.add(biases, correction(tf))), mask);
    }

    private Operand<TFloat32> products(
            Ops tf, Operand<TFloat32> states, Operand<TFloat32> offsets) {
        return tf.nn.biasAdd(tf.linalg.matMul(states, vectors, MatMul.transposeB(true)), offsets);
    }

    /** Logits of the labelled candidate of each position, [M]. */
    Operand<TFloat32> logits(Ops tf, Operand<TFloat32> states, Operand<TInt32> labels) {
        Operand<TInt32> first = tf.constant(0);
        Operand<TFloat32> products = tf.math.mul(states, tf.gather(vectors, labels, first));
        return tf.math.add(
                tf.reduceSum(products, tf.constant(1)), tf.gather(biases, labels, first));
    }

    /** Weights under which the candidates represent a uniform draw among all items; sum 1, [C]. */
    Operand<TFloat32> importance(Ops tf) {
        return tf.nn.softmax(correction(tf));
    }

    private Operand<TFloat32> correction(Ops tf) {
        Operand<TFloat32> padding =
                tf.select(
                        tf.math.greater(rows, tf.constant(0)),
                        tf.constant(0f),
                        tf.constant(MASKED));
        return tf.math.sub(padding, logQ);
    }
}
