package io.freshet.cli.models;

import io.freshet.cli.machine.CommandOutput;
import io.freshet.cli.machine.StoreOption;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code freshet models list}. */
@Command(
        name = "list",
        description = "Lists the versions, and how many updates followed each.",
        mixinStandardHelpOptions = true)
final class ListModels implements Callable<Integer> {

    @Mixin private StoreOption store = new StoreOption();
    @Mixin private CommandOutput output = new CommandOutput();

    /** What is printed of a version. */
    record Listed(
            long version,
            String createdAt,
            long parent,
            long window,
            String trainedThrough,
            int updates,
            long bytes) {}

    @Override
    public Integer call() throws IOException {
        List<Listed> versions = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "version",
                        "created",
                        "parent",
                        "window",
                        "trained through",
                        "updates",
                        "bytes"));
        try (ModelStore models = store.open()) {
            for (Manifest manifest : models.manifests(1)) {
                Listed listed =
                        new Listed(
                                manifest.version(),
                                manifest.createdAt(),
                                manifest.parent(),
                                manifest.window(),
                                Instant.ofEpochMilli(manifest.trainedThrough()).toString(),
                                models.updates().of(manifest.version()).size(),
                                manifest.files().stream()
                                        .mapToLong(Manifest.FileEntry::size)
                                        .sum());
                versions.add(listed);
                rows.add(
                        List.of(
                                String.valueOf(listed.version()),
                                listed.createdAt(),
                                String.valueOf(listed.parent()),
                                String.valueOf(listed.window()),
                                listed.trainedThrough(),
                                String.valueOf(listed.updates()),
                                String.valueOf(listed.bytes())));
            }
        }
        output.print(versions, rows);
        return 0;
    }
}
