package io.freshet.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Arguments of every command that reads history from files. */
final class HistoryArguments {

    @Option(
            names = "--interactions",
            paramLabel = "FILE",
            required = true,
            description =
                    "CSV file, plain or .gz: user_id, item_id, event_type, rating, timestamp_ms;"
                            + " sorted by time.")
    private Path interactions = Path.of("");

    @Option(
            names = "--items",
            paramLabel = "FILE",
            required = true,
            description = "CSV file of the items: item_id, title, categories joined by |.")
    private Path items = Path.of("");

    @Option(
            names = "--seed",
            description = "Seed of everything random; the same as -O model.seed=SEED.")
    private @Nullable Long seed;

    @Option(
            names = "-O",
            paramLabel = "KEY=VALUE",
            description = "Sets an option of the job; may be repeated.")
    private Map<String, String> options = new LinkedHashMap<>();

    Path interactions() {
        return interactions;
    }

    Path items() {
        return items;
    }

    /** The job's options, the seed among them. */
    Configuration jobOptions() {
        return JobOptions.of(options, seed);
    }
}
