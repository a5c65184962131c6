package io.freshet.cli.models;

import io.freshet.cli.machine.MachinePreflight;
import io.freshet.cli.machine.StoreOption;
import io.freshet.event.ModelRevision;
import io.freshet.model.RecommenderModel;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import io.freshet.store.StoredUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code freshet models export}. */
@Command(
        name = "export",
        description = {
            "Writes a version, or the live model as it was after an update, as a SavedModel with"
                    + " its vocabulary.",
            "TensorFlow Serving and Python load it as it is."
        },
        mixinStandardHelpOptions = true)
final class ExportModel implements Callable<Integer> {

    @Mixin private StoreOption store = new StoreOption();

    @Parameters(index = "0", paramLabel = "VERSION", description = "Number of the version.")
    private long version;

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "Where to; a directory that is empty or not there.")
    private Path target = Path.of("");

    @Option(
            names = "--update",
            paramLabel = "N",
            description = "Number of an update since the version; without, the version itself.")
    private long update;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        MachinePreflight.find().check();
        requireEmpty();
        try (ModelStore models = store.open();
                RecommenderModel model =
                        new TensorFlowModelRuntime().load(models.localCopy(version, null))) {
            if (update > 0) {
                for (StoredUpdate each : models.updates().chain(revision(models))) {
                    model.importChanges(models.updates().read(each));
                }
            }
            model.save(target);
            Files.writeString(
                    target.resolve(ModelStore.VOCABULARY), ModelStore.vocabulary(model.itemIds()));
        }
        if (spec != null) {
            spec.commandLine().getOut().println("Wrote " + target.toAbsolutePath());
        }
        return 0;
    }

    private ModelRevision revision(ModelStore models) throws IOException {
        return models.updates().of(version).stream()
                .filter(each -> each.header().update() == update)
                .findAny()
                .map(StoredUpdate::revision)
                .orElseThrow(
                        () ->
                                new StoreException(
                                        "No update %d of version %d; freshet models show %d lists them"
                                                .formatted(update, version, version)));
    }

    private void requireEmpty() throws IOException {
        if (Files.isDirectory(target)) {
            try (Stream<Path> files = Files.list(target)) {
                if (files.findAny().isPresent()) {
                    throw new IOException(
                            "%s has files, expected an empty directory or none; name another"
                                    .formatted(target));
                }
            }
        }
    }
}
