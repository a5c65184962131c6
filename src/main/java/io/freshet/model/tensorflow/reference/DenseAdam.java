package io.freshet.model.tensorflow.reference;

import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015), with the SASRec
 * family's constants, on variables that every step touches whole. A learning rate of 0 freezes
 * them: weights, slots and clock stay as they are.
 */
public final class DenseAdam {

    static final float BETA1 = 0.9f;
    static final float BETA2 = 0.98f;
    static final float EPSILON = 1e-8f;

    private record Slots(
            GraphVariable<TFloat32> weight,
            GraphVariable<TFloat32> mean,
            GraphVariable<TFloat32> variance) {}

    private final List<Slots> slots = new ArrayList<>();
    private final GraphVariable<TFloat32> beta1Power;
    private final GraphVariable<TFloat32> beta2Power;

    DenseAdam(
            GraphVariables graph,
            Initializers first,
            String name,
            List<GraphVariable<TFloat32>> weights) {
        for (GraphVariable<TFloat32> weight : weights) {
            Shape shape = weight.shape();
            Operand<TFloat32> zeros = first.constant(0, shape.asArray());
            slots.add(
                    new Slots(
                            weight,
                            graph.add(weight.name() + "/adam_mean", TFloat32.class, shape, zeros),
                            graph.add(
                                    weight.name() + "/adam_variance",
                                    TFloat32.class,
                                    shape,
                                    zeros)));
        }
        beta1Power = power(graph, first, name + "/adam_beta1_power", BETA1);
        beta2Power = power(graph, first, name + "/adam_beta2_power", BETA2);
    }

    private static GraphVariable<TFloat32> power(
            GraphVariables graph, Initializers first, String name, float beta) {
        return graph.add(name, TFloat32.class, Shape.scalar(), first.constant(beta));
    }

    /** The weights with their slots, and the clocks. */
    public List<GraphVariable<TFloat32>> variables() {
        List<GraphVariable<TFloat32>> variables = new ArrayList<>();
        for (Slots each : slots) {
            variables.addAll(List.of(each.weight, each.mean, each.variance));
        }
        variables.addAll(List.of(beta1Power, beta2Power));
        return variables;
    }

    /** One step at one rate; the gradients are in the order of the weights. */
    public List<Op> update(Ops tf, List<Operand<TFloat32>> gradients, Operand<TFloat32> rate) {
        return update(tf, gradients, rate, Collections.nCopies(gradients.size(), rate));
    }

    /**
     * One step; gradients and rates are in the order of the weights.
     *
     * @param rate whether there is a step at all: 0 if all rates are, positive if all are
     */
    public List<Op> update(
            Ops tf,
            List<Operand<TFloat32>> gradients,
            Operand<TFloat32> rate,
            List<Operand<TFloat32>> rates) {
        Operand<TBool> trained = tf.math.greater(rate, tf.constant(0f));
        Operand<TFloat32> beta1 = tf.select(trained, tf.constant(BETA1), tf.constant(1f));
        Operand<TFloat32> beta2 = tf.select(trained, tf.constant(BETA2), tf.constant(1f));
        Operand<TFloat32> power1 = beta1Power.read(tf);
        Operand<TFloat32> power2 = beta2Power.read(tf);
        List<Op> updates = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            Slots each = slots.get(i);
            updates.add(
                    tf.train.resourceApplyAdam(
                            each.weight.handle(),
                            each.mean.handle(),
                            each.variance.handle(),
                            power1,
                            power2,
                            rates.get(i),
                            beta1,
                            beta2,
                            tf.constant(EPSILON),
                            gradients.get(i)));
        }
        Ops after = tf.withControlDependencies(updates);
        return List.of(
                beta1Power.assign(after, after.math.mul(power1, beta1)),
                beta2Power.assign(after, after.math.mul(power2, beta2)));
    }
}
