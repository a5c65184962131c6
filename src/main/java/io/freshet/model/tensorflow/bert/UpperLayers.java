package io.freshet.model.tensorflow.bert;

import io.freshet.model.tensorflow.bert.BertTextEncoder.TextOutput;
import io.freshet.model.tensorflow.reference.TextLayers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;

/** The upper layers of a BERT encoder and its pooling, from {@link TextOutput.TokenStates} on. */
final class UpperLayers implements TextLayers {

    /** Squared length below which a vector counts as zero. */
    private static final float NOTHING = 1e-12f;

    private final BertModel model;
    private final BertSpec spec;
    private final int first;
    private final TextOutput.TokenStates input;

    /**
     * @param count number of layers, from the top
     * @throws IllegalArgumentException if there are not so many
     */
    UpperLayers(BertModel model, int count, int maxTokens) {
        this.model = model;
        spec = model.spec();
        first = model.below(count);
        input = new TextOutput.TokenStates(maxTokens, spec.width());
    }

    @Override
    public int inputWidth() {
        return input.width();
    }

    @Override
    public int width() {
        return spec.width();
    }

    @Override
    public List<List<Parameter>> layers() {
        List<List<Parameter>> layers = new ArrayList<>();
        for (int layer = first; layer < spec.layers(); layer++) {
            layers.add(parameters(layer));
        }
        return layers;
    }

    /** The parameters that a layer requests when it is built. */
    private List<Parameter> parameters(int layer) {
        List<Parameter> asked = new ArrayList<>();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Asked parameters = new Asked(tf, asked);
            new BertLayers(tf, spec, parameters, placeholder(tf, -1, -1))
                    .apply(placeholder(tf, -1, spec.width()), layer, layer + 1);
        }
        return asked;
    }

    private static Placeholder<TFloat32> placeholder(Ops tf, long... shape) {
        return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
    }

    @Override
    public Operand<TFloat32> apply(
            Ops tf, Function<String, Operand<TFloat32>> weights, Operand<TFloat32> features) {
        int numbers = input.maxTokens() * spec.width();
        Operand<TFloat32> states =
                tf.reshape(
                        columns(tf, features, 0, numbers),
                        tf.constant(new int[] {-1, spec.width()}));
        Operand<TFloat32> steps =
                tf.dtypes.cast(
                        tf.range(tf.constant(0), tf.constant(input.maxTokens()), tf.constant(1)),
                        TFloat32.class);
        Operand<TFloat32> mask =
                tf.dtypes.cast(
                        tf.math.less(steps, columns(tf, features, numbers, 1)), TFloat32.class);
        Operand<TFloat32> hidden =
                tf.reshape(
                        new BertLayers(tf, spec, new Given(weights), mask)
                                .apply(states, first, spec.layers()),
                        tf.constant(new int[] {-1, input.maxTokens(), spec.width()}));
        Operand<TFloat32> pooled =
                tf.math.mul(model.pooling().of(tf, hidden, mask), columns(tf, mask, 0, 1));
        Operand<TFloat32> squares =
                tf.reduceSum(tf.math.square(pooled), tf.constant(1), ReduceSum.keepDims(true));
        return tf.math.mul(pooled, tf.math.rsqrt(tf.math.maximum(squares, tf.constant(NOTHING))));
    }

    private static Operand<TFloat32> columns(
            Ops tf, Operand<TFloat32> matrix, int from, int count) {
        return tf.slice(
                matrix, tf.constant(new int[] {0, from}), tf.constant(new int[] {-1, count}));
    }

    /** Writes down what is asked for. */
    private final class Asked implements BertLayers.Parameters {

        private final Ops tf;
        private final List<Parameter> asked;

        private Asked(Ops tf, List<Parameter> asked) {
            this.tf = tf;
            this.asked = asked;
        }

        @Override
        public Operand<TFloat32> tensor(String name, long... shape) {
            asked.add(
                    new Parameter(
                            name, Shape.of(shape), () -> model.weights().tensor(name, shape)));
            return placeholder(tf, shape);
        }

        @Override
        public Operand<TFloat32> matrix(String layer, int inputs, int outputs) {
            asked.add(
                    new Parameter(
                            layer,
                            Shape.of(inputs, outputs),
                            () -> model.weights().matrix(layer, inputs, outputs)));
            return placeholder(tf, inputs, outputs);
        }
    }

    /** Gives what {@link Asked} wrote down. */
    private record Given(Function<String, Operand<TFloat32>> weights)
            implements BertLayers.Parameters {

        @Override
        public Operand<TFloat32> tensor(String name, long... shape) {
            return weights.apply(name);
        }

        @Override
        public Operand<TFloat32> matrix(String layer, int inputs, int outputs) {
            return weights.apply(layer);
        }
    }
}
