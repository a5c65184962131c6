package io.freshet.cli.models;

import io.freshet.cli.machine.CommandOutput;
import io.freshet.cli.machine.MachinePreflight;
import io.freshet.cli.machine.StoreOption;
import io.freshet.model.ModelRuntime;
import io.freshet.model.RecommenderModel;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.store.ModelStore;
import io.freshet.store.StoredUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freshet models verify}. */
@Command(
        name = "verify",
        description = {
            "Reads versions and their updates whole, compares them with their checksums, and loads"
                    + " the models as the job does.",
            "With --directory it says what a SavedModel of your own lacks to be one.",
            "The exit code is 1 if anything is wrong."
        },
        mixinStandardHelpOptions = true)
final class VerifyModels implements Callable<Integer> {

    @ArgGroup(multiplicity = "1")
    private Place place = new Place();

    @Mixin private CommandOutput output = new CommandOutput();

    @Option(
            names = "--allowed-operations",
            split = ",",
            paramLabel = "OP",
            description = "As option store.allowed-operations of the job.")
    private List<String> operations = List.of();

    @Parameters(
            paramLabel = "VERSION",
            arity = "0..*",
            description = "Numbers of versions of the store; without, all of them.")
    private List<Long> versions = List.of();

    /** Where models are looked for: in a store, or in a directory. */
    static final class Place {

        @ArgGroup(exclusive = false)
        private @Nullable StoreOption store;

        @Option(
                names = "--directory",
                paramLabel = "DIR",
                required = true,
                description = "A SavedModel outside of a store.")
        private @Nullable Path directory;
    }

    /**
     * What was found.
     *
     * @param problem what is wrong, empty if nothing is
     */
    record Finding(String model, String problem) {}

    @Override
    public Integer call() throws IOException {
        MachinePreflight.find().check();
        List<Finding> findings = new ArrayList<>();
        ModelRuntime runtime = new TensorFlowModelRuntime().allowing(operations);
        if (place.directory != null) {
            Path directory = place.directory;
            findings.add(finding(directory.toString(), () -> load(runtime, directory)));
        } else {
            try (ModelStore models = Objects.requireNonNull(place.store).open()) {
                for (long version : versions.isEmpty() ? models.versions() : versions) {
                    String name = "version " + version;
                    findings.add(
                            finding(name, () -> load(runtime, models.localCopy(version, null))));
                    for (StoredUpdate update : models.updates().of(version)) {
                        String of = name + ", update " + update.header().update();
                        findings.add(finding(of, () -> models.updates().read(update)));
                    }
                }
            }
        }
        List<List<String>> rows = new ArrayList<>(List.of(List.of("model", "problem")));
        findings.forEach(
                found ->
                        rows.add(
                                List.of(
                                        found.model(),
                                        found.problem().isEmpty() ? "none" : found.problem())));
        output.print(findings, rows);
        return findings.stream().allMatch(found -> found.problem().isEmpty()) ? 0 : 1;
    }

    private static Finding finding(String model, Check check) {
        try {
            check.run();
            return new Finding(model, "");
        } catch (IOException | RuntimeException e) {
            return new Finding(model, String.valueOf(e.getMessage()));
        }
    }

    private static void load(ModelRuntime runtime, Path directory) throws IOException {
        try (RecommenderModel model = runtime.load(directory)) {
            if (model.itemIds().length != model.rows()) {
                throw new IOException(
                        "found %d item ids, expected one for each of %d rows"
                                .formatted(model.itemIds().length, model.rows()));
            }
        }
    }

    /** Something that throws if a model is not as it should be. */
    @FunctionalInterface
    private interface Check {

        void run() throws IOException;
    }
}
