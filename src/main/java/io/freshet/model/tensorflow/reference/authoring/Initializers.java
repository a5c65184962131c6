package io.freshet.model.tensorflow.reference.authoring;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Initial values of dense variables, which depend on the seed and the order of calls alone. */
public final class Initializers {

    /** Standard deviation of embeddings. */
    public static final float EMBEDDING_DEVIATION = 0.02f;

    private final Ops tf;
    private final long seed;
    private long drawn;

    /**
     * @param seed of all of them
     */
    public Initializers(Ops tf, long seed) {
        this.tf = tf;
        this.seed = seed;
    }

    /** The same number everywhere. */
    public Operand<TFloat32> constant(float value, long... shape) {
        return tf.fill(tf.constant(shape), tf.constant(value));
    }

    /** Normal, of {@link #EMBEDDING_DEVIATION}. */
    public Operand<TFloat32> embedding(long... shape) {
        return tf.math.mul(
                tf.random.statelessRandomNormal(tf.constant(shape), next(), TFloat32.class),
                tf.constant(EMBEDDING_DEVIATION));
    }

    /** Uniform within one over the root of the inputs, the first dimension. */
    public Operand<TFloat32> kernel(long inputs, long outputs) {
        float bound = (float) (1 / Math.sqrt((double) inputs));
        Operand<TFloat32> uniform =
                tf.random.statelessRandomUniform(
                        tf.constant(new long[] {inputs, outputs}), next(), TFloat32.class);
        return tf.math.mul(tf.math.sub(uniform, tf.constant(0.5f)), tf.constant(2 * bound));
    }

    private Operand<TInt64> next() {
        return tf.constant(new long[] {seed, ++drawn});
    }
}
