package io.freshet.model.tensorflow.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * The signatures that a model must or may have; the documentation of {@code
 * io.freshet.model.tensorflow} says what each one does.
 */
public final class ModelContract {

    /** How the inputs and outputs begin that are one variable each, of rows or of no row. */
    public static final String ROW = "row/";

    public static final String DENSE = "dense/";

    private record Ends(Map<String, DataType> inputs, Map<String, DataType> outputs) {}

    /** What a signature may have besides what it must have. */
    private record Signature(Ends required, Ends optional) {

        Signature(Map<String, DataType> inputs, Map<String, DataType> outputs) {
            this(new Ends(inputs, outputs), new Ends(Map.of(), Map.of()));
        }
    }

    private static final DataType INT = DataType.DT_INT32;
    private static final DataType LONG = DataType.DT_INT64;
    private static final DataType FLOAT = DataType.DT_FLOAT;
    private static final DataType STRING = DataType.DT_STRING;

    private static final Map<String, Signature> SIGNATURES = new LinkedHashMap<>();

    /** What a model has that can serve without what training needs; all of them, or none. */
    private static final Set<String> SERVING =
            Set.of("serve_only", "prepare_follow", "follow", "adopt_prepared");

    /** Signatures without which a model can't be distilled, or not be followed by updates. */
    private static final Set<String> EXTENSIONS =
            Set.of("teach", "distill", "export_changes", "import_changes");

    /** What a training step takes that learns from rejections; all of them, or none. */
    private static final Map<String, DataType> REJECTIONS =
            Map.of("rejected_positions", INT, "rejected_rows", INT, "rejection", FLOAT);

    /** What a signature takes whose model learns from more of a position than its item. */
    private static final Map<String, DataType> ATTRIBUTES = Map.of("attributes", INT);

    /** Signatures that take variables of the model's own choice. */
    private static final Set<String> TAKE_VARIABLES =
            Set.of("import_changes", "prepare_follow", "follow");

    static {
        Map<String, DataType> train =
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
                        "seed", LONG);
        Map<String, DataType> step = Map.of("loss", FLOAT, "gradient_norm", FLOAT);
        Map<String, DataType> distill = new HashMap<>(train);
        distill.putAll(
                Map.of(
                        "taught_positions", INT,
                        "taught_rows", INT,
                        "taught_log_q", FLOAT,
                        "taught", FLOAT,
                        "distillation", FLOAT));
        Map<String, DataType> optional = new HashMap<>(REJECTIONS);
        optional.putAll(ATTRIBUTES);
        optional.put("layer_decay", FLOAT);
        Map<String, DataType> alone = new HashMap<>(optional);
        alone.put("ratings", FLOAT);
        SIGNATURES.put("train", new Signature(new Ends(train, step), new Ends(alone, Map.of())));
        SIGNATURES.put(
                "distill", new Signature(new Ends(distill, step), new Ends(optional, Map.of())));
        SIGNATURES.put(
                "teach",
                new Signature(
                        new Ends(
                                Map.of("items", INT, "positions", INT, "rows", INT, "log_q", FLOAT),
                                Map.of("probabilities", FLOAT)),
                        new Ends(ATTRIBUTES, Map.of())));
        SIGNATURES.put(
                "evaluate",
                new Signature(
                        new Ends(
                                Map.of("items", INT, "positions", INT, "targets", INT),
                                Map.of("ranks", INT, "losses", FLOAT)),
                        new Ends(ATTRIBUTES, Map.of("ratings", FLOAT))));
        SIGNATURES.put(
                "serving_default",
                new Signature(
                        new Ends(
                                Map.of("items", INT, "candidates", INT, "top", INT),
                                Map.of(
                                        "top_rows", INT,
                                        "top_item_ids", STRING,
                                        "top_scores", FLOAT,
                                        "candidate_scores", FLOAT)),
                        new Ends(ATTRIBUTES, Map.of())));
        SIGNATURES.put(
                "append",
                new Signature(
                        Map.of("item_ids", STRING, "features", FLOAT, "seed", LONG),
                        Map.of("rows", INT)));
        SIGNATURES.put(
                "recycle",
                new Signature(
                        Map.of("rows", INT, "item_ids", STRING, "features", FLOAT, "seed", LONG),
                        Map.of("rows", INT)));
        SIGNATURES.put(
                "describe",
                new Signature(Map.of("rows", INT, "features", FLOAT), Map.of("rows", INT)));
        SIGNATURES.put(
                "export_changes",
                new Signature(
                        Map.of("rows", INT, "described_rows", INT), Map.of("features", FLOAT)));
        SIGNATURES.put("import_changes", new Signature(Map.of("rows", INT), Map.of("rows", INT)));
        Map<String, DataType> followed =
                Map.of(
                        "renamed_rows", INT,
                        "item_ids", STRING,
                        "described_rows", INT,
                        "features", FLOAT,
                        "rows", INT);
        SIGNATURES.put("serve_only", new Signature(Map.of(), Map.of("rows", INT)));
        SIGNATURES.put("prepare_follow", new Signature(followed, Map.of("rows", INT)));
        SIGNATURES.put("follow", new Signature(followed, Map.of("rows", INT)));
        SIGNATURES.put("adopt_prepared", new Signature(Map.of(), Map.of("rows", INT)));
        SIGNATURES.put("item_ids", new Signature(Map.of(), Map.of("item_ids", STRING)));
        SIGNATURES.put(
                "info",
                new Signature(
                        new Ends(
                                Map.of(), Map.of("length", INT, "rows", INT, "feature_width", INT)),
                        new Ends(Map.of(), Map.of("architecture", STRING))));
    }

    private ModelContract() {}

    /** What keeps a SavedModel from being used, a line each; none if it honours the contract. */
    static List<String> problems(MetaGraphDef model) {
        List<String> problems = new ArrayList<>();
        Map<String, SignatureDef> found = model.getSignatureDefMap();
        SIGNATURES.forEach(
                (name, expected) -> {
                    SignatureDef signature = found.get(name);
                    if (signature != null) {
                        compare(name, expected, signature, problems);
                    } else if (isRequired(name, found)) {
                        problems.add(
                                "no signature '"
                                        + name
                                        + "', only "
                                        + new TreeSet<>(found.keySet()));
                    }
                });
        compareVariables(
                variables(found.get("export_changes"), SignatureDef::getOutputsMap),
                variables(found.get("import_changes"), SignatureDef::getInputsMap),
                problems);
        for (String name : List.of("prepare_follow", "follow")) {
            compareWeights(name, found, problems);
        }
        if (model.getSaverDef().getFilenameTensorName().isEmpty()) {
            problems.add("no saver (SaverDef), so its variables can be neither saved nor restored");
        }
        return problems;
    }

    private static boolean isRequired(String name, Map<String, SignatureDef> found) {
        return SERVING.contains(name)
                ? SERVING.stream().anyMatch(found::containsKey)
                : !EXTENSIONS.contains(name);
    }

    private static void compare(
            String name, Signature expected, SignatureDef found, List<String> problems) {
        String inputs = "signature '" + name + "', inputs: ";
        require(inputs, expected.required().inputs(), found.getInputsMap(), problems);
        checkTypes(inputs, expected.optional().inputs(), found.getInputsMap(), problems);
        Set<String> unknown = new TreeSet<>(found.getInputsMap().keySet());
        unknown.removeAll(expected.required().inputs().keySet());
        unknown.removeAll(expected.optional().inputs().keySet());
        unknown.removeIf(input -> TAKE_VARIABLES.contains(name) && isVariable(input));
        unknown.forEach(input -> problems.add(inputs + "unknown '" + input + "'"));
        Set<String> rejections = new TreeSet<>(REJECTIONS.keySet());
        rejections.retainAll(found.getInputsMap().keySet());
        if (!rejections.isEmpty() && rejections.size() < REJECTIONS.size()) {
            problems.add(
                    inputs
                            + "only %s of %s, which go together"
                                    .formatted(rejections, new TreeSet<>(REJECTIONS.keySet())));
        }
        String outputs = "signature '" + name + "', outputs: ";
        require(outputs, expected.required().outputs(), found.getOutputsMap(), problems);
        checkTypes(outputs, expected.optional().outputs(), found.getOutputsMap(), problems);
    }

    private static boolean isVariable(String name) {
        return name.startsWith(ROW) || name.startsWith(DENSE);
    }

    private static SortedMap<String, DataType> variables(
            @Nullable SignatureDef signature,
            Function<SignatureDef, Map<String, TensorInfo>> ends) {
        SortedMap<String, DataType> variables = new TreeMap<>();
        if (signature != null) {
            ends.apply(signature)
                    .forEach(
                            (name, info) -> {
                                if (isVariable(name)) {
                                    variables.put(name, info.getDtype());
                                }
                            });
        }
        return variables;
    }

    /** What one model exports, another of the same graph must be able to import. */
    private static void compareVariables(
            SortedMap<String, DataType> exported,
            SortedMap<String, DataType> imported,
            List<String> problems) {
        if (!exported.keySet().equals(imported.keySet())) {
            problems.add(
                    "signature 'export_changes' gives %s, but 'import_changes' takes %s"
                            .formatted(exported.keySet(), imported.keySet()));
        }
        SortedMap<String, DataType> all = new TreeMap<>(exported);
        all.putAll(imported);
        all.values().removeIf(FLOAT::equals);
        all.forEach(
                (name, type) -> problems.add("'%s' is %s, not %s".formatted(name, type, FLOAT)));
    }

    /** A model that only serves follows by some of what is exported. */
    private static void compareWeights(
            String name, Map<String, SignatureDef> found, List<String> problems) {
        Set<String> taken = variables(found.get(name), SignatureDef::getInputsMap).keySet();
        Set<String> exported =
                variables(found.get("export_changes"), SignatureDef::getOutputsMap).keySet();
        if (!exported.containsAll(taken)) {
            problems.add(
                    "signature 'export_changes' gives %s, but '%s' takes %s"
                            .formatted(exported, name, taken));
        }
    }

    private static void require(
            String where,
            Map<String, DataType> expected,
            Map<String, TensorInfo> found,
            List<String> problems) {
        for (String name : new TreeSet<>(expected.keySet())) {
            if (!found.containsKey(name)) {
                problems.add(where + "no '" + name + "', only " + new TreeSet<>(found.keySet()));
            }
        }
        checkTypes(where, expected, found, problems);
    }

    private static void checkTypes(
            String where,
            Map<String, DataType> expected,
            Map<String, TensorInfo> found,
            List<String> problems) {
        new TreeMap<>(expected)
                .forEach(
                        (name, type) -> {
                            TensorInfo info = found.get(name);
                            if (info != null && info.getDtype() != type) {
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
}
