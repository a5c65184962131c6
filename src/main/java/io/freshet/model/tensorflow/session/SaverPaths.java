package io.freshet.model.tensorflow.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef.ArgDef;

/**
 * Where a graph's saver writes and reads. A saver is given a path through a placeholder, which the
 * saver definition names. A file operation is the saver's own if its path begins with that one: it
 * is that placeholder, or joined from it and constants without "..", or a function's argument that
 * is such a path in every call of the function.
 *
 * <p>Example, the saver of a Keras model: the graph's placeholder {@code saver_filename} is the
 * first argument of {@code StatefulPartitionedCall}, whose function joins it with {@code
 * "_temp/part"}, makes a {@code ShardedFilename} of it, and gives that to {@code SaveV2}. In {@code
 * SaveV2(Const "/etc/cron.d/x")} nothing leads to the placeholder.
 */
final class SaverPaths {

    /** Scope of the nodes that are in no function. */
    static final String GRAPH = "";

    private static final Map<String, List<Integer>> PATH_INPUTS =
            Map.of(
                    "SaveV2", List.of(0),
                    "RestoreV2", List.of(0),
                    "MergeV2Checkpoints", List.of(0, 1));

    private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");

    /** Attribute of functions that TensorFlow may call in place of each other. */
    private static final String INTERCHANGEABLE = "api_implements";

    private static final AttrValue NONE = AttrValue.getDefaultInstance();

    private final String placeholder;
    private final Map<String, Map<String, NodeDef>> nodes = new HashMap<>();
    private final Map<String, List<String>> arguments = new HashMap<>();
    private final Map<String, List<Call>> calls = new HashMap<>();
    private final Set<String> inProgress = new HashSet<>();

    /** A node that names a function; whether it passes its inputs as the function's arguments. */
    private record Call(String scope, NodeDef node, boolean direct) {}

    SaverPaths(MetaGraphDef graph) {
        placeholder = name(graph.getSaverDef().getFilenameTensorName());
        for (FunctionDef function : graph.getGraphDef().getLibrary().getFunctionList()) {
            if (function.containsAttr(INTERCHANGEABLE)) {
                continue;
            }
            arguments.put(
                    function.getSignature().getName(),
                    function.getSignature().getInputArgList().stream()
                            .map(ArgDef::getName)
                            .toList());
        }
        add(GRAPH, graph.getGraphDef().getNodeList());
        for (FunctionDef function : graph.getGraphDef().getLibrary().getFunctionList()) {
            add(function.getSignature().getName(), function.getNodeDefList());
        }
    }

    private void add(String scope, List<NodeDef> added) {
        Map<String, NodeDef> byName = nodes.computeIfAbsent(scope, s -> new HashMap<>());
        for (NodeDef node : added) {
            byName.put(node.getName(), node);
            addCall(node.getOp(), new Call(scope, node, false));
            node.getAttrMap()
                    .forEach(
                            (attribute, value) -> {
                                boolean direct =
                                        attribute.equals("f") && CALLS.contains(node.getOp());
                                addCalls(value, new Call(scope, node, direct));
                            });
        }
    }

    /** A function that is named within another's attributes may be called with any argument. */
    private void addCalls(AttrValue value, Call call) {
        List<NameAttrList> functions = new ArrayList<>(value.getList().getFuncList());
        if (value.hasFunc()) {
            functions.add(value.getFunc());
        }
        for (NameAttrList function : functions) {
            addCall(function.getName(), call);
            function.getAttrMap()
                    .values()
                    .forEach(inner -> addCalls(inner, new Call(call.scope(), call.node(), false)));
        }
    }

    private void addCall(String function, Call call) {
        calls.computeIfAbsent(function, f -> new ArrayList<>()).add(call);
    }

    /**
     * Whether a node is a file operation of the saver, on the path that the saver is given.
     *
     * @param scope function that the node is in, or {@link #GRAPH}
     */
    boolean isOnItsPath(NodeDef node, String scope) {
        List<Integer> paths = PATH_INPUTS.get(node.getOp());
        return paths != null && paths.stream().allMatch(input -> isSavers(scope, node, input));
    }

    private boolean isSavers(String scope, NodeDef node, int input) {
        return input < node.getInputCount() && isSavers(scope, name(node.getInput(input)));
    }

    private boolean isSavers(String scope, String value) {
        int argument = arguments.getOrDefault(scope, List.of()).indexOf(value);
        if (argument >= 0) {
            return isSaversInEveryCall(scope, argument);
        }
        @Nullable NodeDef node = nodes.getOrDefault(scope, Map.of()).get(value);
        if (node == null) {
            return false;
        }
        return switch (node.getOp()) {
            case "Placeholder" -> scope.equals(GRAPH) && value.equals(placeholder);
            case "Identity", "ShardedFilename", "ExpandDims", "Reshape" -> isSavers(scope, node, 0);
            case "Pack" -> dataInputs(node).allMatch(input -> isSavers(scope, node, input));
            case "Select", "SelectV2" -> isSavers(scope, node, 1) && isSavers(scope, node, 2);
            case "StringJoin" ->
                    isSavers(scope, node, 0)
                            && isPlain(node.getAttrOrDefault("separator", NONE))
                            && dataInputs(node)
                                    .skip(1)
                                    .allMatch(i -> isPlain(scope, name(node.getInput(i))));
            default -> false;
        };
    }

    /** A function that is being looked at already calls itself, and adds no other argument. */
    private boolean isSaversInEveryCall(String function, int argument) {
        String key = function + ':' + argument;
        if (!inProgress.add(key)) {
            return true;
        }
        List<Call> found = calls.getOrDefault(function, List.of());
        boolean all =
                !found.isEmpty()
                        && found.stream()
                                .allMatch(
                                        call ->
                                                call.direct()
                                                        && isSavers(
                                                                call.scope(),
                                                                call.node(),
                                                                argument));
        inProgress.remove(key);
        return all;
    }

    /** Whether a text is made of constants that lead out of no directory. */
    private boolean isPlain(String scope, String value) {
        @Nullable NodeDef node = nodes.getOrDefault(scope, Map.of()).get(value);
        if (node == null) {
            return false;
        }
        return switch (node.getOp()) {
            case "Const" -> isPlain(node.getAttrOrDefault("value", NONE));
            case "Identity" -> isPlain(scope, name(node.getInput(0)));
            case "Select", "SelectV2" ->
                    isPlain(scope, name(node.getInput(1)))
                            && isPlain(scope, name(node.getInput(2)));
            default -> false;
        };
    }

    private static boolean isPlain(AttrValue value) {
        return !value.getS().toStringUtf8().contains("..")
                && value.getTensor().getStringValList().stream()
                        .noneMatch(text -> text.toStringUtf8().contains(".."))
                && !value.getTensor().getTensorContent().toStringUtf8().contains("..");
    }

    private static Stream<Integer> dataInputs(NodeDef node) {
        return IntStream.range(0, node.getInputCount())
                .filter(input -> !node.getInput(input).startsWith("^"))
                .boxed();
    }

    /** The node or argument of an input such as {@code node:0} or {@code node:output:0}. */
    private static String name(String input) {
        int colon = input.indexOf(':');
        return colon < 0 ? input : input.substring(0, colon);
    }
}
