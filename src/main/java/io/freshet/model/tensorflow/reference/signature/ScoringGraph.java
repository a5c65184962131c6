package io.freshet.model.tensorflow.reference.signature;

import io.freshet.model.tensorflow.reference.ReferenceModel;
import io.freshet.model.tensorflow.reference.ScoringTable;
import io.freshet.model.tensorflow.reference.SequenceInputs;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import io.freshet.model.tensorflow.reference.body.Dropout;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The {@code serving_default} and {@code evaluate} signatures, scores over all live rows, and
 * {@code teach}, scores over some.
 */
final class ScoringGraph {

    private final Ops tf;
    private final ReferenceModel model;
    private final RowWise rowWise;

    ScoringGraph(Ops tf, ReferenceModel model) {
        this.tf = tf;
        this.model = model;
        rowWise = new RowWise(tf);
    }

    SignatureDef serve() {
        GraphSignature signature = new GraphSignature(tf);
        SequenceInputs sequences = SequenceInputs.of(signature, model.spec());
        Operand<TInt32> candidates = signature.input("candidates", TInt32.class, -1, -1);
        Operand<TInt32> top = signature.input("top", TInt32.class);

        Operand<TFloat32> logits =
                logits(sequences, lastPositions(sequences.items()), new Weights(tf));
        Operand<TFloat32> normalizer = rowWise.logSumExp(logits);
        RowWise.Top best = rowWise.top(logits, top);
        Operand<TBool> reached =
                tf.math.greater(best.values(), tf.constant(ScoringTable.UNREACHED));
        Operand<TInt32> bestRows = tf.select(reached, best.columns(), tf.constant(0));
        Operand<TFloat32> asked = tf.math.sub(rowWise.each(logits, candidates), normalizer);
        Operand<TFloat32> askedScores =
                tf.select(tf.math.greater(candidates, tf.constant(0)), asked, tf.constant(0f));
        signature.output("top_rows", bestRows);
        signature.output("top_item_ids", model.rows().ids().gather(tf, bestRows));
        signature.output("top_scores", tf.math.sub(best.values(), normalizer));
        signature.output("candidate_scores", askedScores);
        return signature.definition();
    }

    SignatureDef evaluate() {
        GraphSignature signature = new GraphSignature(tf);
        SequenceInputs sequences = SequenceInputs.of(signature, model.spec());
        Operand<TInt32> positions = signature.input("positions", TInt32.class, -1);
        Operand<TInt32> targets = signature.input("targets", TInt32.class, -1);

        Weights dense = new Weights(tf);
        Operand<TFloat32> logits = logits(sequences, positions, dense);
        Operand<TInt32> column = tf.expandDims(targets, tf.constant(1));
        Operand<TFloat32> target = rowWise.each(logits, column);
        Operand<TInt32> ranks =
                tf.reduceSum(
                        tf.dtypes.cast(tf.math.greaterEqual(logits, target), TInt32.class),
                        tf.constant(1));
        Operand<TFloat32> losses =
                tf.reshape(
                        tf.math.sub(rowWise.logSumExp(logits), target),
                        tf.constant(new int[] {-1}));
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
        SequenceInputs sequences = SequenceInputs.of(signature, model.spec());
        Operand<TInt32> positions = signature.input("positions", TInt32.class, -1);
        Operand<TInt32> rows = signature.input("rows", TInt32.class, -1);
        Operand<TFloat32> logQ = signature.input("log_q", TFloat32.class, -1);

        Operand<TFloat32> table = model.scoring().current(tf);
        Candidates sample =
                new Candidates(
                        rows,
                        logQ,
                        model.scoring().vectors(tf, table, rows),
                        tf.reshape(
                                model.bias().variable().gather(tf, rows),
                                tf.constant(new int[] {-1})));
        signature.output(
                "probabilities",
                sample.probabilities(tf, states(sequences, positions, table, new Weights(tf))));
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

    /** [M, V']; rows that aren't live are out of reach. */
    private Operand<TFloat32> logits(
            SequenceInputs sequences, Operand<TInt32> positions, Weights dense) {
        Operand<TFloat32> table = model.scoring().current(tf);
        return model.scoring().logits(tf, table, states(sequences, positions, table, dense));
    }

    /** Hidden states at positions, [M, width]. */
    private Operand<TFloat32> states(
            SequenceInputs sequences,
            Operand<TInt32> positions,
            Operand<TFloat32> table,
            Weights dense) {
        return model.hidden(
                tf,
                dense,
                sequences,
                model.scoring().vectors(tf, table, sequences.items()),
                positions,
                Dropout.none());
    }
}
