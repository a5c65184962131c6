package io.freshet.model.tensorflow.reference.body;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * Drops activations at random, by masks that depend on a seed and the site alone. A random byte
 * decides, so that one random number serves four activations; the rate is rounded to 256ths.
 */
public final class Dropout {

    private static final int BYTE_VALUES = 256;

    private final int dropped;
    private final @Nullable Operand<TInt64> seed;
    private long sites;

    private Dropout(int dropped, @Nullable Operand<TInt64> seed) {
        this.dropped = dropped;
        this.seed = seed;
    }

    /** Dropout in training. */
    public static Dropout of(float rate, Operand<TInt64> seed) {
        int dropped = Math.round(rate * BYTE_VALUES);
        return dropped > 0 ? new Dropout(dropped, seed) : none();
    }

    /** No dropout, as in serving. */
    public static Dropout none() {
        return new Dropout(0, null);
    }

    Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x) {
        if (seed == null) {
            return x;
        }
        Operand<TInt32> size = tf.size(x);
        Operand<TInt32> words = tf.math.div(tf.math.add(size, tf.constant(3)), tf.constant(4));
        Operand<TInt64> siteSeed = tf.math.add(seed, tf.constant(new long[] {0, ++sites}));
        Operand<TInt32> random =
                tf.random.statelessRandomUniformFullInt(
                        tf.expandDims(words, tf.constant(0)), siteSeed, TInt32.class);
        Operand<TUint8> bytes =
                tf.slice(
                        tf.reshape(tf.bitcast(random, TUint8.class), tf.constant(new int[] {-1})),
                        tf.constant(new int[] {0}),
                        tf.expandDims(size, tf.constant(0)));
        Operand<TUint8> threshold = tf.constant((byte) dropped);
        Operand<TFloat32> kept =
                tf.dtypes.cast(tf.math.greaterEqual(bytes, threshold), TFloat32.class);
        float scale = (float) BYTE_VALUES / (BYTE_VALUES - dropped);
        return tf.math.mul(x, tf.math.mul(tf.reshape(kept, tf.shape(x)), tf.constant(scale)));
    }
}
