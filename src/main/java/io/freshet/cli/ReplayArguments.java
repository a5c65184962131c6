package io.freshet.cli;

import io.freshet.replay.ReplaySettings;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Arguments of every command that replays history by protocol P. */
final class ReplayArguments {

    @Mixin private HistoryArguments history = new HistoryArguments();

    @Option(
            names = "--output",
            paramLabel = "DIR",
            required = true,
            description = "Directory to write to; what an earlier run left there is replaced.")
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

    /** The job's options, the seed among them. */
    Configuration jobOptions() {
        return history.jobOptions();
    }

    /** What is replayed, with these options of the job. */
    ReplaySettings settings(Configuration options) {
        return new ReplaySettings(
                history.interactions(),
                history.items(),
                output,
                excludeSeen,
                stride,
                windows,
                options);
    }
}
