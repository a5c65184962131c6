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
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A BERT encoder of sentences as a TensorFlow graph: embeddings, attention layers, pooling. The
 * weights are variables; {@link #assign} fills them.
 */
final class BertGraph implements BertLayers.Parameters {

    private final BertSpec spec;
    private final BertWeights weights;
    private final Ops tf;
    private final List<Assignment> assignments = new ArrayList<>();

    private final Placeholder<TInt32> tokens;
    private final Placeholder<TFloat32> mask;
    private final Operand<TFloat32> states;
    private final Pooling pooling;

    /**
     * Adds the encoder to a graph.
     *
     * @param layers how many of its attention layers, from the lowest
     * @throws IllegalArgumentException if a weight is missing or has another shape than the spec's
     */
    BertGraph(Graph graph, BertModel model, int layers) {
        spec = model.spec();
        weights = model.weights();
        pooling = model.pooling();
        tf = Ops.create(graph);
        tokens = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
        mask = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1)));
        Operand<TInt32> size = tf.shape(tokens);
        BertLayers body = new BertLayers(tf, spec, this, mask);
        Operand<TFloat32> embedded = body.normed(embedded(size), "embeddings.LayerNorm");
        states =
                tf.reshape(
                        body.apply(embedded, 0, layers),
                        tf.concat(
                                List.of(size, tf.constant(new int[] {spec.width()})),
                                tf.constant(0)));
    }

    /** Token ids, [texts, tokens]. */
    Placeholder<TInt32> tokens() {
        return tokens;
    }

    /** 1 for a token, 0 for padding, [texts, tokens]. */
    Placeholder<TFloat32> mask() {
        return mask;
    }

    /** Texts' vectors, not scaled to any length: sums in place of means, [texts, width]. */
    Operand<TFloat32> pooled() {
        return pooling.of(tf, states, mask);
    }

    /** Hidden vectors of the tokens, [texts, tokens, width]. */
    Operand<TFloat32> states() {
        return states;
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
                        tensor(
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
                        tensor(
                                "embeddings.token_type_embeddings.weight",
                                spec.types(),
                                spec.width()),
                        tf.constant(new int[] {0, 0}),
                        tf.constant(new int[] {1, spec.width()}));
        return tf.reshape(
                tf.math.add(words, tf.math.add(positions, type)),
                tf.constant(new int[] {-1, spec.width()}));
    }

    @Override
    public Operand<TFloat32> tensor(String name, long... shape) {
        return read(weights.tensor(name, shape), Shape.of(shape));
    }

    @Override
    public Operand<TFloat32> matrix(String layer, int inputs, int outputs) {
        return read(weights.matrix(layer, inputs, outputs), Shape.of(inputs, outputs));
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

    /** How the vectors of a text's tokens become the vector of the text. */
    enum Pooling {
        /** Mean over the tokens. */
        MEAN {
            @Override
            Operand<TFloat32> of(Ops tf, Operand<TFloat32> hidden, Operand<TFloat32> mask) {
                return tf.sum(
                        tf.math.mul(hidden, tf.expandDims(mask, tf.constant(-1))), tf.constant(1));
            }
        },
        /** The vector of the first token, the marker of the start. */
        CLS {
            @Override
            Operand<TFloat32> of(Ops tf, Operand<TFloat32> hidden, Operand<TFloat32> mask) {
                return tf.gather(hidden, tf.constant(0), tf.constant(1));
            }
        };

        /**
         * Texts' vectors, not scaled to any length: sums in place of means.
         *
         * @param hidden [texts, tokens, width]
         * @param mask 1 for a token, 0 for padding, [texts, tokens]
         * @return [texts, width]
         */
        abstract Operand<TFloat32> of(Ops tf, Operand<TFloat32> hidden, Operand<TFloat32> mask);
    }
}
