package io.freshet.model.tensorflow.reference;

import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * From an item's frozen features to its content, which the adapter maps: the same, but for the
 * text's part if the model has layers of the text encoder.
 */
final class ItemContent {

    private final @Nullable TextLayers text;
    private final Map<String, GraphVariable<TFloat32>> weights = new LinkedHashMap<>();
    private final List<List<GraphVariable<TFloat32>>> layers = new ArrayList<>();
    private final int width;

    /**
     * @param featureWidth width of the frozen features
     * @param text layers that are trained with the model, null for none
     */
    ItemContent(GraphVariables graph, int featureWidth, @Nullable TextLayers text) {
        this.text = text;
        width = text == null ? featureWidth : featureWidth - text.inputWidth() + text.width();
        if (text != null) {
            text.layers().forEach(layer -> layers.add(variables(graph, layer)));
        }
    }

    private List<GraphVariable<TFloat32>> variables(
            GraphVariables graph, List<TextLayers.Parameter> layer) {
        List<GraphVariable<TFloat32>> variables = new ArrayList<>();
        for (TextLayers.Parameter each : layer) {
            GraphVariable<TFloat32> variable =
                    graph.addGiven("text/" + each.name(), each.shape(), each.pretrained());
            weights.put(each.name(), variable);
            variables.add(variable);
        }
        return variables;
    }

    /** Width of the content, 0 for none. */
    int width() {
        return width;
    }

    /** Whether content is computed and not only looked up. */
    boolean isLearned() {
        return text != null;
    }

    /** The variables of each of the text's layers, the lowest first. */
    List<List<GraphVariable<TFloat32>>> layers() {
        return layers;
    }

    /**
     * The content of some items.
     *
     * @param values of the layers' variables
     * @param features [R, feature width]
     * @return [R, {@link #width}]
     */
    Operand<TFloat32> of(
            Ops tf,
            Function<GraphVariable<TFloat32>, Operand<TFloat32>> values,
            Operand<TFloat32> features) {
        if (text == null) {
            return features;
        }
        Operand<TFloat32> read = columns(tf, features, 0, text.inputWidth());
        Operand<TFloat32> others = columns(tf, features, text.inputWidth(), -1);
        Operand<TFloat32> vectors =
                text.apply(
                        tf, name -> values.apply(Objects.requireNonNull(weights.get(name))), read);
        return tf.concat(List.of(vectors, others), tf.constant(1));
    }

    private static Operand<TFloat32> columns(
            Ops tf, Operand<TFloat32> matrix, int from, int count) {
        return tf.slice(
                matrix, tf.constant(new int[] {0, from}), tf.constant(new int[] {-1, count}));
    }
}
