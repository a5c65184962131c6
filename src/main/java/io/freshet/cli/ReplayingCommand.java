package io.freshet.cli;

import io.freshet.BaseTraining;
import io.freshet.cli.machine.MachinePreflight;
import io.freshet.config.EncoderConfig;
import io.freshet.config.FeedbackConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.ResponseConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.bert.TextEncoders;
import io.freshet.replay.Pipeline;
import io.freshet.replay.ReplayModels;
import io.freshet.replay.ReplaySettings;
import io.freshet.replay.TextVectors;
import io.freshet.replay.input.ProtocolRows;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that replays history by protocol P and prints a table. */
abstract class ReplayingCommand implements Callable<Integer> {

    private static final int BROKEN_PROTOCOL = 1;

    @Mixin private HistoryArguments history = new HistoryArguments();

    @Option(
            names = "--output",
            paramLabel = "DIR",
            required = true,
            description = "Directory to write to; what an earlier run left there is replaced.")
    private Path output = Path.of("");

    @Option(
            names = "--users",
            paramLabel = "FILE",
            description =
                    "CSV file of the users: user_id, and a column for each of attributes.users.")
    private @Nullable Path users;

    @Option(
            names = "--exclude-seen",
            description = "An item is consumed once: lists leave out what the user had.")
    private boolean excludeSeen;

    @Option(
            names = "--targets",
            paramLabel = "TYPE",
            split = ",",
            description =
                    "Tests only interactions of these event types, separated by commas; without it"
                            + " all by which users choose.")
    private List<String> targets = List.of();

    @Option(
            names = "--target",
            paramLabel = "TYPE",
            split = ",",
            description =
                    "Predicts whether exposures (feedback.exposure-types) are followed by events of"
                            + " these types; the same as -O response.types=TYPE.")
    private List<String> responses = List.of();

    @Option(
            names = "--ignore",
            paramLabel = "TYPE",
            split = ",",
            description =
                    "Never tests interactions of these event types, separated by commas. They are no"
                            + " history and make no item known; what they reject or show"
                            + " (feedback.negative-types, feedback.exposure-types) counts.")
    private List<String> ignored = List.of();

    @Option(
            names = "--min-rating",
            paramLabel = "X",
            defaultValue = "NaN",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "Ignores interactions with a lower rating likewise; what they reject"
                            + " (feedback.negative-below) counts.")
    private float minRating;

    @Option(
            names = "--stride",
            paramLabel = "N",
            defaultValue = "10",
            description = "Tests every N-th interaction of the second half (${DEFAULT-VALUE}).")
    private int stride;

    @Option(
            names = "--windows",
            paramLabel = "N",
            defaultValue = "20",
            description = "Parts of the file that are reported by themselves (${DEFAULT-VALUE}).")
    private int windows;

    @Spec private @Nullable CommandSpec spec;

    /** The table to print, and whether every list kept to the protocol. */
    record Result(String markdown, boolean keepsProtocol) {}

    /** Replays history with these parts. */
    abstract Result replay(
            ReplaySettings settings, ReplayModels models, Pipeline pipeline, Progress progress)
            throws Exception;

    /** The job's options, the seed among them. */
    Configuration jobOptions() throws IOException {
        Configuration options = history.jobOptions();
        if (!responses.isEmpty()) {
            if (options.get(FeedbackConfig.EXPOSURE_TYPES).isEmpty()) {
                throw new IllegalArgumentException(
                        "--target %s: found no exposures that could be responded to, expected their types, such as -O feedback.exposure-types=impression"
                                .formatted(String.join(",", responses)));
            }
            options.set(ResponseConfig.TYPES, responses);
        }
        return options;
    }

    @Override
    public final Integer call() throws Exception {
        MachinePreflight.find().checkForCluster();
        ReplaySettings settings =
                new ReplaySettings(
                        history.interactions(),
                        history.items(),
                        users,
                        output,
                        excludeSeen,
                        new ProtocolRows(targets, ignored, minRating),
                        stride,
                        windows,
                        jobOptions());
        Result result;
        try (TextVectors vectors = TextVectors.create();
                Progress progress = new Progress()) {
            Function<EncoderConfig, TextEncoderRuntime> encoders =
                    encoder -> vectors.remembering(TextEncoders.of(encoder));
            result =
                    replay(
                            settings,
                            new ModelsInStore(new BaseTraining(encoders, progress)),
                            new JobPipeline(encoders),
                            progress);
        }
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        command.getOut().println(result.markdown());
        if (!result.keepsProtocol()) {
            command.getErr()
                    .println(
                            "Protocol P was broken, so the figures are not to be used; the report"
                                    + " says where.");
            return BROKEN_PROTOCOL;
        }
        return 0;
    }

    /** A replay's models, in the configured store. */
    private record ModelsInStore(BaseTraining training) implements ReplayModels {

        private static final long BASE = 1;

        @Override
        public void makeBase(
                FreshetConfig config,
                Collection<List<Interaction>> histories,
                List<CatalogItem> items)
                throws IOException {
            training.make(config, histories, items);
        }

        @Override
        public void deleteOld(FreshetConfig config) throws IOException {
            try (ModelStore store = new ModelStore(config.store())) {
                long newest = store.newest().orElse(BASE);
                store.announced(newest); // there is no checkpoint that could lead back
                store.retain(newest, newest, Set.of(BASE));
            }
        }
    }
}
