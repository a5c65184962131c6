package io.freshet.model.tensorflow.reference;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Numbers of every item: a row each, and a way to make a fresh one.
 *
 * @param width columns
 * @param deviation standard deviation of fresh rows; 0 makes them zero
 */
record GrowingMatrix(GraphVariable<TFloat32> variable, int width, float deviation) {

    Operand<TFloat32> fresh(Ops tf, Operand<TInt32> rows, Operand<TInt64> seed) {
        Operand<TInt32> shape = tf.stack(List.of(rows, tf.constant(width)));
        if (deviation == 0) {
            return tf.fill(shape, tf.constant(0f));
        }
        return tf.math.mul(
                tf.random.statelessRandomNormal(shape, seed, TFloat32.class),
                tf.constant(deviation));
    }
}
