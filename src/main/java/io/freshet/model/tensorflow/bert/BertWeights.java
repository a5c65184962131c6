package io.freshet.model.tensorflow.bert;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The weights of a BERT encoder under their usual names ({@code
 * encoder.layer.0.attention.self.query.bias} …), whichever file they were in.
 */
final class BertWeights {

    private static final Pattern PREFIX = Pattern.compile("^bert\\.");
    private static final Pattern GAMMA = Pattern.compile("LayerNorm\\.gamma$");
    private static final Pattern BETA = Pattern.compile("LayerNorm\\.beta$");
    private static final String FOLDED = ".weight (transposed)";

    /**
     * A tensor in a file.
     *
     * @param type its numbers, as the file's format calls them
     * @param values reads them, row by row; fails where they are of no use
     */
    record Tensor(String type, long[] shape, Supplier<FloatBuffer> values) {}

    private final String file;
    private final Map<String, Tensor> tensors;

    /**
     * @param file what is read, for messages
     * @param tensors by {@link #usualName usual name}; the matrix of a dense layer is [outputs,
     *     inputs] by its usual name, or [inputs, outputs] by its {@link #foldedName folded name}
     */
    BertWeights(String file, Map<String, Tensor> tensors) {
        this.file = file;
        this.tensors = tensors;
    }

    /**
     * The name without the prefix of a model that has more than the encoder, and with the layer
     * norms' names of today.
     */
    static String usualName(String name) {
        String bare = PREFIX.matcher(name).replaceFirst("");
        String weight = GAMMA.matcher(bare).replaceFirst("LayerNorm.weight");
        return BETA.matcher(weight).replaceFirst("LayerNorm.bias");
    }

    /** Name of a dense layer's matrix where an exporter has already transposed it. */
    static String foldedName(String layer) {
        return usualName(layer) + FOLDED;
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    /**
     * The sizes of a tensor's dimensions.
     *
     * @throws IllegalArgumentException if there is no such tensor with so many dimensions
     */
    long[] shape(String name, int dimensions) {
        long[] shape = get(name).shape();
        if (shape.length != dimensions) {
            throw new IllegalArgumentException(
                    "%s: found shape %s, expected %s dimension(s)"
                            .formatted(where(name), Arrays.toString(shape), dimensions));
        }
        return shape;
    }

    /**
     * A tensor's floats, row by row.
     *
     * @throws IllegalArgumentException if there is no tensor of this name and shape
     */
    FloatBuffer tensor(String name, long... shape) {
        Tensor tensor = get(name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new IllegalArgumentException(
                    "%s: found %s of shape %s, expected shape %s"
                            .formatted(
                                    where(name),
                                    tensor.type(),
                                    Arrays.toString(tensor.shape()),
                                    Arrays.toString(shape)));
        }
        try {
            return tensor.values().get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where(name) + ": " + e.getMessage(), e);
        }
    }

    /**
     * The matrix of a dense layer, [inputs, outputs], row by row.
     *
     * @throws IllegalArgumentException if there is no matrix of this layer and shape
     */
    FloatBuffer matrix(String layer, int inputs, int outputs) {
        String folded = foldedName(layer);
        return has(folded)
                ? tensor(folded, inputs, outputs)
                : transposed(tensor(layer + ".weight", outputs, inputs), outputs, inputs);
    }

    private static FloatBuffer transposed(FloatBuffer matrix, int rows, int columns) {
        float[] from = new float[rows * columns];
        matrix.get(from);
        float[] to = new float[from.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to[column * rows + row] = from[row * columns + column];
            }
        }
        return FloatBuffer.wrap(to);
    }

    private Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "%s has no tensor %s; it has %s"
                            .formatted(file, name, tensors.keySet().stream().sorted().toList()));
        }
        return tensor;
    }

    private String where(String name) {
        return "Tensor " + name + " of " + file;
    }
}
