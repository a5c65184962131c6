package io.freshet.model.tensorflow.reference.signature;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Max;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/** What is done with each row of a wide matrix by itself. */
final class RowWise {

    /** Block sizes are powers of two up to 2 to this power. */
    private static final int MOST_DOUBLINGS = 6;

    private static final double HALF_BINARY_LOGARITHM = 0.5 / Math.log(2);

    private final Ops tf;

    /**
     * @param tf authors the graph
     */
    RowWise(Ops tf) {
        this.tf = tf;
    }

    /**
     * The best numbers of each row, and where they are.
     *
     * @param values best first, [M, K]
     * @param columns theirs, [M, K]
     */
    record Top(Operand<TFloat32> values, Operand<TInt32> columns) {}

    /** What a row has at each of a row of columns; cheaper than a batched gather. */
    <T extends TType> Operand<T> each(Operand<T> matrix, Operand<TInt32> columns) {
        Operand<TInt64> shape = tf.shape(matrix, TInt64.class);
        Operand<TInt64> width = tf.gather(shape, tf.constant(1), tf.constant(0));
        Operand<TInt64> starts = tf.range(tf.constant(0L), tf.size(matrix, TInt64.class), width);
        return tf.gather(
                tf.reshape(matrix, tf.constant(new int[] {-1})),
                tf.math.add(
                        tf.dtypes.cast(columns, TInt64.class),
                        tf.expandDims(starts, tf.constant(1))),
                tf.constant(0));
    }

    /**
     * Logarithm of the sum of exponentials, [M, 1], by way of a softmax, which engines compute in
     * one pass: the highest number's share of the sum says what the sum is.
     */
    Operand<TFloat32> logSumExp(Operand<TFloat32> matrix) {
        Operand<TFloat32> share = highest(tf.nn.softmax(matrix));
        return tf.math.sub(highest(matrix), tf.math.log(share));
    }

    private Operand<TFloat32> highest(Operand<TFloat32> matrix) {
        return tf.max(matrix, tf.constant(1), Max.keepDims(true));
    }

    /**
     * The best K of each row, exactly. Columns are taken in blocks; the best K lie in the K blocks
     * with the best maxima, so most numbers are looked at for the maximum of their block only,
     * which is a small part of the work of selecting among all.
     *
     * @param matrix [M, N], where N is a multiple of 64
     * @param top K, at most N
     */
    Top top(Operand<TFloat32> matrix, Operand<TInt32> top) {
        Operand<TInt32> shape = tf.shape(matrix);
        Operand<TInt32> height = tf.gather(shape, tf.constant(0), tf.constant(0));
        Operand<TInt32> width = tf.gather(shape, tf.constant(1), tf.constant(0));
        Operand<TInt32> size = blockSize(width, top);
        Operand<TInt32> blocks = tf.math.div(width, size);
        Operand<TInt32> chosen = tf.math.minimum(top, blocks);
        Operand<TInt32> best = bestBlocks(matrix, List.of(height, size, blocks), chosen);
        Operand<TInt32> strides =
                tf.math.mul(tf.range(tf.constant(0), size, tf.constant(1)), blocks);
        Operand<TInt32> candidates =
                tf.reshape(
                        tf.math.add(
                                tf.expandDims(strides, tf.constant(1)),
                                tf.expandDims(best, tf.constant(1))),
                        tf.stack(List.of(height, tf.math.mul(size, chosen))));
        TopK<TFloat32, TInt32> selected = tf.nn.topK(each(matrix, candidates), top, TInt32.class);
        return new Top(selected.values(), each(candidates, selected.indices()));
    }

    /** About as many blocks as there are columns in the chosen ones: the least work for both. */
    private Operand<TInt32> blockSize(Operand<TInt32> width, Operand<TInt32> top) {
        Operand<TFloat32> ratio =
                tf.math.div(
                        tf.dtypes.cast(width, TFloat32.class),
                        tf.dtypes.cast(tf.math.maximum(top, tf.constant(1)), TFloat32.class));
        Operand<TInt32> doublings =
                tf.dtypes.cast(
                        tf.math.mul(tf.math.log(ratio), tf.constant((float) HALF_BINARY_LOGARITHM)),
                        TInt32.class);
        return tf.bitwise.leftShift(
                tf.constant(1),
                tf.math.minimum(
                        tf.math.maximum(doublings, tf.constant(0)), tf.constant(MOST_DOUBLINGS)));
    }

    /** A block is every so many columns, so that maxima are taken over stretches of memory. */
    private Operand<TInt32> bestBlocks(
            Operand<TFloat32> matrix, List<Operand<TInt32>> shape, Operand<TInt32> count) {
        Operand<TFloat32> maxima = tf.max(tf.reshape(matrix, tf.stack(shape)), tf.constant(1));
        return tf.nn.topK(maxima, count, TInt32.class).indices();
    }
}
