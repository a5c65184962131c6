package io.freshet.model.tensorflow.reference;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Adam on the body: on the transformer, and on the text encoder's layers, which were trained before
 * and on much more and therefore learn slower.
 */
final class BodyAdam {

    /** Rate of the text encoder's topmost layer, as a share of the body's. */
    private static final float TEXT_SHARE = 0.1f;

    private final Transformer transformer;
    private final ItemContent content;
    private final List<GraphVariable<TFloat32>> variables;
    private final DenseAdam adam;

    BodyAdam(
            GraphVariables graph, FirstValues first, Transformer transformer, ItemContent content) {
        this.transformer = transformer;
        this.content = content;
        variables = new ArrayList<>(transformer.variables());
        content.layers().forEach(variables::addAll);
        adam = new DenseAdam(graph, first, "body", variables);
    }

    /** All variables of the body, in a fixed order. */
    List<GraphVariable<TFloat32>> variables() {
        return variables;
    }

    /** The weights with their slots, and the clocks. */
    List<GraphVariable<TFloat32>> slots() {
        return adam.variables();
    }

    /**
     * One step; the gradients are in the order of {@link #variables}.
     *
     * @param rate of the topmost block; 0 freezes all
     * @param decay what the rate is multiplied by from each layer to the one below it
     */
    List<Op> update(
            Ops tf,
            List<Operand<TFloat32>> gradients,
            Operand<TFloat32> rate,
            Operand<TFloat32> decay) {
        List<Operand<TFloat32>> rates = new ArrayList<>(transformer.rates(tf, rate, decay));
        rates.addAll(textRates(tf, rate, decay));
        return adam.update(tf, gradients, rate, rates);
    }

    private List<Operand<TFloat32>> textRates(
            Ops tf, Operand<TFloat32> rate, Operand<TFloat32> decay) {
        List<Operand<TFloat32>> rates = new ArrayList<>();
        int layers = content.layers().size();
        for (int layer = 0; layer < layers; layer++) {
            Operand<TFloat32> depth = tf.constant((float) (layers - 1 - layer));
            Operand<TFloat32> own =
                    tf.math.mul(
                            tf.math.mul(rate, tf.constant(TEXT_SHARE)), tf.math.pow(decay, depth));
            content.layers().get(layer).forEach(variable -> rates.add(own));
        }
        return rates;
    }
}
