package io.freshet.cli;

import io.freshet.BaseTraining;
import io.freshet.config.EncoderConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.bert.TextEncoders;
import io.freshet.replay.Replay;
import io.freshet.replay.TextVectors;
import io.freshet.replay.report.Report;
import io.freshet.replay.report.ReportTable;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
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

    @Mixin private ReplayArguments arguments = new ReplayArguments();

    @Option(
            names = "--freeze",
            description =
                    "Never updates the base model, for comparison; the same as"
                            + " -O training.enabled=false.")
    private boolean freeze;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Configuration options = arguments.jobOptions();
        if (freeze) {
            options.set(TrainingConfig.ENABLED, false);
        }
        Report report;
        try (TextVectors vectors = TextVectors.create();
                Progress progress = new Progress()) {
            Function<EncoderConfig, TextEncoderRuntime> encoders =
                    encoder -> vectors.remembering(TextEncoders.of(encoder));
            report =
                    new Replay(
                                    arguments.settings(options),
                                    new StoredModels(new BaseTraining(encoders, progress)),
                                    new JobPipeline(encoders),
                                    Clock.systemUTC())
                            .run(progress)
                            .report();
        }
        Objects.requireNonNull(spec).commandLine().getOut().println(ReportTable.markdown(report));
        return report.keepsProtocol() ? 0 : BROKEN_PROTOCOL;
    }
}
