package io.freshet.model.tensorflow.reference;

import io.freshet.model.tensorflow.reference.authoring.ChunkedRows;
import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * Item vectors: a learned embedding, plus a linear adapter over the item's frozen content vector
 * where there is one. The vector is a row of parts, one for each modality, and the adapter's matrix
 * one below the other what maps each of them; a part that an item lacks is zero and adds nothing.
 * All vectors at once are kept from one call to the next, until something changes them: mapping the
 * content of a large catalog costs more than scoring it.
 */
public final class ItemVectors {

    private final ItemVariables rows;
    private final ItemContent content;
    private final int width;
    private final ItemVariables.Matrix embedding;
    private final List<GraphVariable<TFloat32>> adapter = new ArrayList<>();
    private final GraphVariable<TFloat32> kept;
    private final GraphVariable<TBool> stale;
    private int loops;

    ItemVectors(
            Ops tf,
            GraphVariables graph,
            Initializers first,
            ItemVariables rows,
            ItemContent content,
            int width) {
        this.rows = rows;
        this.content = content;
        this.width = width;
        embedding = rows.embedding("items/embedding", width);
        if (content.width() > 0) {
            adapter.add(
                    graph.add(
                            "head/adapter",
                            TFloat32.class,
                            Shape.of(content.width(), width),
                            first.embedding(content.width(), width)));
        }
        kept =
                graph.addTransient(
                        "items/vectors",
                        TFloat32.class,
                        Shape.of(Shape.UNKNOWN_SIZE, width),
                        first.constant(0, 1, width));
        stale =
                graph.addTransient(
                        "items/vectors_stale", TBool.class, Shape.scalar(), tf.constant(true));
    }

    public ItemVariables.Matrix embedding() {
        return embedding;
    }

    /** The adapter's variable, or none. */
    public List<GraphVariable<TFloat32>> adapter() {
        return adapter;
    }

    /** Says that some vectors changed. */
    public Op invalidate(Ops tf) {
        return stale.assign(tf, tf.constant(true));
    }

    /** Vectors of some rows from their embeddings. */
    public Operand<TFloat32> of(
            Ops tf, Weights weights, Operand<TInt32> some, Operand<TFloat32> embeddings) {
        if (adapter.isEmpty()) {
            return embeddings;
        }
        return vectors(tf, weights::of, embeddings, rows.features().gather(tf, some));
    }

    private Operand<TFloat32> vectors(
            Ops tf,
            Function<GraphVariable<TFloat32>, Operand<TFloat32>> weights,
            Operand<TFloat32> embeddings,
            Operand<TFloat32> features) {
        return tf.math.add(
                embeddings,
                tf.linalg.matMul(content.of(tf, weights, features), weights.apply(adapter.get(0))));
    }

    /** Vectors of all rows, [V, width]. */
    public Operand<TFloat32> all(Ops tf) {
        if (adapter.isEmpty()) {
            return embedding.variable().read(tf);
        }
        Operand<TBool> compute = stale.read(tf);
        Operand<TFloat32> computed =
                content.isLearned() ? inChunks(tf, compute) : atOnce(tf, compute);
        Op keep = tf.assignVariableOp(branch(tf, kept.handle(), compute).outputTrue(), computed);
        Op fresh =
                tf.assignVariableOp(
                        branch(tf, stale.handle(), compute).outputTrue(), tf.constant(false));
        Operand<TFloat32> now = tf.withControlDependencies(keep, fresh).identity(computed);
        Operand<TFloat32> before =
                tf.readVariableOp(branch(tf, kept.handle(), compute).outputFalse(), TFloat32.class);
        return tf.merge(List.of(now, before)).output();
    }

    private Operand<TFloat32> atOnce(Ops tf, Operand<TBool> compute) {
        Operand<TFloat32> embeddings = readIf(tf, embedding.variable(), compute);
        Operand<TFloat32> features = readIf(tf, rows.features(), compute);
        return vectors(tf, variable -> readIf(tf, variable, compute), embeddings, features);
    }

    /** What text layers hold between their input and output would be too much for all rows. */
    private Operand<TFloat32> inChunks(Ops tf, Operand<TBool> compute) {
        List<GraphVariable<TFloat32>> dense = new ArrayList<>(adapter);
        content.layers().forEach(dense::addAll);
        var embeddings = branch(tf, embedding.variable().handle(), compute).outputTrue();
        var features = branch(tf, rows.features().handle(), compute).outputTrue();
        List<Operand<? extends TType>> given = new ArrayList<>(List.of(embeddings, features));
        dense.forEach(variable -> given.add(readIf(tf, variable, compute)));
        return new ChunkedRows(tf, "item_vectors_" + loops++)
                .compute(
                        branch(tf, tf.constant(0), compute).outputTrue(),
                        tf.gather(
                                tf.variableShape(embeddings, TInt32.class),
                                tf.constant(0),
                                tf.constant(0)),
                        width,
                        given,
                        (inner, in, some) ->
                                vectors(
                                        inner,
                                        variable ->
                                                ChunkedRows.typed(
                                                        in.get(2 + dense.indexOf(variable))),
                                        inner.resourceGather(in.get(0), some, TFloat32.class),
                                        inner.resourceGather(in.get(1), some, TFloat32.class)));
    }

    private static Operand<TFloat32> readIf(
            Ops tf, GraphVariable<TFloat32> variable, Operand<TBool> condition) {
        return tf.readVariableOp(
                branch(tf, variable.handle(), condition).outputTrue(), TFloat32.class);
    }

    private static <T extends TType> SwitchCond<T> branch(
            Ops tf, Operand<T> handle, Operand<TBool> condition) {
        return tf.switchCond(handle, condition);
    }
}
