package io.freshet.model.tensorflow.reference.signature;

import io.freshet.model.Loss;
import io.freshet.model.tensorflow.reference.ReferenceModel;
import io.freshet.model.tensorflow.reference.SequenceInputs;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import io.freshet.model.tensorflow.reference.body.Dropout;
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
 * The {@code train} and {@code distill} signatures: one step on the model's loss and on what users
 * rejected, and on a lesson beside it, which reads and writes the item rows of its batch and no
 * others.
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

    /**
     * Inputs of what users rejected.
     *
     * @param positions flat indexes of the positions before the rejections, [N]
     * @param rows of the rejected items, [N]
     * @param weight what a rejection counts beside a target, scalar
     */
    private record RejectionInputs(
            Operand<TInt32> positions, Operand<TInt32> rows, Operand<TFloat32> weight) {

        static RejectionInputs of(GraphSignature signature) {
            return new RejectionInputs(
                    signature.input("rejected_positions", TInt32.class, -1),
                    signature.input("rejected_rows", TInt32.class, -1),
                    signature.input("rejection", TFloat32.class));
        }
    }

    private final Ops tf;
    private final ReferenceModel model;
    private final GraphSignature signature;
    private final SequenceInputs sequences;
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
        sequences = SequenceInputs.of(signature, model.spec());
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
        @Nullable RejectionInputs rejections =
                model.spec().loss() == Loss.SAMPLED_SOFTMAX ? RejectionInputs.of(signature) : null;
        List<Operand<TInt32>> rows = new ArrayList<>(List.of(candidates));
        List<Operand<TInt32>> states = new ArrayList<>(List.of(positions));
        if (lesson != null) {
            rows.add(lesson.rows());
            states.add(lesson.positions());
        }
        if (rejections != null) {
            rows.add(rejections.rows());
            states.add(rejections.positions());
        }
        Scored scored = new Scored(joined(rows));
        Operand<TFloat32> hidden =
                model.hidden(
                        tf,
                        dense,
                        sequences,
                        scored.vectorsOfItems(),
                        joined(states),
                        Dropout.of(model.spec().dropout(), seed));

        Operand<TInt32> ofCandidates = tf.size(candidates);
        Operand<TInt32> ofPositions = tf.size(positions);
        Candidates drawn = scored.at(tf.constant(0), candidates, logQ);
        List<Objective> objectives =
                new ArrayList<>(List.of(loss(rows(hidden, tf.constant(0), ofPositions), drawn)));
        Operand<TInt32> rowsBefore = ofCandidates;
        Operand<TInt32> statesBefore = ofPositions;
        if (lesson != null) {
            Operand<TInt32> taught = tf.size(lesson.positions());
            objectives.add(
                    Objective.distillation(
                            tf,
                            rows(hidden, statesBefore, taught),
                            scored.at(rowsBefore, lesson.rows(), lesson.logQ()),
                            lesson.taught(),
                            tf.math.divNoNan(lesson.weight(), all(weights))));
            rowsBefore = tf.math.add(rowsBefore, tf.size(lesson.rows()));
            statesBefore = tf.math.add(statesBefore, taught);
        }
        if (rejections != null) {
            objectives.add(
                    Objective.rejections(
                            tf,
                            rows(hidden, statesBefore, tf.size(rejections.positions())),
                            drawn,
                            scored.at(rowsBefore, rejections.rows(), tf.constant(0f)),
                            tf.math.divNoNan(rejections.weight(), all(weights))));
        }
        answer(objectives, scored.touched());
        return signature.definition();
    }

    /** The rows of a step, each read once: those of the items, and those that are scored. */
    private final class Scored {

        private final Operand<TInt32> ofItems;
        private final Unique<TInt32, TInt32> rows;
        private final Unique<TInt32, TInt32> biasRows;
        private final Operand<TFloat32> embeddings;
        private final Operand<TFloat32> biases;
        private final Operand<TFloat32> vectors;

        Scored(Operand<TInt32> scored) {
            Operand<TInt32> flat = tf.reshape(sequences.items(), tf.constant(new int[] {-1}));
            ofItems = tf.size(flat);
            rows = distinct(joined(List.of(flat, scored)));
            biasRows = distinct(scored);
            embeddings = model.vectors().embedding().variable().gather(tf, rows.y());
            biases = model.bias().variable().gather(tf, biasRows.y());
            vectors = model.vectors().of(tf, dense, rows.y(), embeddings);
        }

        /** Vectors of the items, [B·T, width]. */
        Operand<TFloat32> vectorsOfItems() {
            return take(vectors, part(rows.idx(), tf.constant(0), ofItems));
        }

        /**
         * Some of the scored rows.
         *
         * @param start index of the first of them among all that are scored
         */
        Candidates at(Operand<TInt32> start, Operand<TInt32> some, Operand<TFloat32> correction) {
            Operand<TInt32> count = tf.size(some);
            return new Candidates(
                    some,
                    correction,
                    take(vectors, part(rows.idx(), tf.math.add(ofItems, start), count)),
                    flat(take(biases, part(biasRows.idx(), start, count))));
        }

        GradientStep.Touched touched() {
            return new GradientStep.Touched(rows.y(), embeddings, biasRows.y(), biases);
        }
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

    private Operand<TInt32> joined(List<Operand<TInt32>> vectors) {
        return vectors.size() == 1 ? vectors.get(0) : tf.concat(vectors, tf.constant(0));
    }

    private Operand<TFloat32> rows(
            Operand<TFloat32> matrix, Operand<TInt32> start, Operand<TInt32> count) {
        return tf.slice(
                matrix,
                tf.stack(List.of(start, tf.constant(0))),
                tf.stack(List.of(count, tf.constant(-1))));
    }

    private Operand<TFloat32> take(Operand<TFloat32> matrix, Operand<TInt32> rows) {
        return tf.gather(matrix, rows, tf.constant(0));
    }

    private Operand<TFloat32> flat(Operand<TFloat32> column) {
        return tf.reshape(column, tf.constant(new int[] {-1}));
    }
}
