package io.freshet.model.tensorflow.reference.signature;

import io.freshet.model.tensorflow.reference.Dropout;
import io.freshet.model.tensorflow.reference.ReferenceModel;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Unique;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * The {@code train} and {@code distill} signatures: one step on the model's loss, and on a lesson
 * beside it, which reads and writes the item rows of its batch and no others.
 */
final class TrainingGraph {

    /**
     * Inputs of a step with distillation from a teacher.
     *
     * @param positions flat indexes of taught positions, [P]
     * @param rows distinct rows that the teacher scored, [D]
     * @param logQ [D]
     * @param taught the teacher's probabilities, [P, D]
     * @param weight what a taught position's divergence counts beside its loss, scalar
     */
    private record LessonInputs(
            Operand<TInt32> positions,
            Operand<TInt32> rows,
            Operand<TFloat32> logQ,
            Operand<TFloat32> taught,
            Operand<TFloat32> weight) {

        static LessonInputs of(GraphSignature signature) {
            return new LessonInputs(
                    signature.input("taught_positions", TInt32.class, -1),
                    signature.input("taught_rows", TInt32.class, -1),
                    signature.input("taught_log_q", TFloat32.class, -1),
                    signature.input("taught", TFloat32.class, -1, -1),
                    signature.input("distillation", TFloat32.class));
        }
    }

    private final Ops tf;
    private final ReferenceModel model;
    private final GraphSignature signature;
    private final Operand<TInt32> items;
    private final Operand<TInt32> positions;
    private final Operand<TInt32> labels;
    private final Operand<TInt32> candidates;
    private final Operand<TFloat32> logQ;
    private final Operand<TFloat32> weights;
    private final GradientStep.Rates rates;
    private final Operand<TInt64> seed;
    private final Weights dense;

    private TrainingGraph(Ops tf, ReferenceModel model) {
        this.tf = tf;
        this.model = model;
        signature = new GraphSignature(tf);
        items = signature.input("items", TInt32.class, -1, -1);
        positions = signature.input("positions", TInt32.class, -1);
        labels = signature.input("labels", TInt32.class, -1);
        candidates = signature.input("candidates", TInt32.class, -1);
        logQ = signature.input("log_q", TFloat32.class, -1);
        weights = signature.input("weights", TFloat32.class, -1);
        rates = GradientStep.Rates.of(signature);
        seed = signature.input("seed", TInt64.class, 2);
        dense = new Weights(tf);
    }

    /** The signature of a step on the loss alone. */
    static SignatureDef train(Ops tf, ReferenceModel model) {
        return new TrainingGraph(tf, model).author(null);
    }

    /** The signature of a step on the loss and a lesson. */
    static SignatureDef distill(Ops tf, ReferenceModel model) {
        TrainingGraph graph = new TrainingGraph(tf, model);
        return graph.author(LessonInputs.of(graph.signature));
    }

    private SignatureDef author(@Nullable LessonInputs lesson) {
        Operand<TInt32> flat = tf.reshape(items, tf.constant(new int[] {-1}));
        Operand<TInt32> scored =
                lesson == null
                        ? candidates
                        : tf.concat(List.of(candidates, lesson.rows()), tf.constant(0));
        Unique<TInt32, TInt32> rows = distinct(tf.concat(List.of(flat, scored), tf.constant(0)));
        Unique<TInt32, TInt32> biasRows = distinct(scored);
        Operand<TFloat32> embeddings = model.vectors().embedding().variable().gather(tf, rows.y());
        Operand<TFloat32> biases = model.bias().variable().gather(tf, biasRows.y());
        Operand<TFloat32> vectors = model.vectors().of(tf, dense, rows.y(), embeddings);

        Operand<TInt32> none = tf.constant(0);
        Operand<TInt32> ofItems = tf.size(flat);
        Operand<TInt32> ofCandidates = tf.size(candidates);
        Operand<TInt32> ofPositions = tf.size(positions);
        Operand<TFloat32> hidden =
                model.hidden(
                        tf,
                        dense,
                        items,
                        take(vectors, part(rows.idx(), none, ofItems)),
                        lesson == null
                                ? positions
                                : tf.concat(List.of(positions, lesson.positions()), tf.constant(0)),
                        Dropout.of(model.spec().dropout(), seed));
        Candidates drawn =
                new Candidates(
                        candidates,
                        logQ,
                        take(vectors, part(rows.idx(), ofItems, ofCandidates)),
                        flat(take(biases, part(biasRows.idx(), none, ofCandidates))));
        List<Objective> objectives =
                new ArrayList<>(List.of(loss(upTo(hidden, ofPositions), drawn)));
        if (lesson != null) {
            Operand<TInt32> rest = tf.constant(-1);
            Candidates sample =
                    new Candidates(
                            lesson.rows(),
                            lesson.logQ(),
                            take(
                                    vectors,
                                    part(rows.idx(), tf.math.add(ofItems, ofCandidates), rest)),
                            flat(take(biases, part(biasRows.idx(), ofCandidates, rest))));
            objectives.add(
                    Objective.distillation(
                            tf,
                            from(hidden, ofPositions),
                            sample,
                            lesson.taught(),
                            tf.math.divNoNan(lesson.weight(), all(weights))));
        }
        answer(objectives, new GradientStep.Touched(rows.y(), embeddings, biasRows.y(), biases));
        return signature.definition();
    }

    private Objective loss(Operand<TFloat32> states, Candidates drawn) {
        return switch (model.spec().loss()) {
            case SAMPLED_SOFTMAX -> Objective.sampledSoftmax(tf, states, drawn, labels, shares());
            case BINARY_CROSS_ENTROPY ->
                    Objective.binaryCrossEntropy(tf, states, drawn, labels, shares());
            case MEAN_SQUARED_ERROR ->
                    Objective.squaredError(
                            tf,
                            model.ratings().predict(tf, dense, drawn.logits(tf, states, labels)),
                            signature.input("ratings", TFloat32.class, -1),
                            weights);
        };
    }

    private void answer(List<Objective> objectives, GradientStep.Touched touched) {
        Operand<TFloat32> norm =
                new GradientStep(tf, model, touched, dense, rates).down(objectives);
        List<Operand<TFloat32>> values = new ArrayList<>();
        objectives.forEach(objective -> values.add(objective.value()));
        signature.output("loss", tf.withControlDependencies(norm).identity(tf.math.addN(values)));
        signature.output("gradient_norm", norm);
    }

    /** What each position is of the whole weight, [M]. */
    private Operand<TFloat32> shares() {
        return tf.math.divNoNan(weights, all(weights));
    }

    private Operand<TFloat32> all(Operand<TFloat32> vector) {
        return tf.reduceSum(vector, tf.constant(0));
    }

    private Unique<TInt32, TInt32> distinct(Operand<TInt32> rows) {
        return tf.unique(rows, tf.constant(new int[] {0}));
    }

    private Operand<TInt32> part(
            Operand<TInt32> vector, Operand<TInt32> start, Operand<TInt32> count) {
        Operand<TInt32> first = tf.constant(0);
        return tf.slice(vector, tf.expandDims(start, first), tf.expandDims(count, first));
    }

    private Operand<TFloat32> upTo(Operand<TFloat32> matrix, Operand<TInt32> end) {
        return tf.slice(
                matrix, tf.constant(new int[] {0, 0}), tf.stack(List.of(end, tf.constant(-1))));
    }

    private Operand<TFloat32> from(Operand<TFloat32> matrix, Operand<TInt32> start) {
        return tf.slice(
                matrix, tf.stack(List.of(start, tf.constant(0))), tf.constant(new int[] {-1, -1}));
    }

    private Operand<TFloat32> take(Operand<TFloat32> matrix, Operand<TInt32> rows) {
        return tf.gather(matrix, rows, tf.constant(0));
    }

    private Operand<TFloat32> flat(Operand<TFloat32> column) {
        return tf.reshape(column, tf.constant(new int[] {-1}));
    }
}
