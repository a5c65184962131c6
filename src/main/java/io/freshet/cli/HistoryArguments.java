package io.freshet.cli;

import io.freshet.config.FreshetConfig;
import io.freshet.config.TrainingConfig.Objective;
import io.freshet.replay.input.InteractionsFile;
import io.freshet.replay.input.Ratings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
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
                    "CSV file, plain or gzip: user_id, item_id, event_type, rating, timestamp_ms;"
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

    @Option(
            names = "--find-rating-scale",
            description =
                    "Takes training.rating-min and training.rating-max from the ratings in the"
                            + " interactions.")
    private boolean findRatingScale;

    Path interactions() {
        return interactions;
    }

    Path items() {
        return items;
    }

    /**
     * The job's options, the seed and a rating scale that is to be found among them.
     *
     * @throws IOException if the ratings can't be read
     */
    Configuration jobOptions() throws IOException {
        Configuration given = JobOptions.of(options, seed);
        if (findRatingScale) {
            FreshetConfig config = FreshetConfig.from(given);
            InteractionsFile file = file(config);
            file.scan();
            Ratings found = Ratings.of(file, config.training().objective());
            given.set(Objective.RATING_MIN, found.least());
            given.set(Objective.RATING_MAX, found.greatest());
        }
        return given;
    }

    /** The interactions, read by the configured limits. */
    InteractionsFile file(FreshetConfig config) {
        return new InteractionsFile(interactions, config.ingest(), Clock.systemUTC());
    }
}
