package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.session.ModelContract.DENSE;
import static io.freshet.model.tensorflow.session.ModelContract.ROW;
import static java.util.Objects.requireNonNull;

import io.freshet.model.FloatTensor;
import io.freshet.model.WeightChanges;
import io.freshet.model.tensorflow.session.SavedModelSession;
import io.freshet.model.tensorflow.session.SignatureCall;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * How one model follows another: what changed is read from the one and written over the other, so
 * neither moves its whole table for the sake of a few steps.
 */
final class ChangeExchange {

    private final SavedModelSession session;
    private final ItemRowCalls items;
    private final ChangedRows changed;
    private boolean servesOnly;
    private volatile @Nullable WeightChanges prepared;

    ChangeExchange(SavedModelSession session, ItemRowCalls items, ChangedRows changed) {
        this.session = session;
        this.items = items;
        this.changed = changed;
    }

    /** All that changed since the last call. */
    WeightChanges exportAll() {
        int[] trained = changed.touched();
        int[] described = changed.described();
        try (SignatureCall call = session.call("export_changes")) {
            call.feed("rows", trained, trained.length)
                    .feed("described_rows", described, described.length)
                    .run(call.outputs().toArray(new String[0]));
            WeightChanges changes =
                    new WeightChanges(
                            items.count(),
                            changed.renamed(),
                            changed.itemIds(),
                            described,
                            call.tensor("features"),
                            trained,
                            tensors(call, ROW),
                            tensors(call, DENSE));
            changed.restart();
            return changes;
        }
    }

    private static SortedMap<String, FloatTensor> tensors(SignatureCall call, String prefix) {
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        for (String output : call.outputs()) {
            if (output.startsWith(prefix)) {
                tensors.put(output.substring(prefix.length()), call.tensor(output));
            }
        }
        return tensors;
    }

    /**
     * Writes what another model exported over this one.
     *
     * @throws IllegalArgumentException if it doesn't follow on this model; then nothing is written
     */
    void importAll(WeightChanges changes) {
        requireRows(changes);
        if (servesOnly) {
            follow(changes);
        } else {
            overwrite(changes);
        }
        changed.restart();
    }

    private void overwrite(WeightChanges changes) {
        SortedMap<String, FloatTensor> tensors = tensors(changes);
        int[] trained = changes.trainedRows();
        try (SignatureCall call = session.call("import_changes")) {
            requireVariables(call, tensors, trained.length);
            items.rename(changes.renamedRows(), changes.itemIds());
            items.describe(changes.describedRows(), changes.features().values());
            call.feed("rows", trained, trained.length);
            tensors.forEach((name, tensor) -> call.feed(name, tensor.values(), tensor.shape()));
            call.run("rows");
        }
    }

    /** Frees the optimizer's slots, if the model can follow without them. */
    void serveOnly() {
        if (session.has("follow")) {
            session.call("serve_only").run("rows").close();
            servesOnly = true;
        }
    }

    /**
     * Computes what the changes make of all items, if the model only serves.
     *
     * @throws IllegalArgumentException if they don't follow on this model
     */
    void prepare(WeightChanges changes) {
        if (!servesOnly) {
            return;
        }
        requireRows(changes);
        try (SignatureCall call = session.call("prepare_follow")) {
            feed(call, changes);
            call.run("rows");
        }
        prepared = changes;
    }

    private void follow(WeightChanges changes) {
        try (SignatureCall call = session.call("follow")) {
            feed(call, changes);
            int added = changes.rows() - items.count();
            String[] free = new String[added];
            Arrays.fill(free, "");
            items.append(free, new float[ItemRowCalls.floats(added, items.featureWidth())], 0);
            call.run("rows");
        }
        if (changes == prepared) {
            session.call("adopt_prepared").run("rows").close();
        }
        prepared = null;
    }

    private static void feed(SignatureCall call, WeightChanges changes) {
        int[] renamed = changes.renamedRows();
        int[] described = changes.describedRows();
        int[] trained = changes.trainedRows();
        SortedMap<String, FloatTensor> weights = tensors(changes);
        weights.keySet().removeIf(name -> !call.takes(name));
        requireVariables(call, weights, trained.length);
        call.feed("renamed_rows", renamed, renamed.length)
                .feed("item_ids", changes.itemIds(), renamed.length)
                .feed("described_rows", described, described.length)
                .feed("features", changes.features().values(), changes.features().shape())
                .feed("rows", trained, trained.length);
        weights.forEach((name, tensor) -> call.feed(name, tensor.values(), tensor.shape()));
    }

    private static SortedMap<String, FloatTensor> tensors(WeightChanges changes) {
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        changes.rowTensors().forEach((name, tensor) -> tensors.put(ROW + name, tensor));
        changes.denseTensors().forEach((name, tensor) -> tensors.put(DENSE + name, tensor));
        return tensors;
    }

    private void requireRows(WeightChanges changes) {
        int[] renamed = changes.renamedRows();
        long added = IntStream.of(renamed).filter(row -> row >= items.count()).count();
        check(
                added == changes.rows() - items.count(),
                "The changes make a table of %d rows by %d new ones, but the model has %d"
                        .formatted(changes.rows(), added, items.count()));
        check(
                renamed.length == changes.itemIds().length,
                "%d rows are renamed by %d item ids"
                        .formatted(renamed.length, changes.itemIds().length));
        requireAscending(renamed, changes.rows());
        requireAscending(changes.describedRows(), changes.rows());
        requireAscending(changes.trainedRows(), changes.rows());
        for (int row : renamed) {
            check(
                    Arrays.binarySearch(changes.describedRows(), row) >= 0
                            && Arrays.binarySearch(changes.trainedRows(), row) >= 0,
                    "Row %d is renamed, but has no content and weights".formatted(row));
        }
        requireShape(
                "the content vectors",
                changes.features(),
                changes.describedRows().length,
                items.featureWidth());
    }

    private static void requireAscending(int[] rows, int count) {
        for (int i = 0; i < rows.length; i++) {
            check(
                    rows[i] > (i == 0 ? 0 : rows[i - 1]) && rows[i] < count,
                    "Rows of changes must ascend from 1 to %d, found %d"
                            .formatted(count - 1, rows[i]));
        }
    }

    private static void requireVariables(
            SignatureCall call, SortedMap<String, FloatTensor> tensors, long rows) {
        SortedMap<String, long[]> expected = new TreeMap<>(call.inputShapes());
        expected.keySet().removeIf(name -> !name.startsWith(ROW) && !name.startsWith(DENSE));
        check(
                expected.keySet().equals(tensors.keySet()),
                "The changes are of %s, but the model has %s"
                        .formatted(tensors.keySet(), expected.keySet()));
        for (Map.Entry<String, long[]> each : expected.entrySet()) {
            long[] shape = each.getValue();
            if (each.getKey().startsWith(ROW) && shape.length > 0) {
                shape[0] = rows;
            }
            requireShape(each.getKey(), requireNonNull(tensors.get(each.getKey())), shape);
        }
    }

    /** Requires a shape; a dimension of -1 may be any. */
    private static void requireShape(String name, FloatTensor tensor, long... expected) {
        long[] found = tensor.shape();
        boolean same =
                found.length == expected.length
                        && LongStream.of(found).reduce(1, Math::multiplyExact)
                                == tensor.values().length;
        for (int i = 0; same && i < found.length; i++) {
            same = expected[i] == -1 || expected[i] == found[i];
        }
        check(
                same,
                "%s have shape %s and %d numbers, expected %s"
                        .formatted(
                                name,
                                Arrays.toString(found),
                                tensor.values().length,
                                Arrays.toString(expected)));
    }

    private static void check(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}
