package io.freshet.model.tensorflow;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The weights of an ONNX file by name. An exporter keeps the names of biases, embeddings and norms,
 * but folds the transposed matrices into initializers with made-up names; those are found by the
 * MatMul node that multiplies with them.
 */
final class OnnxWeights {

    private static final int FLOAT = OnnxMl.TensorProto.DataType.FLOAT_VALUE;

    private final Map<String, OnnxMl.TensorProto> initializers;
    private final Map<String, String> factors;

    private OnnxWeights(OnnxMl.GraphProto graph) {
        initializers =
                graph.getInitializerList().stream()
                        .collect(
                                Collectors.toMap(OnnxMl.TensorProto::getName, Function.identity()));
        factors =
                graph.getNodeList().stream()
                        .filter(node -> node.getOpType().equals("MatMul"))
                        .collect(
                                Collectors.toMap(
                                        OnnxMl.NodeProto::getName, node -> node.getInput(1)));
    }

    /**
     * Parses an ONNX model of up to 2 GB.
     *
     * @throws IOException if the bytes can't be read or are no ONNX model
     */
    static OnnxWeights read(InputStream stream) throws IOException {
        CodedInputStream coded = CodedInputStream.newInstance(stream);
        coded.setSizeLimit(Integer.MAX_VALUE);
        return new OnnxWeights(OnnxMl.ModelProto.parseFrom(coded).getGraph());
    }

    /**
     * The floats of an initializer, row by row.
     *
     * @throws IllegalArgumentException if there is no float initializer of this name and shape
     */
    FloatBuffer named(String name, long... shape) {
        OnnxMl.TensorProto tensor = initializers.get(name);
        if (tensor == null) {
            throw missing("initializer", name, initializers);
        }
        List<Long> wanted = Arrays.stream(shape).boxed().toList();
        if (tensor.getDataType() != FLOAT || !tensor.getDimsList().equals(wanted)) {
            throw new IllegalArgumentException(
                    "Initializer "
                            + name
                            + " of the ONNX model: expected floats of shape "
                            + wanted
                            + ", found type "
                            + OnnxMl.TensorProto.DataType.forNumber(tensor.getDataType())
                            + " of shape "
                            + tensor.getDimsList());
        }
        return floats(tensor);
    }

    /**
     * The right-hand matrix of a MatMul node, [rows, columns], row by row.
     *
     * @throws IllegalArgumentException if there is no such node, or its matrix has another shape
     */
    FloatBuffer factor(String node, long rows, long columns) {
        String name = factors.get(node);
        if (name == null) {
            throw missing("MatMul node", node, factors);
        }
        return named(name, rows, columns);
    }

    private static FloatBuffer floats(OnnxMl.TensorProto tensor) {
        if (tensor.getRawData().isEmpty()) {
            FloatBuffer buffer = FloatBuffer.allocate(tensor.getFloatDataCount());
            tensor.getFloatDataList().forEach(buffer::put);
            return buffer.flip();
        }
        return tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
    }

    private static IllegalArgumentException missing(String kind, String name, Map<String, ?> all) {
        return new IllegalArgumentException(
                "The ONNX model has no "
                        + kind
                        + " "
                        + name
                        + "; it has "
                        + all.keySet().stream().sorted().toList());
    }
}
