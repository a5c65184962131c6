package io.freshet.model.tensorflow.reference;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Unique;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * The {@code train} signature: one step on a sampled softmax with logQ correction, which reads and
 * writes the item rows of its batch and no others.
 */
final class TrainingGraph {

    private static final float MASKED = -1e9f;

    private final Ops tf;
    private final ReferenceGraph model;
    private final GraphSignature signature;
    private final Operand<TInt32> items;
    private final Operand<TInt32> positions;
    private final Operand<TInt32> labels;
    private final Operand<TInt32> candidates;
    private final Operand<TFloat32> logQ;
    private final Operand<TFloat32> weights;
    private final Operand<TFloat32> headRate;
    private final Operand<TFloat32> bodyRate;
    private final Operand<TFloat32> clipNorm;
    private final Operand<TInt64> seed;

    private TrainingGraph(Ops tf, ReferenceGraph model) {
        this.tf = tf;
        this.model = model;
        signature = new GraphSignature(tf);
        items = signature.input("items", TInt32.class, -1, -1);
        positions = signature.input("positions", TInt32.class, -1);
        labels = signature.input("labels", TInt32.class, -1);
        candidates = signature.input("candidates", TInt32.class, -1);
        logQ = signature.input("log_q", TFloat32.class, -1);
        weights = signature.input("weights", TFloat32.class, -1);
        headRate = signature.input("head_rate", TFloat32.class);
        bodyRate = signature.input("body_rate", TFloat32.class);
        clipNorm = signature.input("clip_norm", TFloat32.class);
        seed = signature.input("seed", TInt64.class, 2);
    }

    static SignatureDef author(Ops tf, ReferenceGraph model) {
        return new TrainingGraph(tf, model).author();
    }

    private SignatureDef author() {
        Operand<TInt32> flat = tf.reshape(items, tf.constant(new int[] {-1}));
        Unique<TInt32, TInt32> rows =
                tf.unique(
                        tf.concat(List.of(flat, candidates), tf.constant(0)),
                        tf.constant(new int[] {0}));
        Operand<TFloat32> embeddings = model.vectors().embedding().variable().gather(tf, rows.y());
        Operand<TFloat32> biases = model.bias().variable().gather(tf, candidates);
        Weights dense = new Weights(tf);
        Operand<TFloat32> vectors = model.vectors().of(tf, dense, rows.y(), embeddings);

        Operand<TInt32> count = tf.size(flat);
        Operand<TInt32> zero = tf.constant(new int[] {0});
        Operand<TInt32> split = tf.expandDims(count, tf.constant(0));
        Operand<TInt32> ofItems = tf.slice(rows.idx(), zero, split);
        Operand<TInt32> ofCandidates = tf.slice(rows.idx(), split, tf.constant(new int[] {-1}));
        Operand<TFloat32> hidden =
                model.hidden(
                        tf,
                        dense,
                        items,
                        take(vectors, ofItems),
                        Dropout.of(model.spec().dropout(), seed));
        SampledSoftmax softmax =
                SampledSoftmax.of(
                        tf,
                        take(hidden, positions),
                        take(vectors, ofCandidates),
                        column(biases),
                        labels,
                        weights);
        descend(softmax, rows.y(), embeddings, biases, dense);
        return signature.definition();
    }

    /** What is added to each candidate's logits: its bias, and the correction; [C]. */
    private Operand<TFloat32> column(Operand<TFloat32> biases) {
        Operand<TFloat32> padding =
                tf.select(
                        tf.math.greater(candidates, tf.constant(0)),
                        tf.constant(0f),
                        tf.constant(MASKED));
        return tf.math.add(
                tf.reshape(biases, tf.constant(new int[] {-1})), tf.math.sub(padding, logQ));
    }

    private void descend(
            SampledSoftmax softmax,
            Operand<TInt32> rows,
            Operand<TFloat32> embeddings,
            Operand<TFloat32> biases,
            Weights dense) {
        List<Operand<TFloat32>> adapter = dense.of(model.vectors().adapter());
        List<Operand<TFloat32>> body = dense.of(model.bodyAdam().variables());
        List<Operand<TFloat32>> sources = new ArrayList<>(List.of(embeddings));
        sources.addAll(adapter);
        sources.addAll(body);
        List<Operand<TFloat32>> gradients = gradients(softmax, sources);
        int head = 1 + adapter.size();
        List<Operand<TFloat32>> headGradients = new ArrayList<>(gradients.subList(0, head));
        headGradients.add(softmax.biasGradient());

        Operand<TFloat32> trained =
                tf.dtypes.cast(tf.math.greater(bodyRate, tf.constant(0f)), TFloat32.class);
        Operand<TFloat32> norm =
                tf.math.sqrt(
                        tf.math.add(
                                squares(headGradients),
                                tf.math.mul(
                                        trained,
                                        squares(gradients.subList(head, gradients.size())))));
        Operand<TFloat32> scale = tf.math.div(clipNorm, tf.math.maximum(norm, clipNorm));
        List<Operand<TFloat32>> clipped = new ArrayList<>();
        gradients.forEach(each -> clipped.add(tf.math.mul(each, scale)));
        Operand<TFloat32> clippedBias = tf.math.mul(softmax.biasGradient(), scale);

        List<Op> updates = new ArrayList<>();
        updates.addAll(
                model.embeddingAdam().update(tf, rows, embeddings, clipped.get(0), headRate));
        updates.addAll(model.biasAdam().update(tf, candidates, biases, clippedBias, headRate));
        updates.addAll(model.adapterAdam().update(tf, clipped.subList(1, head), headRate));
        updates.addAll(
                model.bodyAdam().update(tf, clipped.subList(head, clipped.size()), bodyRate));
        updates.add(model.vectors().invalidate(tf));
        Ops after = tf.withControlDependencies(updates);
        signature.output("loss", after.identity(softmax.loss()));
        signature.output("gradient_norm", after.identity(norm));
    }

    private List<Operand<TFloat32>> gradients(
            SampledSoftmax softmax, List<Operand<TFloat32>> sources) {
        Gradients gradients =
                tf.gradients(
                        List.of(softmax.states(), softmax.vectors()),
                        sources,
                        Gradients.dx(List.of(softmax.stateGradient(), softmax.vectorGradient())));
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

    private Operand<TFloat32> take(Operand<TFloat32> matrix, Operand<TInt32> rows) {
        return tf.gather(matrix, rows, tf.constant(0));
    }
}
