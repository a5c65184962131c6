package io.freshet.model.tensorflow.reference;

import io.freshet.model.tensorflow.reference.authoring.ChunkedRows;
import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * What hidden states are multiplied with for the logits of all items: a row for each item, its
 * vector and behind it its bias, [V', width + 1]. V' is the number of rows, rounded up to whole
 * blocks; the bias of rows that are not live is far below all others.
 *
 * <p>The table is kept from one call to the next, until something changes it: mapping the content
 * of a large catalog costs more than scoring it.
 */
public final class ScoringTable {

    /** V' is a multiple of it. */
    static final int BLOCK = 64;

    /** Below every logit of a live row. */
    public static final float UNREACHED = -1e8f;

    private static final float MASKED = -1e9f;

    /** Rows that are computed at once. */
    private static final int CHUNK = 4096;

    /** The same where much lies between content and vector, as text layers do. */
    private static final int DEEP_CHUNK = 128;

    private final ItemVariables rows;
    private final ItemVectors vectors;
    private final ItemVariables.Matrix bias;
    private final GraphVariable<TFloat32> kept;
    private final GraphVariable<TBool> stale;
    private int loops;

    ScoringTable(
            Ops tf,
            GraphVariables graph,
            Initializers first,
            ItemVariables rows,
            ItemVectors vectors,
            ItemVariables.Matrix bias) {
        this.rows = rows;
        this.vectors = vectors;
        this.bias = bias;
        kept =
                graph.addTransient(
                        "items/scoring",
                        TFloat32.class,
                        Shape.of(Shape.UNKNOWN_SIZE, vectors.width() + 1),
                        first.constant(0, 1, vectors.width() + 1));
        stale =
                graph.addTransient(
                        "items/scoring_stale", TBool.class, Shape.scalar(), tf.constant(true));
    }

    /** Marks the table as out of date. */
    public Op invalidate(Ops tf) {
        return stale.assign(tf, tf.constant(true));
    }

    /** The table as it is now, [V', width + 1]. */
    public Operand<TFloat32> current(Ops tf) {
        Operand<TBool> compute = stale.read(tf);
        Operand<TFloat32> computed = compute(tf, compute);
        Op keep = tf.assignVariableOp(branch(tf, kept.handle(), compute).outputTrue(), computed);
        Op fresh =
                tf.assignVariableOp(
                        branch(tf, stale.handle(), compute).outputTrue(), tf.constant(false));
        Operand<TFloat32> now = tf.withControlDependencies(keep, fresh).identity(computed);
        Operand<TFloat32> before =
                tf.readVariableOp(branch(tf, kept.handle(), compute).outputFalse(), TFloat32.class);
        return tf.merge(List.of(now, before)).output();
    }

    private Operand<TFloat32> compute(Ops tf, Operand<TBool> condition) {
        List<GraphVariable<TFloat32>> dense = vectors.dense();
        List<Operand<? extends TType>> given = new ArrayList<>();
        for (GraphVariable<?> each :
                List.of(
                        vectors.embedding().variable(),
                        bias.variable(),
                        rows.live(),
                        rows.features())) {
            given.add(branch(tf, each.handle(), condition).outputTrue());
        }
        dense.forEach(
                each ->
                        given.add(
                                tf.readVariableOp(
                                        branch(tf, each.handle(), condition).outputTrue(),
                                        TFloat32.class)));
        Operand<TInt32> count =
                tf.gather(
                        tf.variableShape(given.get(0), TInt32.class),
                        tf.constant(0),
                        tf.constant(0));
        Operand<TInt32> block = tf.constant(BLOCK);
        Operand<TInt32> blocks = tf.math.div(tf.math.add(count, tf.constant(BLOCK - 1)), block);
        given.add(count);
        return new ChunkedRows(
                        tf, "scoring_table_" + loops++, vectors.areDeep() ? DEEP_CHUNK : CHUNK)
                .compute(
                        branch(tf, tf.constant(0), condition).outputTrue(),
                        tf.math.mul(blocks, block),
                        vectors.width() + 1,
                        given,
                        (inner, in, some) -> rows(inner, in, dense, some));
    }

    /** Some rows; those behind the last are as row 0, which is never live. */
    private Operand<TFloat32> rows(
            Ops tf, List<Output<?>> in, List<GraphVariable<TFloat32>> dense, Operand<TInt32> some) {
        Operand<TInt32> count = ChunkedRows.typed(in.get(in.size() - 1));
        Operand<TInt32> known = tf.select(tf.math.less(some, count), some, tf.zerosLike(some));
        Operand<TFloat32> vector =
                vectors.of(
                        tf,
                        variable -> ChunkedRows.typed(in.get(4 + dense.indexOf(variable))),
                        tf.resourceGather(in.get(0), known, TFloat32.class),
                        tf.resourceGather(in.get(3), known, TFloat32.class));
        Operand<TFloat32> learned = tf.resourceGather(in.get(1), known, TFloat32.class);
        Operand<TBool> live =
                tf.expandDims(tf.resourceGather(in.get(2), known, TBool.class), tf.constant(1));
        Operand<TFloat32> biases =
                tf.select(live, learned, tf.fill(tf.shape(learned), tf.constant(MASKED)));
        return tf.concat(List.of(vector, biases), tf.constant(1));
    }

    /**
     * Vectors of some rows of the table.
     *
     * @param table from {@link #current}
     * @param some any number of rows
     * @return [size of some, width]
     */
    public Operand<TFloat32> vectors(Ops tf, Operand<TFloat32> table, Operand<TInt32> some) {
        return columns(
                tf,
                tf.gather(table, tf.reshape(some, tf.constant(new int[] {-1})), tf.constant(0)));
    }

    /** Vectors of all rows, [V, width]. */
    public Operand<TFloat32> vectors(Ops tf) {
        Operand<TInt32> count = tf.size(rows.ids().read(tf));
        return tf.slice(
                current(tf),
                tf.constant(new int[] {0, 0}),
                tf.stack(List.of(count, tf.constant(vectors.width()))));
    }

    private Operand<TFloat32> columns(Ops tf, Operand<TFloat32> numbers) {
        return tf.slice(
                numbers,
                tf.constant(new int[] {0, 0}),
                tf.constant(new int[] {-1, vectors.width()}));
    }

    /**
     * Logits of all rows.
     *
     * @param table from {@link #current}
     * @param states hidden states, [M, width]
     * @return [M, V']
     */
    public Operand<TFloat32> logits(Ops tf, Operand<TFloat32> table, Operand<TFloat32> states) {
        Operand<TInt32> count = tf.gather(tf.shape(states), tf.constant(0), tf.constant(0));
        Operand<TFloat32> ones = tf.fill(tf.stack(List.of(count, tf.constant(1))), tf.constant(1f));
        return tf.linalg.matMul(
                tf.concat(List.of(states, ones), tf.constant(1)), table, MatMul.transposeB(true));
    }

    private static <T extends TType> SwitchCond<T> branch(
            Ops tf, Operand<T> handle, Operand<TBool> condition) {
        return tf.switchCond(handle, condition);
    }
}
