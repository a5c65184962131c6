package io.freshet.model.tensorflow.bert;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How the vectors of a text's tokens become the vector of the text. */
enum Pooling {
    /** Mean over the tokens. */
    MEAN {
        @Override
        Operand<TFloat32> of(Ops tf, Operand<TFloat32> hidden, Operand<TFloat32> mask) {
            return tf.sum(
                    tf.math.mul(hidden, tf.expandDims(mask, tf.constant(-1))), tf.constant(1));
        }
    },
    /** The vector of the first token, the marker of the start. */
    CLS {
        @Override
        Operand<TFloat32> of(Ops tf, Operand<TFloat32> hidden, Operand<TFloat32> mask) {
            return tf.gather(hidden, tf.constant(0), tf.constant(1));
        }
    };

    /**
     * Texts' vectors, not scaled to any length: sums stand for means.
     *
     * @param hidden [texts, tokens, width]
     * @param mask 1 for a token, 0 for padding, [texts, tokens]
     * @return [texts, width]
     */
    abstract Operand<TFloat32> of(Ops tf, Operand<TFloat32> hidden, Operand<TFloat32> mask);
}
