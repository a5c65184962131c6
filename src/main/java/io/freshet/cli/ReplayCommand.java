package io.freshet.cli;

import io.freshet.config.TrainingConfig;
import io.freshet.replay.Pipeline;
import io.freshet.replay.Replay;
import io.freshet.replay.ReplayModels;
import io.freshet.replay.ReplaySettings;
import io.freshet.replay.report.Report;
import io.freshet.replay.report.ReportTable;
import java.io.IOException;
import java.time.Clock;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code freshet replay}: history through the job's own operators, test then train. */
@Command(
        name = "replay",
        description = {
            "Sends history from CSV through the job's operators in order of time, without Kafka,"
                    + " and tests before it trains: the first half makes the base model, then"
                    + " lists are made just before every STRIDE-th interaction."
                    + " Writes predictions.csv, of exposures scores.csv, report.json, report.md and models/."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand extends ReplayingCommand {

    @Option(
            names = "--freeze",
            description =
                    "Never updates the base model, for comparison; the same as"
                            + " -O training.enabled=false.")
    private boolean freeze;

    @Override
    Configuration jobOptions() throws IOException {
        Configuration options = super.jobOptions();
        if (freeze) {
            options.set(TrainingConfig.ENABLED, false);
        }
        return options;
    }

    @Override
    Result replay(
            ReplaySettings settings, ReplayModels models, Pipeline pipeline, Progress progress)
            throws Exception {
        Report report =
                new Replay(settings, models, pipeline, Clock.systemUTC()).run(progress).report();
        return new Result(ReportTable.markdown(report), report.keepsProtocol());
    }
}
