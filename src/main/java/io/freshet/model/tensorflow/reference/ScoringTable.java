package io.freshet.model.tensorflow.reference;

import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
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

    private final ItemVariables rows;
    private final ItemVectors vectors;
    private final ItemVariables.Matrix bias;
    private final GraphVariable<TFloat32> kept;
    private final GraphVariable<TFloat32> next;
    private final GraphVariable<TBool> stale;
    private int loops;

    /**
     * What scoring depends on, as it is to become; all that is not named stays. Rows are distinct,
     * and may lie behind the last.
     *
     * @param renamedRows rows that change hands, ascending, [N]
     * @param itemIds their new items, empty for none, [N]
     * @param describedRows rows with other content, [D]
     * @param features their content vectors, [D, feature width]
     * @param trainedRows rows with other weights, [R]
     * @param embeddings their embeddings, [R, width]
     * @param biases their biases, [R, 1]
     * @param dense the weights that belong to no row
     */
    public record Changes(
            Operand<TInt32> renamedRows,
            Operand<TString> itemIds,
            Operand<TInt32> describedRows,
            Operand<TFloat32> features,
            Operand<TInt32> trainedRows,
            Operand<TFloat32> embeddings,
            Operand<TFloat32> biases,
            Map<GraphVariable<TFloat32>, Operand<TFloat32>> dense) {}

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
        Shape shape = Shape.of(Shape.UNKNOWN_SIZE, vectors.width() + 1);
        Operand<TFloat32> none = first.constant(0, 1, vectors.width() + 1);
        kept = graph.addTransient("items/scoring", TFloat32.class, shape, none);
        next = graph.addTransient("items/scoring_next", TFloat32.class, shape, none);
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
        Operand<TFloat32> computed =
                new ScoringRows(
                                tf,
                                rows,
                                vectors,
                                bias,
                                each -> branch(tf, each, compute).outputTrue())
                        .compute(loopName(), BLOCK, null);
        Op keep = tf.assignVariableOp(branch(tf, kept.handle(), compute).outputTrue(), computed);
        Op fresh =
                tf.assignVariableOp(
                        branch(tf, stale.handle(), compute).outputTrue(), tf.constant(false));
        Operand<TFloat32> now = tf.withControlDependencies(keep, fresh).identity(computed);
        Operand<TFloat32> before =
                tf.readVariableOp(branch(tf, kept.handle(), compute).outputFalse(), TFloat32.class);
        return tf.merge(List.of(now, before)).output();
    }

    /** Computes the table as changes will make it, and keeps it beside the current one. */
    public Op prepare(Ops tf, Changes changes) {
        return next.assign(
                tf,
                new ScoringRows(tf, rows, vectors, bias, UnaryOperator.identity())
                        .compute(loopName(), BLOCK, changes));
    }

    /** Makes what was prepared the current table, after its changes were written. */
    public List<Op> adopt(Ops tf) {
        Op adopted = kept.assign(tf, next.read(tf));
        Operand<TFloat32> none =
                tf.fill(tf.constant(new int[] {0, vectors.width() + 1}), tf.constant(0f));
        Op freed = next.assign(tf.withControlDependencies(adopted), none);
        return List.of(stale.assign(tf, tf.constant(false)), freed);
    }

    private String loopName() {
        return "scoring_table_" + loops++;
    }

    /**
     * Vectors of some rows of the table.
     *
     * @param table from {@link #current}
     * @param some any number of rows
     * @return [size of some, width]
     */
    public Operand<TFloat32> vectors(Ops tf, Operand<TFloat32> table, Operand<TInt32> some) {
        Operand<TInt32> flat = tf.reshape(some, tf.constant(new int[] {-1}));
        return firstVectors(tf, tf.gather(table, flat, tf.constant(0)), tf.size(flat));
    }

    /** Vectors of all rows, [V, width]. */
    public Operand<TFloat32> vectors(Ops tf) {
        return firstVectors(tf, current(tf), tf.size(rows.ids().read(tf)));
    }

    /** Of the first rows of a table, the vectors without the biases. */
    private Operand<TFloat32> firstVectors(Ops tf, Operand<TFloat32> table, Operand<TInt32> count) {
        return tf.slice(
                table,
                tf.constant(new int[] {0, 0}),
                tf.stack(List.of(count, tf.constant(vectors.width()))));
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
