package io.freshet.model.tensorflow.bert;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The attention layers of a BERT encoder, with weights from whoever holds them. */
final class BertLayers {

    /** Added to the attention scores of padding: its weight is then exactly 0. */
    private static final float MASKED = -1e9f;

    /** Gives weights in a graph by their usual names. */
    interface Parameters {

        Operand<TFloat32> tensor(String name, long... shape);

        /** The matrix of a dense layer, [inputs, outputs]. */
        Operand<TFloat32> matrix(String layer, int inputs, int outputs);
    }

    private final Ops tf;
    private final BertSpec spec;
    private final Parameters parameters;
    private final Operand<TFloat32> padding;
    private final Operand<TInt32> last;
    private final Operand<TInt32> flatShape;
    private final Operand<TInt32> headShape;

    /**
     * @param mask 1 for a token, 0 for padding, [texts, tokens]
     */
    BertLayers(Ops tf, BertSpec spec, Parameters parameters, Operand<TFloat32> mask) {
        this.tf = tf;
        this.spec = spec;
        this.parameters = parameters;
        last = tf.constant(-1);
        flatShape = tf.constant(new int[] {-1, spec.width()});
        headShape =
                tf.concat(
                        List.of(
                                tf.shape(mask),
                                tf.constant(new int[] {spec.heads(), spec.headWidth()})),
                        tf.constant(0));
        Operand<TFloat32> masked =
                tf.expandDims(
                        tf.math.mul(tf.math.sub(tf.constant(1f), mask), tf.constant(MASKED)),
                        tf.constant(new int[] {1}));
        padding = tf.expandDims(masked, tf.constant(1));
    }

    /**
     * Through some layers.
     *
     * @param input [texts * tokens, width]
     * @param from the first layer, from 0
     * @param to the layer behind the last
     * @return [texts * tokens, width]
     */
    Operand<TFloat32> apply(Operand<TFloat32> input, int from, int to) {
        Operand<TFloat32> hidden = input;
        for (int layer = from; layer < to; layer++) {
            hidden = layer(hidden, "encoder.layer." + layer);
        }
        return hidden;
    }

    /** A layer norm, [texts * tokens, width]. */
    Operand<TFloat32> normed(Operand<TFloat32> x, String name) {
        Operand<TFloat32> mean = tf.math.mean(x, last, Mean.keepDims(true));
        Operand<TFloat32> variance =
                tf.math.mean(tf.math.squaredDifference(x, mean), last, Mean.keepDims(true));
        Operand<TFloat32> scale =
                tf.math.rsqrt(tf.math.add(variance, tf.constant(spec.normEpsilon())));
        Operand<TFloat32> unit = tf.math.mul(tf.math.sub(x, mean), scale);
        return tf.math.add(
                tf.math.mul(unit, parameters.tensor(name + ".weight", spec.width())),
                parameters.tensor(name + ".bias", spec.width()));
    }

    private Operand<TFloat32> layer(Operand<TFloat32> input, String layer) {
        int width = spec.width();
        Operand<TFloat32> attended =
                dense(
                        attention(input, layer + ".attention.self"),
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

    private Operand<TFloat32> attention(Operand<TFloat32> input, String name) {
        Operand<TFloat32> query = heads(input, name + ".query");
        Operand<TFloat32> key = heads(input, name + ".key");
        Operand<TFloat32> value = heads(input, name + ".value");
        Operand<TFloat32> scores =
                tf.math.mul(
                        tf.train.batchMatMul(query, key, TFloat32.class, BatchMatMul.adjY(true)),
                        tf.constant((float) (1 / Math.sqrt(spec.headWidth()))));
        Operand<TFloat32> attention = tf.nn.softmax(tf.math.add(scores, padding));
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
        Operand<TFloat32> matrix = parameters.matrix(name, inputs, outputs);
        Operand<TFloat32> bias = parameters.tensor(name + ".bias", outputs);
        return tf.math.add(tf.linalg.matMul(input, matrix, new MatMul.Options[0]), bias);
    }

    private Operand<TFloat32> gelu(Operand<TFloat32> x) {
        Operand<TFloat32> erf = tf.math.erf(tf.math.mul(x, tf.constant((float) Math.sqrt(0.5))));
        return tf.math.mul(tf.math.mul(x, tf.constant(0.5f)), tf.math.add(erf, tf.constant(1f)));
    }
}
