package io.freshet.model.tensorflow.reference.authoring;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.TensorArray;
import org.tensorflow.op.core.TensorArrayConcat;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * A matrix with a row for each item, computed by a loop over chunks of rows: what lies between
 * input and output is there for one chunk only, however many items there are.
 */
public final class ChunkedRows {

    private static final int LOOP_VARIABLES = 4;

    /** Computes some rows. */
    @FunctionalInterface
    public interface Chunk {

        /**
         * @param tf of the loop's own graph
         * @param given what the loop was given, in its order
         * @param rows [R]
         * @return [R, width]
         */
        Operand<TFloat32> of(Ops tf, List<Output<?>> given, Operand<TInt32> rows);
    }

    private final Ops tf;
    private final Graph graph;
    private final String name;
    private final int chunk;

    /**
     * @param name of the loop, unique in the graph
     * @param chunk rows that are computed at once
     */
    public ChunkedRows(Ops tf, String name, int chunk) {
        this.tf = tf;
        this.graph = (Graph) tf.scope().env();
        this.name = name;
        this.chunk = chunk;
    }

    /**
     * All rows.
     *
     * @param start 0
     * @param count number of rows
     * @param width columns
     * @param given what {@code part} needs of this graph
     */
    public Operand<TFloat32> compute(
            Operand<TInt32> start,
            Operand<TInt32> count,
            int width,
            List<Operand<? extends TType>> given,
            Chunk part) {
        Operand<TInt32> chunks =
                tf.math.div(tf.math.add(count, tf.constant(chunk - 1)), tf.constant(chunk));
        TensorArray parts =
                tf.tensorArray(
                        chunks,
                        TFloat32.class,
                        TensorArray.elementShape(Shape.of(Shape.UNKNOWN_SIZE, width)));
        List<Output<?>> inputs = new ArrayList<>();
        inputs.add(start.asOutput());
        inputs.add(count.asOutput());
        inputs.add(parts.handle());
        inputs.add(parts.flow());
        given.forEach(each -> inputs.add(each.asOutput()));
        Output<?>[] outputs =
                graph.whileLoop(
                        inputs.toArray(new Output<?>[0]),
                        (condition, in, out) -> out[0] = isLeft(Ops.create(condition), in),
                        (body, in, out) -> step(Ops.create(body), in, out, part),
                        name);
        return tf.tensorArrayConcat(
                        parts.handle(),
                        typed(outputs[3]),
                        TFloat32.class,
                        TensorArrayConcat.elementShapeExcept0(Shape.of(width)))
                .value();
    }

    private Output<?> isLeft(Ops tf, Output<?>[] in) {
        Operand<TInt32> first = tf.math.mul(ChunkedRows.<TInt32>typed(in[0]), tf.constant(chunk));
        return tf.math.less(first, ChunkedRows.<TInt32>typed(in[1])).asOutput();
    }

    private void step(Ops tf, Output<?>[] in, Output<?>[] out, Chunk part) {
        Operand<TInt32> index = typed(in[0]);
        Operand<TInt32> first = tf.math.mul(index, tf.constant(chunk));
        Operand<TInt32> end =
                tf.math.minimum(
                        tf.math.add(first, tf.constant(chunk)), ChunkedRows.<TInt32>typed(in[1]));
        List<Output<?>> given = List.of(in).subList(LOOP_VARIABLES, in.length);
        Operand<TFloat32> computed = part.of(tf, given, tf.range(first, end, tf.constant(1)));
        for (int i = 0; i < in.length; i++) {
            out[i] = tf.identity(in[i]).asOutput();
        }
        out[0] = tf.math.add(index, tf.constant(1)).asOutput();
        out[3] =
                tf.tensorArrayWrite(
                                ChunkedRows.<TType>typed(in[2]),
                                index,
                                computed,
                                ChunkedRows.<TFloat32>typed(in[3]))
                        .asOutput();
    }

    @SuppressWarnings("unchecked") // the loop hands on what it was given
    public static <T extends TType> Output<T> typed(Output<?> output) {
        return (Output<T>) output;
    }
}
