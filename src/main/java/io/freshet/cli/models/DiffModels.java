package io.freshet.cli.models;

import io.freshet.cli.machine.CommandOutput;
import io.freshet.cli.machine.MachinePreflight;
import io.freshet.cli.machine.StoreOption;
import io.freshet.model.RecommenderModel;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code freshet models diff}. */
@Command(
        name = "diff",
        description =
                "Compares two versions: what was measured, which items came and went, and how far"
                        + " the vectors of the others moved.",
        mixinStandardHelpOptions = true)
final class DiffModels implements Callable<Integer> {

    @Mixin private StoreOption store = new StoreOption();
    @Mixin private CommandOutput output = new CommandOutput();

    @Parameters(index = "0", paramLabel = "FROM", description = "Number of a version.")
    private long from;

    @Parameters(index = "1", paramLabel = "TO", description = "Number of another.")
    private long to;

    /**
     * What is printed.
     *
     * @param metrics by name, those of both; what one lacks is left out
     * @param added items with a row in the second alone
     * @param removed items with a row in the first alone
     * @param similarity mean cosine between the two vectors of an item that both have; NaN if there
     *     is none, or the models give no vectors
     */
    record Difference(
            Map<String, List<Double>> metrics,
            Set<String> added,
            Set<String> removed,
            double similarity) {}

    @Override
    public Integer call() throws IOException {
        MachinePreflight.find().check();
        try (ModelStore models = store.open()) {
            Items one = Items.of(models, from);
            Items other = Items.of(models, to);
            Set<String> added = new TreeSet<>(other.rows.keySet());
            added.removeAll(one.rows.keySet());
            Set<String> removed = new TreeSet<>(one.rows.keySet());
            removed.removeAll(other.rows.keySet());
            Map<String, List<Double>> metrics = metrics(models.manifest(from), models.manifest(to));
            Difference found = new Difference(metrics, added, removed, one.similarity(other));
            output.print(found, rows(found));
        }
        return 0;
    }

    private static Map<String, List<Double>> metrics(Manifest one, Manifest other) {
        Map<String, List<Double>> metrics = new HashMap<>();
        one.metrics()
                .forEach(
                        (name, value) -> {
                            Double changed = other.metrics().get(name);
                            if (changed != null) {
                                metrics.put(name, List.of(value, changed));
                            }
                        });
        return metrics;
    }

    private List<List<String>> rows(Difference found) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", String.valueOf(from), String.valueOf(to)));
        found.metrics().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(
                        metric ->
                                rows.add(
                                        List.of(
                                                metric.getKey(),
                                                metric.getValue().get(0).toString(),
                                                metric.getValue().get(1).toString())));
        rows.add(List.of("items of one alone", some(found.removed()), some(found.added())));
        rows.add(List.of("mean cosine of the others", "", "%.4f".formatted(found.similarity())));
        return rows;
    }

    private static String some(Set<String> items) {
        return "%d: %s".formatted(items.size(), items.stream().limit(5).toList());
    }

    /** The item table of a version: the row of each item, and vectors, [rows, width]. */
    private record Items(Map<String, Integer> rows, float[] vectors, int width) {

        static Items of(ModelStore models, long version) throws IOException {
            try (RecommenderModel model =
                    new TensorFlowModelRuntime().load(models.localCopy(version, null))) {
                String[] ids = model.itemIds();
                Map<String, Integer> rows = new HashMap<>();
                for (int row = 1; row < ids.length; row++) {
                    if (!ids[row].isEmpty()) {
                        rows.put(ids[row], row);
                    }
                }
                float[] vectors = model.itemVectors();
                return new Items(rows, vectors, vectors.length / Math.max(1, ids.length));
            }
        }

        double similarity(Items other) {
            if (width == 0 || width != other.width) {
                return Double.NaN;
            }
            double sum = 0;
            int both = 0;
            for (Map.Entry<String, Integer> item : rows.entrySet()) {
                Integer row = other.rows.get(item.getKey());
                if (row != null) {
                    sum += cosine(item.getValue() * width, other.vectors, row * width);
                    both++;
                }
            }
            return both == 0 ? Double.NaN : sum / both;
        }

        private double cosine(int at, float[] others, int otherAt) {
            double product = 0;
            double one = 0;
            double other = 0;
            for (int i = 0; i < width; i++) {
                product += (double) vectors[at + i] * others[otherAt + i];
                one += (double) vectors[at + i] * vectors[at + i];
                other += (double) others[otherAt + i] * others[otherAt + i];
            }
            return product / Math.max(Math.sqrt(one * other), Double.MIN_NORMAL);
        }
    }
}
