package io.freshet.cli;

import io.freshet.replay.Pipeline;
import io.freshet.replay.ReplayModels;
import io.freshet.replay.ReplaySettings;
import io.freshet.replay.ablation.Ablation;
import io.freshet.replay.ablation.AblationReport;
import io.freshet.replay.ablation.AblationTable;
import java.time.Clock;
import picocli.CommandLine.Command;

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
final class AblateCommand extends ReplayingCommand {

    @Override
    Result replay(
            ReplaySettings settings, ReplayModels models, Pipeline pipeline, Progress progress)
            throws Exception {
        AblationReport report =
                new Ablation(settings, models, pipeline, Clock.systemUTC()).run(progress);
        return new Result(AblationTable.markdown(report), report.keepsProtocol());
    }
}
