package io.freshet.cli.models;

import io.freshet.cli.machine.CommandOutput;
import io.freshet.cli.machine.StoreOption;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoredUpdate;
import io.freshet.store.UpdateHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code freshet models show}. */
@Command(
        name = "show",
        description = "Shows what a version's manifest says, and the updates that followed it.",
        mixinStandardHelpOptions = true)
final class ShowModel implements Callable<Integer> {

    @Mixin private StoreOption store = new StoreOption();
    @Mixin private CommandOutput output = new CommandOutput();

    @Parameters(paramLabel = "VERSION", description = "Number of the version.")
    private long version;

    /** What is printed. */
    record Shown(Manifest manifest, String fingerprint, List<Update> updates) {}

    /** An update, see {@link UpdateHeader}. */
    record Update(
            long update,
            String fingerprint,
            long windowStart,
            long windowEnd,
            Map<String, Double> metrics) {

        static Update of(StoredUpdate stored) {
            UpdateHeader header = stored.header();
            return new Update(
                    header.update(),
                    stored.fingerprint(),
                    header.windowStart(),
                    header.windowEnd(),
                    new TreeMap<>(header.metrics()));
        }
    }

    @Override
    public Integer call() throws IOException {
        try (ModelStore models = store.open()) {
            Manifest manifest = models.manifest(version);
            List<Update> updates = models.updates().of(version).stream().map(Update::of).toList();
            output.print(
                    new Shown(manifest, manifest.fingerprint(), updates), rows(manifest, updates));
        }
        return 0;
    }

    private static List<List<String>> rows(Manifest manifest, List<Update> updates) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("version", String.valueOf(manifest.version())));
        rows.add(List.of("fingerprint", manifest.fingerprint()));
        rows.add(List.of("created", manifest.createdAt()));
        rows.add(
                List.of(
                        "made of",
                        manifest.parent() == 0
                                ? "nothing"
                                : "version %d, update %d"
                                        .formatted(manifest.parent(), manifest.lastUpdate())));
        rows.add(
                List.of(
                        "window",
                        "%d, event time %d to %d ms"
                                .formatted(
                                        manifest.window(),
                                        manifest.windowStart(),
                                        manifest.windowEnd())));
        rows.add(List.of("content", manifest.content()));
        rows.add(List.of("reason", manifest.reason()));
        rows.add(List.of("counts", new TreeMap<>(manifest.counts()).toString()));
        rows.add(List.of("metrics", new TreeMap<>(manifest.metrics()).toString()));
        manifest.files()
                .forEach(
                        file ->
                                rows.add(
                                        List.of(
                                                "file",
                                                "%s, %d bytes, SHA-256 %s"
                                                        .formatted(
                                                                file.path(),
                                                                file.size(),
                                                                file.sha256()))));
        updates.forEach(
                update ->
                        rows.add(
                                List.of(
                                        "update",
                                        "%d, event time %d to %d ms, %s"
                                                .formatted(
                                                        update.update(),
                                                        update.windowStart(),
                                                        update.windowEnd(),
                                                        update.metrics()))));
        return rows;
    }
}
