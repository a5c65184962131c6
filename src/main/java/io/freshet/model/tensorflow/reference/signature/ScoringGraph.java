package io.freshet.model.tensorflow.reference.signature;

import io.freshet.model.tensorflow.reference.Dropout;
import io.freshet.model.tensorflow.reference.ReferenceModel;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.Max;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

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

        Operand<TFloat32> logits = logits(items, lastPositions(items), new Weights(tf));
        Operand<TFloat32> total = logSumExp(logits);
        TopK<TFloat32, TInt32> best = tf.nn.topK(logits, top, TInt32.class);
        Operand<TFloat32> bestScores = tf.math.sub(best.values(), total);
        Operand<TBool> reached = tf.math.greater(best.values(), tf.constant(UNREACHED));
        Operand<TInt32> bestRows = tf.select(reached, best.indices(), tf.constant(0));
        Operand<TFloat32> asked =
                tf.math.sub(
                        tf.gather(logits, candidates, tf.constant(1), Gather.batchDims(1L)), total);
        Operand<TFloat32> askedScores =
                tf.select(tf.math.greater(candidates, tf.constant(0)), asked, tf.constant(0f));
        signature.output("top_rows", bestRows);
        signature.output("top_item_ids", model.rows().ids().gather(tf, bestRows));
        signature.output("top_scores", bestScores);
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
        Operand<TFloat32> target = tf.gather(logits, column, tf.constant(1), Gather.batchDims(1L));
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
        Operand<TFloat32> hidden =
                model.hidden(
                        tf, dense, items, tf.gather(vectors, flat, tf.constant(0)), Dropout.none());
        return tf.gather(hidden, positions, tf.constant(0));
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
