package io.freshet.model.tensorflow.reference;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Adam on the body: on the transformer at the given rate, and on the text encoder's layers, which
 * were trained before and on much more, at a tenth of it in the highest layer and less below
 * (Howard and Ruder, "Universal Language Model Fine-tuning for Text Classification", ACL 2018).
 */
final class BodyAdam {

    private static final float TEXT_SHARE = 0.1f;

    /** How much slower each layer of the text encoder learns than the one above it. */
    private static final float DECAY = 2.6f;

    /** Variables that learn at one share of the rate. */
    private record Group(List<GraphVariable<TFloat32>> variables, DenseAdam adam, float share) {}

    private final List<Group> groups = new ArrayList<>();

    BodyAdam(GraphVariables graph, FirstValues first, Transformer body, ItemContent content) {
        groups.add(group(graph, first, "body", body.variables(), 1));
        int layers = content.layers().size();
        for (int layer = 0; layer < layers; layer++) {
            float share = TEXT_SHARE * (float) Math.pow(DECAY, layer + 1 - layers);
            groups.add(group(graph, first, "text" + layer, content.layers().get(layer), share));
        }
    }

    private static Group group(
            GraphVariables graph,
            FirstValues first,
            String name,
            List<GraphVariable<TFloat32>> variables,
            float share) {
        return new Group(variables, new DenseAdam(graph, first, name, variables), share);
    }

    /** All variables of the body, in a fixed order. */
    List<GraphVariable<TFloat32>> variables() {
        return groups.stream().flatMap(group -> group.variables().stream()).toList();
    }

    /** One step; the gradients are in the order of {@link #variables}. */
    List<Op> update(Ops tf, List<Operand<TFloat32>> gradients, Operand<TFloat32> rate) {
        List<Op> updates = new ArrayList<>();
        int from = 0;
        for (Group group : groups) {
            int to = from + group.variables().size();
            Operand<TFloat32> own =
                    group.share() == 1 ? rate : tf.math.mul(rate, tf.constant(group.share()));
            updates.addAll(group.adam().update(tf, gradients.subList(from, to), own));
            from = to;
        }
        return updates;
    }
}
