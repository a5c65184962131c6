package io.freshet.model.tensorflow.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The variables of a SavedModel that its checkpoints hold, in their order.
 *
 * @param byName their declarations by name
 */
record SavedVariables(Map<String, Declared> byName) {

    private static final String OF_EVERY_REFERENCE_MODEL = "body/positions";

    /**
     * What a graph says of a variable.
     *
     * @param shape its dimensions, -1 for one that may change
     */
    public record Declared(DataType type, List<Long> shape) {

        @Override
        public String toString() {
            return shape.toString().replace("-1", "?");
        }
    }

    static SavedVariables of(Path directory) throws IOException {
        byte[] file = Files.readAllBytes(directory.resolve("saved_model.pb"));
        return of(SavedModel.parseFrom(file).getMetaGraphs(0));
    }

    static SavedVariables of(MetaGraphDef model) {
        GraphDef graph = model.getGraphDef();
        Map<String, NodeDef> nodes = new HashMap<>();
        Map<String, Declared> declared = new HashMap<>();
        for (NodeDef node : graph.getNodeList()) {
            nodes.put(node.getName(), node);
            if (node.getOp().equals("VarHandleOp")) {
                declared.put(
                        node.getAttrOrThrow("shared_name").getS().toStringUtf8(),
                        new Declared(
                                node.getAttrOrThrow("dtype").getType(),
                                dimensions(node.getAttrOrThrow("shape").getShape())));
            }
        }
        Map<String, Declared> saved = new LinkedHashMap<>();
        for (NodeDef node : graph.getNodeList()) {
            NodeDef names = node.getOp().equals("SaveV2") ? nodes.get(node.getInput(1)) : null;
            if (names != null && names.containsAttr("value")) {
                for (String name : strings(names.getAttrOrThrow("value").getTensor())) {
                    saved.put(name, declaration(name, declared));
                }
            }
        }
        return new SavedVariables(saved);
    }

    /** Whether the graph is one that this library authored, in whatever release. */
    boolean isReferenceModel() {
        return byName.containsKey(OF_EVERY_REFERENCE_MODEL);
    }

    private static Declared declaration(String name, Map<String, Declared> declared) {
        Declared found = declared.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "Checkpoints of the model have '%s', but its variables are %s"
                            .formatted(name, new TreeSet<>(declared.keySet())));
        }
        return found;
    }

    /** A vector of strings is a list, or all lengths followed by all bytes. */
    private static List<String> strings(TensorProto tensor) {
        if (tensor.getStringValCount() > 0) {
            return tensor.getStringValList().stream().map(ByteString::toStringUtf8).toList();
        }
        try {
            CodedInputStream content = tensor.getTensorContent().newCodedInput();
            int[] lengths = new int[(int) tensor.getTensorShape().getDim(0).getSize()];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = content.readRawVarint32();
            }
            List<String> strings = new ArrayList<>();
            for (int length : lengths) {
                strings.add(new String(content.readRawBytes(length), StandardCharsets.UTF_8));
            }
            return strings;
        } catch (IOException e) {
            throw new UncheckedIOException("The names of the model's variables can't be read", e);
        }
    }

    private static List<Long> dimensions(TensorShapeProto shape) {
        return shape.getDimList().stream().map(TensorShapeProto.Dim::getSize).toList();
    }
}
