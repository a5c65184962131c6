package io.freshet.model.tensorflow.reference.signature;

import io.freshet.model.tensorflow.reference.Dropout;
import io.freshet.model.tensorflow.reference.ReferenceModel;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Max;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * The {@code serving_default} and {@code evaluate} signatures, scores over all live rows, and
 * {@code teach}, scores over some.
 */
final class ScoringGraph {

    private static final float MASKED = -1e9f;
    private static final float UNREACHED = -1e8f;

    private final Ops tf;
    private final ReferenceModel model;

    ScoringGraph(Ops tf, ReferenceModel model) {
        this.tf = tf;
        this.model = model;
    }

    SignatureDef serve() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> items = signature.input("items", TInt32.class, -1, -1);
        Operand<TInt32> candidates = signature.input("candidates", TInt32.class, -1, -1);
        Operand<TInt32> top = signature.input("top", TInt32.class);

        Operand<TFloat32> scores =
                tf.nn.logSoftmax(logits(items, lastPositions(items), new Weights(tf)));
        TopK<TFloat32, TInt32> best = tf.nn.topK(scores, top, TInt32.class);
        Operand<TBool> reached = tf.math.greater(best.values(), tf.constant(UNREACHED));
        Operand<TInt32> bestRows = tf.select(reached, best.indices(), tf.constant(0));
        Operand<TFloat32> asked = each(scores, candidates);
        Operand<TFloat32> askedScores =
                tf.select(tf.math.greater(candidates, tf.constant(0)), asked, tf.constant(0f));
        signature.output("top_rows", bestRows);
        signature.output("top_item_ids", model.rows().ids().gather(tf, bestRows));
        signature.output("top_scores", best.values());
        signature.output("candidate_scores", askedScores);
        return signature.definition();
    }

    SignatureDef evaluate() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> items = signature.input("items", TInt32.class, -1, -1);
        Operand<TInt32> positions = signature.input("positions", TInt32.class, -1);
        Operand<TInt32> targets = signature.input("targets", TInt32.class, -1);

        Weights dense = new Weights(tf);
        Operand<TFloat32> logits = logits(items, positions, dense);
        Operand<TInt32> column = tf.expandDims(targets, tf.constant(1));
        Operand<TFloat32> target = each(logits, column);
        Operand<TInt32> ranks =
                tf.reduceSum(
                        tf.dtypes.cast(tf.math.greaterEqual(logits, target), TInt32.class),
                        tf.constant(1));
        Operand<TFloat32> losses =
                tf.reshape(tf.math.sub(logSumExp(logits), target), tf.constant(new int[] {-1}));
        signature.output("ranks", ranks);
        signature.output("losses", losses);
        if (model.predictsRatings()) {
            Operand<TFloat32> flat = tf.reshape(target, tf.constant(new int[] {-1}));
            signature.output("ratings", model.ratings().predict(tf, dense, flat));
        }
        return signature.definition();
    }

    SignatureDef teach() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> items = signature.input("items", TInt32.class, -1, -1);
        Operand<TInt32> positions = signature.input("positions", TInt32.class, -1);
        Operand<TInt32> rows = signature.input("rows", TInt32.class, -1);
        Operand<TFloat32> logQ = signature.input("log_q", TFloat32.class, -1);

        Operand<TFloat32> vectors = model.vectors().all(tf);
        Candidates sample =
                new Candidates(
                        rows,
                        logQ,
                        tf.gather(vectors, rows, tf.constant(0)),
                        tf.reshape(
                                model.bias().variable().gather(tf, rows),
                                tf.constant(new int[] {-1})));
        signature.output(
                "probabilities",
                sample.probabilities(tf, states(items, positions, vectors, new Weights(tf))));
        return signature.definition();
    }

    /** What a row of numbers has at each of a row of columns; cheaper than a batched gather. */
    private Operand<TFloat32> each(Operand<TFloat32> numbers, Operand<TInt32> columns) {
        Operand<TInt64> shape = tf.shape(numbers, TInt64.class);
        Operand<TInt64> width = tf.gather(shape, tf.constant(1), tf.constant(0));
        Operand<TInt64> starts = tf.range(tf.constant(0L), tf.size(numbers, TInt64.class), width);
        return tf.gather(
                tf.reshape(numbers, tf.constant(new int[] {-1})),
                tf.math.add(
                        tf.dtypes.cast(columns, TInt64.class),
                        tf.expandDims(starts, tf.constant(1))),
                tf.constant(0));
    }

    /** Flat index of the last item of each sequence; of the first column where there is none. */
    private Operand<TInt32> lastPositions(Operand<TInt32> items) {
        Operand<TInt32> shape = tf.shape(items);
        Operand<TInt32> batch = tf.gather(shape, tf.constant(0), tf.constant(0));
        Operand<TInt32> length = tf.gather(shape, tf.constant(1), tf.constant(0));
        Operand<TInt32> used =
                tf.reduceSum(
                        tf.dtypes.cast(tf.math.greater(items, tf.constant(0)), TInt32.class),
                        tf.constant(1));
        Operand<TInt32> starts =
                tf.math.mul(tf.range(tf.constant(0), batch, tf.constant(1)), length);
        return tf.math.add(
                starts, tf.math.maximum(tf.math.sub(used, tf.constant(1)), tf.constant(0)));
    }

    /** [M, V]; rows that aren't live are out of reach. */
    private Operand<TFloat32> logits(
            Operand<TInt32> items, Operand<TInt32> positions, Weights dense) {
        Operand<TFloat32> vectors = model.vectors().all(tf);
        Operand<TFloat32> bias =
                tf.select(
                        model.rows().live().read(tf),
                        tf.reshape(model.bias().variable().read(tf), tf.constant(new int[] {-1})),
                        tf.constant(MASKED));
        return tf.math.add(
                tf.linalg.matMul(
                        states(items, positions, vectors, dense), vectors, MatMul.transposeB(true)),
                bias);
    }

    /** Hidden states at positions, [M, width]. */
    private Operand<TFloat32> states(
            Operand<TInt32> items,
            Operand<TInt32> positions,
            Operand<TFloat32> vectors,
            Weights dense) {
        Operand<TInt32> flat = tf.reshape(items, tf.constant(new int[] {-1}));
        return model.hidden(
                tf,
                dense,
                items,
                tf.gather(vectors, flat, tf.constant(0)),
                positions,
                Dropout.none());
    }

    /** [M, 1]. */
    private Operand<TFloat32> logSumExp(Operand<TFloat32> logits) {
        Operand<TFloat32> highest = tf.max(logits, tf.constant(1), Max.keepDims(true));
        Operand<TFloat32> sum =
                tf.reduceSum(
                        tf.math.exp(tf.math.sub(logits, highest)),
                        tf.constant(1),
                        ReduceSum.keepDims(true));
        return tf.math.add(highest, tf.math.log(sum));
    }
}
