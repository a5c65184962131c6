package io.freshet.model.tensorflow.reference;

import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Item vectors: a learned embedding, plus a linear adapter over the item's frozen content vector
 * where there is one. The vector is a row of parts, one for each modality, and the adapter's matrix
 * one below the other what maps each of them; a part that an item lacks is zero and adds nothing.
 */
public final class ItemVectors {

    private final ItemVariables rows;
    private final ItemContent content;
    private final int width;
    private final ItemVariables.Matrix embedding;
    private final List<GraphVariable<TFloat32>> adapter = new ArrayList<>();

    ItemVectors(
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
    }

    /** Numbers of a vector. */
    int width() {
        return width;
    }

    public ItemVariables.Matrix embedding() {
        return embedding;
    }

    /** The adapter's variable, or none. */
    public List<GraphVariable<TFloat32>> adapter() {
        return adapter;
    }

    /** All dense variables that vectors depend on. */
    List<GraphVariable<TFloat32>> dense() {
        List<GraphVariable<TFloat32>> dense = new ArrayList<>(adapter);
        content.layers().forEach(dense::addAll);
        return dense;
    }

    /** Whether a vector is much more work than a product with the adapter. */
    boolean areDeep() {
        return content.isLearned();
    }

    /** Vectors of some rows from their embeddings. */
    public Operand<TFloat32> of(
            Ops tf, Weights weights, Operand<TInt32> some, Operand<TFloat32> embeddings) {
        return of(tf, weights::of, embeddings, rows.features().gather(tf, some));
    }

    /**
     * Vectors from embeddings and features.
     *
     * @param weights values of the {@link #dense} variables
     */
    Operand<TFloat32> of(
            Ops tf,
            Function<GraphVariable<TFloat32>, Operand<TFloat32>> weights,
            Operand<TFloat32> embeddings,
            Operand<TFloat32> features) {
        if (adapter.isEmpty()) {
            return embeddings;
        }
        return tf.math.add(
                embeddings,
                tf.linalg.matMul(content.of(tf, weights, features), weights.apply(adapter.get(0))));
    }
}
