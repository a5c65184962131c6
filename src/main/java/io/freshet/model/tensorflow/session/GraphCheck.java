package io.freshet.model.tensorflow.session;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

/**
 * Refuses graphs that do more than compute. A SavedModel is a program, and whoever loads it runs
 * it: TensorFlow has operations that write files, open connections and end the process. So every
 * node of every graph and function must be an operation of a list of harmless ones.
 *
 * <p>A saver has to write and read files. Its operations are allowed where the path of the file
 * begins with the path that the saver is given ({@link SaverPaths}), and nowhere else.
 */
final class GraphCheck {

    private static final String LIST = "operations.txt";
    private static final int MOST_PROBLEMS = 5;
    private static final Set<String> HARMLESS = harmless();

    private final Set<String> allowed;

    /**
     * @param more operations that are allowed besides those of the list
     */
    GraphCheck(Collection<String> more) {
        allowed = new HashSet<>(HARMLESS);
        allowed.addAll(more);
    }

    /**
     * Checks all that a SavedModel can run.
     *
     * @param where names the SavedModel in messages
     * @throws IOException if it has an operation that is not allowed, or is no SavedModel
     */
    void require(byte[] savedModel, String where) throws IOException {
        List<String> problems = new ArrayList<>();
        for (MetaGraphDef graph : parse(savedModel, where).getMetaGraphsList()) {
            SaverPaths saver = new SaverPaths(graph);
            check(graph.getGraphDef().getNodeList(), SaverPaths.GRAPH, saver, problems);
            for (FunctionDef function : graph.getGraphDef().getLibrary().getFunctionList()) {
                String name = function.getSignature().getName();
                check(function.getNodeDefList(), name, saver, problems);
            }
        }
        if (!problems.isEmpty()) {
            throw new IOException(
                    """
                    %s is not loaded, because a SavedModel is a program, and this one does more \
                    than compute: found %s%s; expected operations of Freshet's list, and a saver's \
                    on the saver's own path. If you trust it, name the operations in \
                    store.allowed-operations; if not, remove it from the store"""
                            .formatted(
                                    where,
                                    problems.stream()
                                            .limit(MOST_PROBLEMS)
                                            .collect(Collectors.joining(", ")),
                                    problems.size() > MOST_PROBLEMS
                                            ? " and %d more"
                                                    .formatted(problems.size() - MOST_PROBLEMS)
                                            : ""));
        }
    }

    private static SavedModel parse(byte[] savedModel, String where) throws IOException {
        try {
            return SavedModel.parseFrom(savedModel);
        } catch (InvalidProtocolBufferException e) {
            throw new IOException(where + " can't be loaded: its graph is damaged", e);
        }
    }

    private void check(List<NodeDef> nodes, String scope, SaverPaths saver, List<String> problems) {
        for (NodeDef node : nodes) {
            boolean harmless = allowed.contains(node.getOp()) || saver.isOnItsPath(node, scope);
            if (!harmless) {
                problems.add(
                        "the operation %s in the node '%s'%s"
                                .formatted(
                                        node.getOp(),
                                        node.getName(),
                                        scope.isEmpty() ? "" : " of the function '" + scope + "'"));
            }
        }
    }

    private static Set<String> harmless() {
        try (InputStream in =
                Objects.requireNonNull(GraphCheck.class.getResourceAsStream(LIST), LIST)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split(" ")))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(LIST, e);
        }
    }
}
