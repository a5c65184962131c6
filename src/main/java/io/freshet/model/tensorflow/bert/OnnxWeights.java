package io.freshet.model.tensorflow.bert;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the weights of an ONNX file. An exporter keeps the names of biases, embeddings and norms,
 * but folds the transposed matrices into initializers with made-up names; those are found by the
 * MatMul node that multiplies with them.
 */
final class OnnxWeights {

    private static final int FLOAT = OnnxMl.TensorProto.DataType.FLOAT_VALUE;

    /** {@code /encoder/layer.0/attention/self/query/MatMul}, maybe with a prefix. */
    private static final Pattern DENSE = Pattern.compile("/((?:bert/)?encoder/layer\\..+)/MatMul");

    private OnnxWeights() {}

    /**
     * Parses an ONNX model of up to 2 GB.
     *
     * @param file what is read, for messages
     * @throws IOException if the bytes can't be read or are no ONNX model
     */
    static BertWeights read(String file, InputStream stream) throws IOException {
        CodedInputStream coded = CodedInputStream.newInstance(stream);
        coded.setSizeLimit(Integer.MAX_VALUE);
        OnnxMl.GraphProto graph = OnnxMl.ModelProto.parseFrom(coded).getGraph();
        Map<String, BertWeights.Tensor> initializers = new HashMap<>();
        for (OnnxMl.TensorProto initializer : graph.getInitializerList()) {
            initializers.put(initializer.getName(), tensor(initializer));
        }
        Map<String, BertWeights.Tensor> named = new HashMap<>();
        initializers.forEach((name, tensor) -> named.put(BertWeights.usualName(name), tensor));
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            Matcher dense = DENSE.matcher(node.getName());
            if (dense.matches() && initializers.containsKey(node.getInput(1))) {
                named.put(
                        BertWeights.foldedName(dense.group(1).replace('/', '.')),
                        initializers.get(node.getInput(1)));
            }
        }
        return new BertWeights(file, named);
    }

    private static BertWeights.Tensor tensor(OnnxMl.TensorProto tensor) {
        return new BertWeights.Tensor(
                String.valueOf(OnnxMl.TensorProto.DataType.forNumber(tensor.getDataType())),
                tensor.getDimsList().stream().mapToLong(size -> size).toArray(),
                () -> floats(tensor));
    }

    private static FloatBuffer floats(OnnxMl.TensorProto tensor) {
        if (tensor.getDataType() != FLOAT) {
            throw new IllegalArgumentException(
                    "found "
                            + OnnxMl.TensorProto.DataType.forNumber(tensor.getDataType())
                            + ", expected FLOAT: export the model without quantization");
        }
        if (tensor.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL) {
            throw new IllegalArgumentException(
                    "its data is in another file, expected a model in one file");
        }
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
}
