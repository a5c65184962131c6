package io.freshet.cluster;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.config.KafkaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;

/**
 * The job's arguments: a small model, windows of one size so that the data alone decide what is
 * trained together, a version per window, and a list for every interaction.
 */
final class JobArguments {

    /** Interactions of a user that the job keeps. */
    static final int HISTORY_LENGTH = 50;

    private final Map<String, String> options = new TreeMap<>();

    /**
     * @param disorder longest delay of a late record
     * @param window interactions in a training window
     */
    JobArguments(String bootstrapServers, Path store, Duration disorder, int window) {
        with("kafka.bootstrap-servers", bootstrapServers);
        with("store.path", store.toUri().toString());
        with("store.retain", "1000");
        with("encoder.enabled", "false");
        with("model.width", "16");
        with("model.blocks", "1");
        with("history.length", String.valueOf(HISTORY_LENGTH));
        with("history.pane", "10 min");
        with("history.debounce", "0 ms");
        with("ingest.max-disorder", disorder.toMillis() + " ms");
        with("ingest.idle-timeout", "10 min");
        with("training.min-interactions", String.valueOf(window));
        with("training.max-interactions", String.valueOf(window));
        with("training.updates-per-version", "1");
        with("training.window-time", ShopStream.WINDOW_TIME.toHours() + " h");
        with("training.holdout", "0");
        with("training.epochs", "1");
        with("training.negatives", "16");
        with("training.gate-tolerance", "100");
    }

    /** Sets an option. */
    JobArguments with(String key, String value) {
        options.put(key, value);
        return this;
    }

    /** As they are given on the command line. */
    List<String> list() {
        List<String> arguments = new ArrayList<>();
        options.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return arguments;
    }

    /** Writes them as a file for {@code --options}. */
    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        options.forEach((key, value) -> lines.add("%s: \"%s\"".formatted(key, value)));
        Files.write(file, lines);
    }

    /** The topics. */
    KafkaConfig topics() {
        Configuration parsed = Arguments.parse(list().toArray(String[]::new));
        return FreshetConfig.from(parsed).kafka();
    }
}
