package io.freshet.model.tensorflow.reference.signature;

import io.freshet.model.tensorflow.reference.ReferenceModel;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
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

    /**
     * Inputs of a step that say how far it goes; all are scalars.
     *
     * @param head learning rate of item rows, adapters and biases
     * @param body learning rate of the body's topmost layer; 0 freezes the body
     * @param layerDecay what the body's rate is multiplied by from each layer to the one below it
     * @param clipNorm the gradient's global norm is clipped to this
     */
    record Rates(
            Operand<TFloat32> head,
            Operand<TFloat32> body,
            Operand<TFloat32> layerDecay,
            Operand<TFloat32> clipNorm) {

        static Rates of(GraphSignature signature) {
            return new Rates(
                    signature.input("head_rate", TFloat32.class),
                    signature.input("body_rate", TFloat32.class),
                    signature.input("layer_decay", TFloat32.class),
                    signature.input("clip_norm", TFloat32.class));
        }
    }

    private final Ops tf;
    private final ReferenceModel model;
    private final Touched touched;
    private final Rates rates;
    private final List<Operand<TFloat32>> head;
    private final List<Operand<TFloat32>> body;

    /**
     * @param dense the dense variables as the objectives read them
     */
    GradientStep(Ops tf, ReferenceModel model, Touched touched, Weights dense, Rates rates) {
        this.tf = tf;
        this.model = model;
        this.touched = touched;
        this.rates = rates;
        head = dense.of(model.head());
        body = dense.of(model.body());
    }

    /** Descends on the sum of objectives, and returns the gradient's norm, given after the step. */
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
                                model.bodyRates(tf, rates.body(), rates.layerDecay())));
        updates.add(model.scoring().invalidate(tf));
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
