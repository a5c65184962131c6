package io.freshet.cli;

import io.freshet.BaseTraining;
import io.freshet.JobTopology;
import io.freshet.config.EncoderConfig;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.bert.TextEncoders;
import io.freshet.replay.Pipeline;
import io.freshet.replay.Replay;
import io.freshet.replay.ReplaySettings;
import io.freshet.replay.TextVectors;
import io.freshet.replay.report.Report;
import io.freshet.replay.report.ReportTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code freshet replay}: history through the job's own operators, test then train. */
@Command(
        name = "replay",
        description = {
            "Sends history from CSV through the job's operators in order of time, without Kafka,"
                    + " and tests before it trains: the first half makes the base model, then"
                    + " lists are made just before every STRIDE-th interaction."
                    + " Writes predictions.csv, report.json, report.md and models/."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    private static final int BROKEN_PROTOCOL = 1;

    @Mixin private HistoryArguments history = new HistoryArguments();

    @Option(
            names = "--output",
            paramLabel = "DIR",
            required = true,
            description = "Directory to write to; what an earlier replay left there is replaced.")
    private Path output = Path.of("");

    @Option(
            names = "--exclude-seen",
            description = "An item is consumed once: lists leave out what the user had.")
    private boolean excludeSeen;

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

    @Option(names = "--freeze", description = "Never updates the base model, for comparison.")
    private boolean freeze;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        ReplaySettings settings =
                new ReplaySettings(
                        history.interactions(),
                        history.items(),
                        output,
                        excludeSeen,
                        stride,
                        windows,
                        freeze,
                        history.jobOptions());
        Report report;
        try (TextVectors vectors = TextVectors.create();
                Progress progress = new Progress()) {
            Function<EncoderConfig, TextEncoderRuntime> encoders =
                    encoder -> vectors.remembering(TextEncoders.of(encoder));
            report =
                    new Replay(
                                    settings,
                                    new StoredModels(new BaseTraining(encoders, progress)),
                                    pipeline(encoders),
                                    Clock.systemUTC())
                            .run(progress);
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.println(ReportTable.markdown(report));
        return report.keepsProtocol() ? 0 : BROKEN_PROTOCOL;
    }

    private static Pipeline pipeline(Function<EncoderConfig, TextEncoderRuntime> encoders) {
        return (config, interactions, items, controls) -> {
            JobTopology.Outputs outputs =
                    JobTopology.build(
                            config,
                            encoders.apply(config.encoder()),
                            new JobTopology.Inputs(interactions, items, controls));
            return new Pipeline.Outputs(
                    outputs.probes(), outputs.checkpoints(), outputs.evaluations());
        };
    }
}
