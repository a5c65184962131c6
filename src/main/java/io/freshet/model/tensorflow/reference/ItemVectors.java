package io.freshet.model.tensorflow.reference;

import java.util.ArrayList;
import java.util.List;
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
final class ItemVectors {

    private final int featureWidth;
    private final ItemRows rows;
    private final GrowingMatrix embedding;
    private final List<GraphVariable<TFloat32>> adapter = new ArrayList<>();
    private final GraphVariable<TFloat32> kept;
    private final GraphVariable<TBool> stale;

    ItemVectors(
            Ops tf,
            GraphVariables graph,
            FirstValues first,
            ItemRows rows,
            int width,
            int featureWidth) {
        this.rows = rows;
        this.featureWidth = featureWidth;
        embedding = rows.embedding("items/embedding", width);
        if (featureWidth > 0) {
            adapter.add(
                    graph.add(
                            "head/adapter",
                            TFloat32.class,
                            Shape.of(featureWidth, width),
                            first.embedding(featureWidth, width)));
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

    GrowingMatrix embedding() {
        return embedding;
    }

    /** The adapter's variable, or none. */
    List<GraphVariable<TFloat32>> adapter() {
        return adapter;
    }

    /** Says that some vectors changed. */
    Op invalidate(Ops tf) {
        return stale.assign(tf, tf.constant(true));
    }

    /** Vectors of some rows from their embeddings. */
    Operand<TFloat32> of(
            Ops tf, Weights weights, Operand<TInt32> some, Operand<TFloat32> embeddings) {
        if (featureWidth == 0) {
            return embeddings;
        }
        return tf.math.add(
                embeddings,
                tf.linalg.matMul(rows.features().gather(tf, some), weights.of(adapter.get(0))));
    }

    /** Vectors of all rows, [V, width]. */
    Operand<TFloat32> all(Ops tf) {
        if (featureWidth == 0) {
            return embedding.variable().read(tf);
        }
        Operand<TBool> compute = stale.read(tf);
        Operand<TFloat32> embeddings = readIf(tf, embedding.variable(), compute);
        Operand<TFloat32> content = readIf(tf, rows.features(), compute);
        Operand<TFloat32> kernel = readIf(tf, adapter.get(0), compute);
        Operand<TFloat32> computed = tf.math.add(embeddings, tf.linalg.matMul(content, kernel));
        Op keep = tf.assignVariableOp(branch(tf, kept.handle(), compute).outputTrue(), computed);
        Op fresh =
                tf.assignVariableOp(
                        branch(tf, stale.handle(), compute).outputTrue(), tf.constant(false));
        Operand<TFloat32> now = tf.withControlDependencies(keep, fresh).identity(computed);
        Operand<TFloat32> before =
                tf.readVariableOp(branch(tf, kept.handle(), compute).outputFalse(), TFloat32.class);
        return tf.merge(List.of(now, before)).output();
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
