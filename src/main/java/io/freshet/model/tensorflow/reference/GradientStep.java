package io.freshet.model.tensorflow.reference;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** One step of Adam down a clipped gradient, on the rows of a batch and the dense variables. */
final class GradientStep {

    /**
     * Rows that a step reads and writes.
     *
     * @param rows distinct rows whose embeddings are used, [U]
     * @param embeddings [U, width]
     * @param biasRows distinct rows whose biases are used, [S]
     * @param biases [S, 1]
     */
    record Touched(
            Operand<TInt32> rows,
            Operand<TFloat32> embeddings,
            Operand<TInt32> biasRows,
            Operand<TFloat32> biases) {}

    private final Ops tf;
    private final ReferenceGraph model;
    private final Touched touched;
    private final RateInputs rates;
    private final List<Operand<TFloat32>> head;
    private final List<Operand<TFloat32>> body;

    /**
     * @param dense the dense variables as the objectives read them
     */
    GradientStep(Ops tf, ReferenceGraph model, Touched touched, Weights dense, RateInputs rates) {
        this.tf = tf;
        this.model = model;
        this.touched = touched;
        this.rates = rates;
        head = dense.of(model.head());
        body = dense.of(model.bodyAdam().variables());
    }

    /** Descends on the sum of objectives, and returns the gradient's norm, known after the step. */
    Operand<TFloat32> down(List<Objective> objectives) {
        List<Operand<TFloat32>> gradients = gradients(objectives);
        int bias = 1 + head.size();
        int first = bias + 1;
        Operand<TFloat32> trained =
                tf.dtypes.cast(tf.math.greater(rates.body(), tf.constant(0f)), TFloat32.class);
        Operand<TFloat32> norm =
                tf.math.sqrt(
                        tf.math.add(
                                squares(gradients.subList(0, first)),
                                tf.math.mul(
                                        trained,
                                        squares(gradients.subList(first, gradients.size())))));
        Operand<TFloat32> scale =
                tf.math.div(rates.clipNorm(), tf.math.maximum(norm, rates.clipNorm()));
        List<Operand<TFloat32>> clipped = new ArrayList<>();
        gradients.forEach(each -> clipped.add(tf.math.mul(each, scale)));

        List<Op> updates = new ArrayList<>();
        updates.addAll(
                model.embeddingAdam()
                        .update(
                                tf,
                                touched.rows(),
                                touched.embeddings(),
                                clipped.get(0),
                                rates.head()));
        updates.addAll(
                model.biasAdam()
                        .update(
                                tf,
                                touched.biasRows(),
                                touched.biases(),
                                clipped.get(bias),
                                rates.head()));
        updates.addAll(model.headAdam().update(tf, clipped.subList(1, bias), rates.head()));
        updates.addAll(
                model.bodyAdam()
                        .update(
                                tf,
                                clipped.subList(first, clipped.size()),
                                rates.body(),
                                rates.layerDecay()));
        updates.add(model.vectors().invalidate(tf));
        return tf.withControlDependencies(updates).identity(norm);
    }

    /** Gradients of the embeddings, the dense head, the biases and the body, in this order. */
    private List<Operand<TFloat32>> gradients(List<Objective> objectives) {
        List<Operand<TFloat32>> sources = new ArrayList<>(List.of(touched.embeddings()));
        sources.addAll(head);
        sources.add(touched.biases());
        sources.addAll(body);
        List<Operand<TFloat32>> ends = new ArrayList<>();
        List<Operand<TFloat32>> seeds = new ArrayList<>();
        for (Objective objective : objectives) {
            ends.addAll(objective.ends());
            seeds.addAll(objective.gradients());
        }
        Gradients gradients = tf.gradients(ends, sources, Gradients.dx(seeds));
        List<Operand<TFloat32>> typed = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            Output<TFloat32> gradient = gradients.dy(i);
            typed.add(gradient);
        }
        return typed;
    }

    private Operand<TFloat32> squares(List<Operand<TFloat32>> gradients) {
        List<Operand<TFloat32>> halves = new ArrayList<>();
        gradients.forEach(each -> halves.add(tf.nn.l2Loss(each)));
        return tf.math.mul(tf.math.addN(halves), tf.constant(2f));
    }
}
