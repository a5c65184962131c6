package io.freshet.model.tensorflow;

import io.freshet.model.tensorflow.reference.authoring.AuthoredModel;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/**
 * A model that has nothing of the reference model's but the contract: a factorised Markov chain.
 * What follows depends on the last item alone, by the product of one vector for what was and
 * another for what comes; it is trained by plain gradient descent with gradients written by hand,
 * and can't export its changes.
 *
 * @see <a href="https://doi.org/10.1145/1772690.1772773">Rendle et al., Factorizing personalized
 *     Markov chains for next-basket recommendation, 2010</a>
 */
public final class MarkovModel {

    private static final int WIDTH = 16;
    private static final int LENGTH = 50;
    private static final float LOWEST = -1e9f;

    private final Ops tf;
    private final GraphVariable<TFloat32> past;
    private final GraphVariable<TFloat32> next;
    private final GraphVariable<TString> ids;

    private MarkovModel(Ops tf, GraphVariables variables) {
        this.tf = tf;
        Initializers first = new Initializers(tf, 1);
        Shape rows = Shape.of(Shape.UNKNOWN_SIZE, WIDTH);
        this.past = variables.add("past", TFloat32.class, rows, first.embedding(1, WIDTH));
        this.next = variables.add("next", TFloat32.class, rows, first.embedding(1, WIDTH));
        this.ids =
                variables.add(
                        "ids",
                        TString.class,
                        Shape.of(Shape.UNKNOWN_SIZE),
                        tf.constant(StandardCharsets.UTF_8, new String[] {""}));
    }

    /** Writes a new one, without items. */
    public static void export(Path directory) throws IOException {
        TensorFlowNatives.load();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            GraphVariables variables = new GraphVariables(tf);
            MarkovModel model = new MarkovModel(tf, variables);
            new AuthoredModel(graph, variables, model.signatures())
                    .write(ConfigProto.getDefaultInstance(), directory);
        }
    }

    private Map<String, SignatureDef> signatures() {
        Map<String, SignatureDef> signatures = new LinkedHashMap<>();
        signatures.put("train", train());
        signatures.put("evaluate", evaluate());
        signatures.put("serving_default", serve());
        signatures.put("append", append());
        signatures.put("recycle", recycle());
        signatures.put("describe", describe());
        signatures.put("item_ids", itemIds());
        signatures.put("info", info());
        return signatures;
    }

    private SignatureDef train() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> items = signature.input("items", TInt32.class, -1, -1);
        Operand<TInt32> positions = signature.input("positions", TInt32.class, -1);
        Operand<TInt32> labels = signature.input("labels", TInt32.class, -1);
        Operand<TInt32> candidates = signature.input("candidates", TInt32.class, -1);
        Operand<TFloat32> logQ = signature.input("log_q", TFloat32.class, -1);
        Operand<TFloat32> weights = signature.input("weights", TFloat32.class, -1);
        Operand<TFloat32> rate = signature.input("head_rate", TFloat32.class);
        signature.input("body_rate", TFloat32.class); // there is no body
        Operand<TFloat32> clip = signature.input("clip_norm", TFloat32.class);
        signature.input("seed", TInt64.class, 2); // nothing is drawn

        Operand<TInt32> last = last(items, positions);
        Operand<TFloat32> from = past.gather(tf, last);
        Operand<TFloat32> to = next.gather(tf, candidates);
        Operand<TFloat32> logits = tf.math.sub(times(from, to, false, true), logQ);
        Operand<TFloat32> truth =
                tf.oneHot(labels, tf.size(candidates), tf.constant(1f), tf.constant(0f));
        Operand<TFloat32> shares = tf.math.div(weights, tf.sum(weights, tf.constant(0)));
        Operand<TFloat32> losses =
                tf.math.neg(tf.sum(tf.math.mul(tf.nn.logSoftmax(logits), truth), tf.constant(1)));
        Operand<TFloat32> loss = tf.sum(tf.math.mul(losses, shares), tf.constant(0));

        Operand<TFloat32> error =
                tf.math.mul(
                        tf.math.sub(tf.nn.softmax(logits), truth),
                        tf.expandDims(shares, tf.constant(1)));
        Operand<TFloat32> fromGradient = times(error, to, false, false);
        Operand<TFloat32> toGradient = times(error, from, true, false);
        Operand<TFloat32> norm =
                tf.math.sqrt(tf.math.add(squares(fromGradient), squares(toGradient)));
        // of the contract's rates, made for Adam, plain descent needs a multiple
        Operand<TFloat32> step =
                tf.math.mul(
                        tf.math.mul(rate, tf.constant(-500f)),
                        tf.math.minimum(
                                tf.constant(1f),
                                tf.math.div(clip, tf.math.maximum(norm, tf.constant(1e-12f)))));
        Ops after = tf.withControlDependencies(List.of(loss, norm));
        Op moveFrom =
                after.resourceScatterAdd(past.handle(), last, tf.math.mul(fromGradient, step));
        Op moveTo =
                after.resourceScatterAdd(next.handle(), candidates, tf.math.mul(toGradient, step));
        Ops done = tf.withControlDependencies(List.of(moveFrom, moveTo));
        signature.output("loss", done.identity(loss));
        signature.output("gradient_norm", done.identity(norm));
        return signature.definition();
    }

    private SignatureDef evaluate() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> items = signature.input("items", TInt32.class, -1, -1);
        Operand<TInt32> positions = signature.input("positions", TInt32.class, -1);
        Operand<TInt32> targets = signature.input("targets", TInt32.class, -1);
        Operand<TFloat32> scores = scores(last(items, positions));
        Operand<TFloat32> truth =
                tf.oneHot(targets, tf.size(ids.read(tf)), tf.constant(1f), tf.constant(0f));
        Operand<TFloat32> own = tf.sum(tf.math.mul(scores, truth), tf.constant(1));
        Operand<TBool> above = tf.math.greaterEqual(scores, tf.expandDims(own, tf.constant(1)));
        signature.output("ranks", tf.sum(tf.dtypes.cast(above, TInt32.class), tf.constant(1)));
        signature.output("losses", tf.math.neg(own));
        return signature.definition();
    }

    private SignatureDef serve() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> items = signature.input("items", TInt32.class, -1, -1);
        Operand<TInt32> candidates = signature.input("candidates", TInt32.class, -1, -1);
        Operand<TInt32> top = signature.input("top", TInt32.class);
        Operand<TInt32> columns = tf.gather(tf.shape(items), tf.constant(1), tf.constant(0));
        Operand<TInt32> filled =
                tf.sum(
                        tf.dtypes.cast(tf.math.notEqual(items, tf.constant(0)), TInt32.class),
                        tf.constant(1));
        Operand<TInt32> sequences =
                tf.range(
                        tf.constant(0),
                        tf.gather(tf.shape(items), tf.constant(0), tf.constant(0)),
                        tf.constant(1));
        Operand<TInt32> ends =
                tf.math.add(
                        tf.math.mul(sequences, columns),
                        tf.math.maximum(tf.math.sub(filled, tf.constant(1)), tf.constant(0)));
        Operand<TFloat32> scores = scores(last(items, ends));
        TopK<TFloat32, TInt32> best =
                tf.nn.topK(scores, tf.math.minimum(top, tf.size(ids.read(tf))), TInt32.class);
        Operand<TBool> live = tf.math.greater(best.values(), tf.constant(LOWEST / 2));
        Operand<TInt32> rows = tf.math.mul(best.indices(), tf.dtypes.cast(live, TInt32.class));
        Operand<TFloat32> asked =
                tf.gather(
                        scores,
                        candidates,
                        tf.constant(1),
                        org.tensorflow.op.core.Gather.batchDims(1L));
        signature.output("top_rows", padded(rows, top));
        signature.output(
                "top_item_ids", tf.gather(ids.read(tf), padded(rows, top), tf.constant(0)));
        signature.output("top_scores", padded(best.values(), top));
        signature.output(
                "candidate_scores",
                tf.math.mul(
                        asked,
                        tf.dtypes.cast(
                                tf.math.notEqual(candidates, tf.constant(0)), TFloat32.class)));
        return signature.definition();
    }

    private SignatureDef append() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TString> added = signature.input("item_ids", TString.class, -1);
        signature.input("features", TFloat32.class, -1, 0);
        Operand<TInt64> seed = signature.input("seed", TInt64.class, 2);
        Operand<TString> before = ids.read(tf);
        Operand<TInt32> start = tf.size(before);
        Operand<TInt32> rows = tf.range(start, tf.math.add(start, tf.size(added)), tf.constant(1));
        Operand<TFloat32> fresh = fresh(tf.size(added), seed);
        Op all =
                tf.withControlDependencies(
                                List.of(
                                        append(past, fresh),
                                        append(next, fresh),
                                        ids.assign(
                                                tf,
                                                tf.concat(List.of(before, added), tf.constant(0)))))
                        .noOp();
        signature.output("rows", tf.withControlDependencies(all).identity(rows));
        return signature.definition();
    }

    private Op append(GraphVariable<TFloat32> variable, Operand<TFloat32> fresh) {
        return variable.assign(tf, tf.concat(List.of(variable.read(tf), fresh), tf.constant(0)));
    }

    private SignatureDef recycle() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> rows = signature.input("rows", TInt32.class, -1);
        Operand<TString> given = signature.input("item_ids", TString.class, -1);
        signature.input("features", TFloat32.class, -1, 0);
        Operand<TInt64> seed = signature.input("seed", TInt64.class, 2);
        Operand<TFloat32> fresh = fresh(tf.size(rows), seed);
        Op all =
                tf.withControlDependencies(
                                List.of(
                                        past.scatter(tf, rows, fresh),
                                        next.scatter(tf, rows, fresh),
                                        ids.scatter(tf, rows, given)))
                        .noOp();
        signature.output("rows", tf.withControlDependencies(all).identity(rows));
        return signature.definition();
    }

    private SignatureDef describe() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> rows = signature.input("rows", TInt32.class, -1);
        signature.input("features", TFloat32.class, -1, 0);
        signature.output("rows", tf.identity(rows));
        return signature.definition();
    }

    private SignatureDef itemIds() {
        GraphSignature signature = new GraphSignature(tf);
        signature.output("item_ids", ids.read(tf));
        return signature.definition();
    }

    private SignatureDef info() {
        GraphSignature signature = new GraphSignature(tf);
        signature.output("length", tf.constant(LENGTH));
        signature.output("rows", tf.size(ids.read(tf)));
        signature.output("feature_width", tf.constant(0));
        return signature.definition();
    }

    /** The items at flat positions of sequences. */
    private Operand<TInt32> last(Operand<TInt32> items, Operand<TInt32> positions) {
        return tf.gather(tf.reshape(items, tf.constant(new int[] {-1})), positions, tf.constant(0));
    }

    /**
     * Log-probabilities of all rows after items, [M,V]; those of dead rows are as low as can be.
     */
    private Operand<TFloat32> scores(Operand<TInt32> last) {
        Operand<TFloat32> logits = times(past.gather(tf, last), next.read(tf), false, true);
        Operand<TFloat32> dead =
                tf.dtypes.cast(tf.math.equal(ids.read(tf), tf.constant("")), TFloat32.class);
        return tf.nn.logSoftmax(tf.math.add(logits, tf.math.mul(dead, tf.constant(LOWEST))));
    }

    private Operand<TFloat32> fresh(Operand<TInt32> rows, Operand<TInt64> seed) {
        return tf.math.mul(
                tf.random.statelessRandomNormal(
                        tf.stack(List.of(rows, tf.constant(WIDTH))), seed, TFloat32.class),
                tf.constant(0.3f));
    }

    /** The first columns of a matrix, filled with zeros up to a number of them. */
    private <T extends org.tensorflow.types.family.TNumber> Operand<T> padded(
            Operand<T> matrix, Operand<TInt32> columns) {
        Operand<TInt32> missing =
                tf.math.sub(columns, tf.gather(tf.shape(matrix), tf.constant(1), tf.constant(0)));
        Operand<TInt32> none = tf.constant(new int[] {0, 0});
        return tf.pad(
                matrix,
                tf.stack(List.of(none, tf.stack(List.of(tf.constant(0), missing)))),
                tf.dtypes.cast(tf.constant(0), matrix.type()));
    }

    private Operand<TFloat32> squares(Operand<TFloat32> values) {
        return tf.sum(tf.math.square(values), tf.constant(new int[] {0, 1}));
    }

    private Operand<TFloat32> times(
            Operand<TFloat32> one, Operand<TFloat32> other, boolean turnOne, boolean turnOther) {
        return tf.linalg.matMul(
                one, other, MatMul.transposeA(turnOne), MatMul.transposeB(turnOther));
    }
}
