package io.freshet.model.tensorflow.reference;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Adam on some rows of a matrix, "lazy": a row that a step doesn't touch keeps weights and slots,
 * and its own clock corrects its bias, so that a new row starts as the first row once did. Row 0 is
 * never changed.
 */
public final class RowAdam {

    private final ItemVariables.Matrix weight;
    private final ItemVariables.Matrix mean;
    private final ItemVariables.Matrix variance;
    private final ItemVariables.Matrix clock;

    RowAdam(ItemVariables rows, String name, ItemVariables.Matrix weight) {
        this.weight = weight;
        mean = rows.zeros(name + "/adam_mean", weight.width());
        variance = rows.zeros(name + "/adam_variance", weight.width());
        clock = rows.zeros(name + "/adam_clock", 1);
    }

    /**
     * One step.
     *
     * @param rows distinct rows, [U]
     * @param before their weights, [U, width]
     * @param gradient [U, width]
     * @param rate scalar
     */
    public List<Op> update(
            Ops tf,
            Operand<TInt32> rows,
            Operand<TFloat32> before,
            Operand<TFloat32> gradient,
            Operand<TFloat32> rate) {
        Operand<TFloat32> one = tf.constant(1f);
        Operand<TBool> trained = tf.math.greater(rate, tf.constant(0f));
        Operand<TFloat32> beta1 = tf.select(trained, tf.constant(DenseAdam.BETA1), one);
        Operand<TFloat32> beta2 = tf.select(trained, tf.constant(DenseAdam.BETA2), one);
        Operand<TFloat32> item =
                tf.expandDims(
                        tf.dtypes.cast(
                                tf.math.logicalAnd(trained, tf.math.greater(rows, tf.constant(0))),
                                TFloat32.class),
                        tf.constant(1));
        Operand<TFloat32> masked = tf.math.mul(gradient, item);
        Operand<TFloat32> steps = tf.math.add(clock.variable().gather(tf, rows), item);
        Operand<TFloat32> newMean = decayed(tf, mean.variable().gather(tf, rows), masked, beta1);
        Operand<TFloat32> newVariance =
                decayed(tf, variance.variable().gather(tf, rows), tf.math.square(masked), beta2);
        Operand<TFloat32> age = tf.math.maximum(steps, one);
        Operand<TFloat32> correction1 =
                tf.math.sub(one, tf.math.pow(tf.constant(DenseAdam.BETA1), age));
        Operand<TFloat32> correction2 =
                tf.math.sqrt(tf.math.sub(one, tf.math.pow(tf.constant(DenseAdam.BETA2), age)));
        Operand<TFloat32> stride =
                tf.math.mul(item, tf.math.mul(rate, tf.math.div(correction2, correction1)));
        Operand<TFloat32> change =
                tf.math.div(
                        tf.math.mul(stride, newMean),
                        tf.math.add(tf.math.sqrt(newVariance), tf.constant(DenseAdam.EPSILON)));
        return List.of(
                weight.variable().scatter(tf, rows, tf.math.sub(before, change)),
                mean.variable().scatter(tf, rows, newMean),
                variance.variable().scatter(tf, rows, newVariance),
                clock.variable().scatter(tf, rows, steps));
    }

    private static Operand<TFloat32> decayed(
            Ops tf, Operand<TFloat32> old, Operand<TFloat32> now, Operand<TFloat32> beta) {
        return tf.math.add(
                tf.math.mul(old, beta), tf.math.mul(now, tf.math.sub(tf.constant(1f), beta)));
    }
}
