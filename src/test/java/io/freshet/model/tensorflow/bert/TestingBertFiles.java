package io.freshet.model.tensorflow.bert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.model.tensorflow.bert.SafetensorsWeights.FloatFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Writes a BERT's weights as PyTorch would save them to a safetensors file. */
final class TestingBertFiles {

    /** A tensor on its way to a file; a dense layer's matrix is [outputs, inputs]. */
    record Tensor(String name, long[] shape, float[] values) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private TestingBertFiles() {}

    /** The tensors of a model. */
    static List<Tensor> tensors(BertSpec spec, BertWeights weights) {
        List<Tensor> tensors = new ArrayList<>();
        shapes(spec)
                .forEach(
                        (name, shape) ->
                                tensors.add(
                                        new Tensor(
                                                name,
                                                shape,
                                                isDense(name, shape)
                                                        ? dense(weights, name, shape)
                                                        : array(weights.tensor(name, shape)))));
        return tensors;
    }

    /** Random tensors of a model of these sizes. */
    static List<Tensor> random(BertSpec spec, long seed) {
        Random random = new Random(seed);
        List<Tensor> tensors = new ArrayList<>();
        shapes(spec)
                .forEach(
                        (name, shape) -> {
                            float[] values = new float[size(shape)];
                            for (int i = 0; i < values.length; i++) {
                                values[i] = (float) random.nextGaussian() / 8;
                            }
                            tensors.add(new Tensor(name, shape, values));
                        });
        return tensors;
    }

    static List<Tensor> renamed(List<Tensor> tensors, UnaryOperator<String> names) {
        return tensors.stream()
                .map(t -> new Tensor(names.apply(t.name()), t.shape(), t.values()))
                .toList();
    }

    static void write(Path file, FloatFormat format, List<Tensor> tensors) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        int end = 0;
        for (Tensor tensor : tensors) {
            ObjectNode entry = header.putObject(tensor.name()).put("dtype", format.name());
            for (long size : tensor.shape()) {
                entry.withArray("shape").add(size);
            }
            entry.withArray("data_offsets").add(end);
            end += tensor.values().length * format.bytes();
            entry.withArray("data_offsets").add(end);
        }
        byte[] text = JSON.writeValueAsBytes(header);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + text.length + end)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(text.length)
                        .put(text);
        for (Tensor tensor : tensors) {
            for (float value : tensor.values()) {
                put(bytes, format, value);
            }
        }
        try (SeekableByteChannel channel =
                Files.newByteChannel(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(bytes.flip());
        }
    }

    private static Map<String, long[]> shapes(BertSpec spec) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        long width = spec.width();
        shapes.put("embeddings.word_embeddings.weight", new long[] {spec.tokens(), width});
        shapes.put("embeddings.position_embeddings.weight", new long[] {spec.positions(), width});
        shapes.put("embeddings.token_type_embeddings.weight", new long[] {spec.types(), width});
        norm(shapes, "embeddings.LayerNorm", width);
        for (int i = 0; i < spec.layers(); i++) {
            String layer = "encoder.layer." + i;
            dense(shapes, layer + ".attention.self.query", width, width);
            dense(shapes, layer + ".attention.self.key", width, width);
            dense(shapes, layer + ".attention.self.value", width, width);
            dense(shapes, layer + ".attention.output.dense", width, width);
            norm(shapes, layer + ".attention.output.LayerNorm", width);
            dense(shapes, layer + ".intermediate.dense", spec.inner(), width);
            dense(shapes, layer + ".output.dense", width, spec.inner());
            norm(shapes, layer + ".output.LayerNorm", width);
        }
        return shapes;
    }

    private static void dense(Map<String, long[]> shapes, String name, long outputs, long inputs) {
        shapes.put(name + ".weight", new long[] {outputs, inputs});
        shapes.put(name + ".bias", new long[] {outputs});
    }

    private static void norm(Map<String, long[]> shapes, String name, long width) {
        shapes.put(name + ".weight", new long[] {width});
        shapes.put(name + ".bias", new long[] {width});
    }

    private static boolean isDense(String name, long[] shape) {
        return shape.length == 2 && name.startsWith("encoder.");
    }

    private static float[] dense(BertWeights weights, String name, long[] shape) {
        int outputs = (int) shape[0];
        int inputs = (int) shape[1];
        String layer = name.substring(0, name.length() - ".weight".length());
        FloatBuffer matrix = weights.matrix(layer, inputs, outputs);
        float[] values = new float[outputs * inputs];
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                values[output * inputs + input] = matrix.get(input * outputs + output);
            }
        }
        return values;
    }

    private static float[] array(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static int size(long[] shape) {
        int size = 1;
        for (long length : shape) {
            size *= (int) length;
        }
        return size;
    }

    private static void put(ByteBuffer bytes, FloatFormat format, float value) {
        int bits = Float.floatToRawIntBits(value);
        switch (format) {
            case F32 -> bytes.putFloat(value);
            case F16 -> bytes.putShort(half(value, bits));
            case BF16 -> bytes.putShort((short) (bits + 0x8000 >> 16));
        }
    }

    /** The nearest half to a float that is within the range of halves. */
    private static short half(float value, int bits) {
        int sign = bits >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        int rest =
                magnitude < 0x1p-14f
                        ? Math.round(magnitude * 0x1p24f)
                        : ((bits & 0x7fffffff) + 0x1000 >> 13) - (127 - 15 << 10);
        return (short) (sign | rest);
    }
}
