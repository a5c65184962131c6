package io.freshet.model.tensorflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
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
    record Declared(DataType type, List<Long> shape) {

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
                names.getAttrOrThrow("value").getTensor().getStringValList().stream()
                        .map(name -> name.toStringUtf8())
                        .filter(declared::containsKey)
                        .forEach(name -> saved.put(name, declared.get(name)));
            }
        }
        return new SavedVariables(saved);
    }

    /** Whether the graph is one that this library authored, in whatever release. */
    boolean isReferenceModel() {
        return byName.containsKey(OF_EVERY_REFERENCE_MODEL);
    }

    private static List<Long> dimensions(TensorShapeProto shape) {
        return shape.getDimList().stream().map(TensorShapeProto.Dim::getSize).toList();
    }
}
