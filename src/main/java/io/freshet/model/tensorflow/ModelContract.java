package io.freshet.model.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** The signatures that a model must have; the package's documentation says what each one does. */
final class ModelContract {

    private record Ends(Map<String, DataType> inputs, Map<String, DataType> outputs) {}

    private static final DataType INT = DataType.DT_INT32;
    private static final DataType LONG = DataType.DT_INT64;
    private static final DataType FLOAT = DataType.DT_FLOAT;
    private static final DataType STRING = DataType.DT_STRING;

    private static final Map<String, Ends> SIGNATURES = new LinkedHashMap<>();

    static {
        SIGNATURES.put(
                "train",
                new Ends(
                        Map.of(
                                "items", INT,
                                "positions", INT,
                                "labels", INT,
                                "candidates", INT,
                                "log_q", FLOAT,
                                "weights", FLOAT,
                                "head_rate", FLOAT,
                                "body_rate", FLOAT,
                                "clip_norm", FLOAT,
                                "seed", LONG),
                        Map.of("loss", FLOAT, "gradient_norm", FLOAT)));
        SIGNATURES.put(
                "evaluate",
                new Ends(
                        Map.of("items", INT, "positions", INT, "targets", INT),
                        Map.of("ranks", INT, "losses", FLOAT)));
        SIGNATURES.put(
                "serving_default",
                new Ends(
                        Map.of("items", INT, "candidates", INT, "top", INT),
                        Map.of(
                                "top_rows", INT,
                                "top_item_ids", STRING,
                                "top_scores", FLOAT,
                                "candidate_scores", FLOAT)));
        SIGNATURES.put(
                "append",
                new Ends(
                        Map.of("item_ids", STRING, "features", FLOAT, "seed", LONG),
                        Map.of("rows", INT)));
        SIGNATURES.put(
                "recycle",
                new Ends(
                        Map.of("rows", INT, "item_ids", STRING, "features", FLOAT, "seed", LONG),
                        Map.of("rows", INT)));
        SIGNATURES.put(
                "describe", new Ends(Map.of("rows", INT, "features", FLOAT), Map.of("rows", INT)));
        SIGNATURES.put(
                "changes",
                new Ends(
                        Map.of("rows", INT, "described_rows", INT),
                        Map.of("row_weights", FLOAT, "features", FLOAT, "dense_weights", FLOAT)));
        SIGNATURES.put(
                "apply",
                new Ends(
                        Map.of("rows", INT, "row_weights", FLOAT, "dense_weights", FLOAT),
                        Map.of("rows", INT)));
        SIGNATURES.put("item_ids", new Ends(Map.of(), Map.of("item_ids", STRING)));
        SIGNATURES.put(
                "info",
                new Ends(Map.of(), Map.of("length", INT, "rows", INT, "feature_width", INT)));
    }

    private ModelContract() {}

    /** What keeps a SavedModel from being used, a line each; none if it honours the contract. */
    static List<String> problems(MetaGraphDef model) {
        List<String> problems = new ArrayList<>();
        Map<String, SignatureDef> found = model.getSignatureDefMap();
        SIGNATURES.forEach(
                (name, ends) -> {
                    SignatureDef signature = found.get(name);
                    if (signature == null) {
                        problems.add(
                                "no signature '"
                                        + name
                                        + "', only "
                                        + new TreeSet<>(found.keySet()));
                    } else {
                        String inputs = "signature '" + name + "', inputs: ";
                        compare(inputs, ends.inputs(), signature.getInputsMap(), problems);
                        for (String extra : extra(ends.inputs(), signature.getInputsMap())) {
                            problems.add(inputs + "unknown '" + extra + "'");
                        }
                        String outputs = "signature '" + name + "', outputs: ";
                        compare(outputs, ends.outputs(), signature.getOutputsMap(), problems);
                    }
                });
        if (model.getSaverDef().getFilenameTensorName().isEmpty()) {
            problems.add("no saver (SaverDef), so its variables can be neither saved nor restored");
        }
        return problems;
    }

    private static void compare(
            String where,
            Map<String, DataType> expected,
            Map<String, TensorInfo> found,
            List<String> problems) {
        new TreeMap<>(expected)
                .forEach(
                        (name, type) -> {
                            TensorInfo info = found.get(name);
                            if (info == null) {
                                problems.add(
                                        where
                                                + "no '"
                                                + name
                                                + "', only "
                                                + new TreeSet<>(found.keySet()));
                            } else if (info.getDtype() != type) {
                                problems.add(
                                        where
                                                + "'"
                                                + name
                                                + "' is "
                                                + info.getDtype()
                                                + ", not "
                                                + type);
                            }
                        });
    }

    private static Set<String> extra(
            Map<String, DataType> expected, Map<String, TensorInfo> found) {
        Set<String> extra = new TreeSet<>(found.keySet());
        extra.removeAll(expected.keySet());
        return extra;
    }
}
