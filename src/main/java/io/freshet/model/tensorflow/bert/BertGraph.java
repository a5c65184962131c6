package io.freshet.model.tensorflow.bert;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.AssignVariableOp;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A BERT encoder of sentences as a TensorFlow graph: embeddings, attention layers, pooling. The
 * weights are variables; {@link #assign} fills them.
 */
final class BertGraph {

    /** Added to the attention scores of padding: its weight is then exactly 0. */
    private static final float MASKED = -1e9f;

    private final BertSpec spec;
    private final BertWeights weights;
    private final Ops tf;
    private final List<Assignment> assignments = new ArrayList<>();

    private final Placeholder<TInt32> tokens;
    private final Placeholder<TFloat32> mask;
    private final Operand<TFloat32> pooled;

    private final Operand<TInt32> last;
    private final Operand<TInt32> flatShape;
    private final Operand<TInt32> headShape;

    /**
     * Adds the encoder to a graph.
     *
     * @throws IllegalArgumentException if a weight is missing or has a shape the spec does not say
     */
    BertGraph(Graph graph, BertModel model) {
        spec = model.spec();
        weights = model.weights();
        tf = Ops.create(graph);
        tokens = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
        mask = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1)));
        last = tf.constant(-1);
        flatShape = tf.constant(new int[] {-1, spec.width()});
        Operand<TInt32> size = tf.shape(tokens);
        headShape =
                tf.concat(
                        List.of(size, tf.constant(new int[] {spec.heads(), spec.headWidth()})),
                        tf.constant(0));
        Operand<TFloat32> hidden = unflattened(encoded(embedded(size)), size);
        pooled =
                switch (model.pooling()) {
                    case MEAN -> sum(hidden);
                    case CLS -> first(hidden);
                };
    }

    /** Token ids, [texts, tokens]. */
    Placeholder<TInt32> tokens() {
        return tokens;
    }

    /** 1 for a token, 0 for padding, [texts, tokens]. */
    Placeholder<TFloat32> mask() {
        return mask;
    }

    /** Texts' vectors, not scaled to any length: sums stand for means, [texts, width]. */
    Operand<TFloat32> pooled() {
        return pooled;
    }

    /** Fills the variables of a session with the weights. */
    void assign(Session session) {
        for (Assignment each : assignments) {
            try (TFloat32 value = each.value()) {
                session.runner().feed(each.input(), value).addTarget(each.assign().op()).run();
            }
        }
    }

    private Operand<TFloat32> embedded(Operand<TInt32> size) {
        Operand<TFloat32> words =
                tf.resourceGather(
                        variable(
                                weights.tensor(
                                        "embeddings.word_embeddings.weight",
                                        spec.tokens(),
                                        spec.width()),
                                Shape.of(spec.tokens(), spec.width())),
                        tokens,
                        TFloat32.class);
        Operand<TFloat32> positions =
                tf.slice(
                        read(
                                "embeddings.position_embeddings.weight",
                                spec.positions(),
                                spec.width()),
                        tf.constant(new int[] {0, 0}),
                        tf.concat(
                                List.of(
                                        tf.slice(
                                                size,
                                                tf.constant(new int[] {1}),
                                                tf.constant(new int[] {1})),
                                        tf.constant(new int[] {spec.width()})),
                                tf.constant(0)));
        Operand<TFloat32> type =
                tf.slice(
                        read("embeddings.token_type_embeddings.weight", spec.types(), spec.width()),
                        tf.constant(new int[] {0, 0}),
                        tf.constant(new int[] {1, spec.width()}));
        return normed(
                tf.reshape(tf.math.add(words, tf.math.add(positions, type)), flatShape),
                "embeddings.LayerNorm");
    }

    /** Through all layers; hidden vectors are [texts * tokens, width]. */
    private Operand<TFloat32> encoded(Operand<TFloat32> embedded) {
        Operand<TFloat32> masked =
                tf.expandDims(
                        tf.math.mul(tf.math.sub(tf.constant(1f), mask), tf.constant(MASKED)),
                        tf.constant(new int[] {1}));
        Operand<TFloat32> bias = tf.expandDims(masked, tf.constant(1));
        Operand<TFloat32> hidden = embedded;
        for (int layer = 0; layer < spec.layers(); layer++) {
            hidden = layer(hidden, bias, "encoder.layer." + layer);
        }
        return hidden;
    }

    private Operand<TFloat32> layer(Operand<TFloat32> input, Operand<TFloat32> bias, String layer) {
        int width = spec.width();
        Operand<TFloat32> attended =
                dense(
                        attention(input, bias, layer + ".attention.self"),
                        layer + ".attention.output.dense",
                        width,
                        width);
        Operand<TFloat32> middle =
                normed(tf.math.add(attended, input), layer + ".attention.output.LayerNorm");
        Operand<TFloat32> inner =
                gelu(dense(middle, layer + ".intermediate.dense", width, spec.inner()));
        Operand<TFloat32> outer = dense(inner, layer + ".output.dense", spec.inner(), width);
        return normed(tf.math.add(outer, middle), layer + ".output.LayerNorm");
    }

    private Operand<TFloat32> attention(
            Operand<TFloat32> input, Operand<TFloat32> bias, String name) {
        Operand<TFloat32> query = heads(input, name + ".query");
        Operand<TFloat32> key = heads(input, name + ".key");
        Operand<TFloat32> value = heads(input, name + ".value");
        Operand<TFloat32> scores =
                tf.math.mul(
                        tf.train.batchMatMul(query, key, TFloat32.class, BatchMatMul.adjY(true)),
                        tf.constant((float) (1 / Math.sqrt(spec.headWidth()))));
        Operand<TFloat32> attention = tf.nn.softmax(tf.math.add(scores, bias));
        Operand<TFloat32> context = tf.train.batchMatMul(attention, value, TFloat32.class);
        return tf.reshape(
                tf.linalg.transpose(context, tf.constant(new int[] {0, 2, 1, 3})), flatShape);
    }

    /** One projection of the input, [texts, heads, tokens, head width]. */
    private Operand<TFloat32> heads(Operand<TFloat32> input, String name) {
        Operand<TFloat32> projected = dense(input, name, spec.width(), spec.width());
        return tf.linalg.transpose(
                tf.reshape(projected, headShape), tf.constant(new int[] {0, 2, 1, 3}));
    }

    private Operand<TFloat32> dense(Operand<TFloat32> input, String name, int inputs, int outputs) {
        Operand<TFloat32> matrix =
                read(weights.matrix(name, inputs, outputs), Shape.of(inputs, outputs));
        Operand<TFloat32> bias = read(name + ".bias", outputs);
        return tf.math.add(tf.linalg.matMul(input, matrix, new MatMul.Options[0]), bias);
    }

    private Operand<TFloat32> gelu(Operand<TFloat32> x) {
        Operand<TFloat32> erf = tf.math.erf(tf.math.mul(x, tf.constant((float) Math.sqrt(0.5))));
        return tf.math.mul(tf.math.mul(x, tf.constant(0.5f)), tf.math.add(erf, tf.constant(1f)));
    }

    private Operand<TFloat32> normed(Operand<TFloat32> x, String name) {
        Operand<TFloat32> mean = tf.math.mean(x, last, Mean.keepDims(true));
        Operand<TFloat32> variance =
                tf.math.mean(tf.math.squaredDifference(x, mean), last, Mean.keepDims(true));
        Operand<TFloat32> scale =
                tf.math.rsqrt(tf.math.add(variance, tf.constant(spec.normEpsilon())));
        Operand<TFloat32> unit = tf.math.mul(tf.math.sub(x, mean), scale);
        return tf.math.add(
                tf.math.mul(unit, read(name + ".weight", spec.width())),
                read(name + ".bias", spec.width()));
    }

    private Operand<TFloat32> unflattened(Operand<TFloat32> hidden, Operand<TInt32> size) {
        return tf.reshape(
                hidden,
                tf.concat(List.of(size, tf.constant(new int[] {spec.width()})), tf.constant(0)));
    }

    /** Over the tokens that are not padding. */
    private Operand<TFloat32> sum(Operand<TFloat32> hidden) {
        return tf.sum(tf.math.mul(hidden, tf.expandDims(mask, last)), tf.constant(1));
    }

    private Operand<TFloat32> first(Operand<TFloat32> hidden) {
        return tf.gather(hidden, tf.constant(0), tf.constant(1));
    }

    private Operand<TFloat32> read(String name, long... shape) {
        return read(weights.tensor(name, shape), Shape.of(shape));
    }

    private Operand<TFloat32> read(FloatBuffer value, Shape shape) {
        return tf.readVariableOp(variable(value, shape), TFloat32.class);
    }

    private VarHandleOp variable(FloatBuffer value, Shape shape) {
        VarHandleOp handle =
                tf.varHandleOp(
                        TFloat32.class,
                        shape,
                        VarHandleOp.sharedName("weight-" + assignments.size()));
        Placeholder<TFloat32> input = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
        assignments.add(new Assignment(input, tf.assignVariableOp(handle, input), value, shape));
        return handle;
    }

    private record Assignment(
            Placeholder<TFloat32> input, AssignVariableOp assign, FloatBuffer floats, Shape shape) {

        TFloat32 value() {
            return TFloat32.tensorOf(shape, DataBuffers.of(floats.duplicate()));
        }
    }
}
