package io.freshet.cli;

import io.freshet.BaseTraining;
import io.freshet.config.EncoderConfig;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.bert.TextEncoders;
import io.freshet.replay.TextVectors;
import io.freshet.replay.ablation.Ablation;
import io.freshet.replay.ablation.AblationReport;
import io.freshet.replay.ablation.AblationTable;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code freshet ablate}: what each part of the system is worth. */
@Command(
        name = "ablate",
        description = {
            "Replays history with the system as it is, and again with one thing changed at a time:"
                    + " the large model alone, the small ones alone, no text, no replay, frozen,"
                    + " head only, ten updates. Writes ablations.json, ablations.md and a"
                    + " directory for each variant, as replay does."
        },
        mixinStandardHelpOptions = true)
final class AblateCommand implements Callable<Integer> {

    private static final int BROKEN_PROTOCOL = 1;

    @Mixin private ReplayArguments arguments = new ReplayArguments();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        AblationReport report;
        try (TextVectors vectors = TextVectors.create();
                Progress progress = new Progress()) {
            Function<EncoderConfig, TextEncoderRuntime> encoders =
                    encoder -> vectors.remembering(TextEncoders.of(encoder));
            report =
                    new Ablation(
                                    arguments.settings(arguments.jobOptions()),
                                    new StoredModels(new BaseTraining(encoders, progress)),
                                    new JobPipeline(encoders),
                                    Clock.systemUTC())
                            .run(progress);
        }
        Objects.requireNonNull(spec).commandLine().getOut().println(AblationTable.markdown(report));
        return report.keepsProtocol() ? 0 : BROKEN_PROTOCOL;
    }
}
