package io.freshet.cli.models;

import io.freshet.cli.machine.MachinePreflight;
import io.freshet.cli.machine.StoreOption;
import io.freshet.event.ModelRevision;
import io.freshet.model.RecommenderModel;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.runtime.Sha256;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code freshet models import}. */
@Command(
        name = "import",
        description = {
            "Adds a SavedModel of your own to a store as its next version, if it keeps the model"
                    + " contract.",
            "A job without state starts from it. A SavedModel is a program: import only what you"
                    + " trust."
        },
        mixinStandardHelpOptions = true)
final class ImportModel implements Callable<Integer> {

    @Mixin private StoreOption store = new StoreOption();

    @Parameters(paramLabel = "DIR", description = "The SavedModel's directory.")
    private Path source = Path.of("");

    @Option(
            names = "--trained-through",
            paramLabel = "MS",
            description =
                    "Event time up to which it was trained, in milliseconds since the epoch: the job"
                            + " does not train it on earlier interactions again. Without, it does.")
    private long trainedThrough;

    @Option(
            names = "--allowed-operations",
            split = ",",
            paramLabel = "OP",
            description = "As option store.allowed-operations of the job.")
    private List<String> operations = List.of();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        MachinePreflight.find().check();
        String[] itemIds;
        try (RecommenderModel model =
                new TensorFlowModelRuntime().allowing(operations).load(source)) {
            itemIds = model.itemIds();
        }
        try (ModelStore models = store.open()) {
            Manifest draft =
                    Manifest.draft(
                            models.nextNumber(1),
                            ModelRevision.NONE,
                            new Manifest.Window(
                                    0, trainedThrough, trainedThrough + 1, trainedThrough),
                            new Manifest.Training(List.of(), List.of(), Map.of(), Map.of()),
                            new Manifest.Work(
                                    Sha256.of("import|" + source.toAbsolutePath()),
                                    "",
                                    "",
                                    "imported"));
            Manifest written = models.write(draft, itemIds, this::copy);
            Objects.requireNonNull(spec)
                    .commandLine()
                    .getOut()
                    .println("Wrote " + models.path(written.version()));
        }
        return 0;
    }

    private void copy(Path directory) throws IOException {
        List<Path> found;
        try (Stream<Path> walk = Files.walk(source)) {
            found = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : found) {
            Path target = directory.resolve(source.relativize(file).toString());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.copy(file, target);
        }
    }
}
