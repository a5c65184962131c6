package io.freshet.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.Figures;
import io.freshet.demo.RecordWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A day of a shop whose items and users come and go, as fast as the job takes it: what task
 * managers hold, the model's rows and the recommenders' items follow who is alive, and not who ever
 * was. The table of what was found is left in {@link Figures}.
 *
 * <p>{@code mvn verify -Plong -Dit.test=DayCompressedITCase} runs it; {@code
 * -Dfreshet.day.interactions} sets how many interactions, 2 million without.
 */
@ExtendWith(ShowLogs.class)
@EnabledOnOs(OS.LINUX)
class DayCompressedITCase {

    private static final int SAMPLES = 60;
    private static final int WINDOWS = 1000;
    private static final int WAITING_WINDOWS = 4;
    private static final Plateau PLATEAU = new Plateau(0.15, 0);

    /** Runs below it are over before state expires and memory settles: they show what is found. */
    private static final int JUDGED_INTERACTIONS = 2_000_000;

    private final int interactions = Integer.getInteger("freshet.day.interactions", 2_000_000);
    private final PassingStream stream = new PassingStream(interactions);
    private final Map<Entries, double[]> entries = new EnumMap<>(Entries.class);

    /** What the job has entries of. */
    private enum Entries {
        /** Rows of the model's item table. */
        ROWS("fine-tuner", "itemRows"),
        /** Items that a recommender keeps. */
        ITEMS("recommender", "items");

        private final String operator;
        private final String metric;

        Entries(String operator, String metric) {
            this.operator = operator;
            this.metric = metric;
        }
    }

    @Test
    @Tag("long")
    @Timeout(value = 1, unit = TimeUnit.DAYS) // as long as the machine takes
    void what_was_born_and_died_leaves_nothing_behind() throws Exception {
        Path directory = RunDirectory.create("day");
        try (Broker broker = new Broker(directory);
                FlinkCluster cluster =
                        new FlinkCluster(
                                directory,
                                ClusterRun.TASK_MANAGERS,
                                false,
                                Map.of(
                                        "execution.checkpointing.interval", "10s",
                                        "metrics.fetcher.update-interval", "1000"));
                Topics topics = new Topics(broker.bootstrapServers())) {
            JobArguments arguments = arguments(broker, directory);
            String job = cluster.submit(List.of(), arguments.list());
            cluster.awaitRunning(job);
            List<Usage> usages = cluster.usages();
            try {
                for (int sample = 0; sample < SAMPLES; sample++) {
                    int end = (int) ((long) interactions * (sample + 1) / SAMPLES);
                    stream.sendUpTo(end, topics, new RecordWriter(arguments.topics()));
                    awaitTaken(cluster.rest(), job, end);
                    sample(cluster.rest(), job, sample, usages);
                }
                judge(usages);
            } finally {
                for (Usage usage : usages) {
                    usage.close();
                }
            }
        }
    }

    private JobArguments arguments(Broker broker, Path directory) {
        int most = 4 * stream.items();
        return new JobArguments(
                        broker.bootstrapServers(),
                        directory.resolve("models"),
                        Duration.ofMinutes(1),
                        window())
                .with("history.pane", "1 min")
                .with("history.debounce", "2 min")
                .with("history.ttl", "2 min")
                .with("item.popularity-half-lives", "10 min")
                .with("item.ttl", "2 min")
                .with("item.withdrawn-ttl", "2 min")
                .with("recommend.max-items", String.valueOf(Math.max(16, most)))
                .with("vocabulary.ttl", "1 h")
                .with("vocabulary.withdrawn-ttl", "10 min")
                .with("vocabulary.max-rows", String.valueOf(Math.max(16, most)))
                .with("training.updates-per-version", "10")
                .with("store.retain", "5");
    }

    /** Interactions in a training window. */
    private int window() {
        return Math.max(JobArguments.HISTORY_LENGTH, interactions / WINDOWS);
    }

    /**
     * Waits until the interactions have gone through the history stage and are trained, but for
     * some windows: a day that is sent faster would have the catalog hours ahead of the rest.
     */
    private void awaitTaken(FlinkRest rest, String job, int interactions) {
        Await.until(
                "%d interactions in the history stage".formatted(interactions),
                () -> rest.sum(job, "history", "numRecordsIn") >= interactions,
                () -> rest.sum(job, "history", "numRecordsIn"));
        Await.until(
                "the training of all but %d windows".formatted(WAITING_WINDOWS),
                () -> rest.sum(job, "fine-tuner", "backlogSequences") <= WAITING_WINDOWS * window(),
                () -> rest.sum(job, "fine-tuner", "backlogSequences"));
    }

    private void sample(FlinkRest rest, String job, int sample, List<Usage> usages)
            throws IOException {
        for (Usage usage : usages) {
            usage.sample();
        }
        for (Entries kind : Entries.values()) {
            entries.computeIfAbsent(kind, first -> new double[SAMPLES])[sample] =
                    rest.sum(job, kind.operator, kind.metric);
        }
    }

    private void judge(List<Usage> usages) throws IOException {
        List<Usage.Trend> trends = usages.stream().flatMap(Usage::trends).toList();
        String table =
                "%d interactions, %d items and %d users alive at a time, ten times as many in all%n%n"
                                .formatted(interactions, stream.items(), stream.users())
                        + Usage.Trend.HEAD
                        + trends.stream().map(Usage.Trend::row).collect(Collectors.joining())
                        + entries.entrySet().stream()
                                .map(found -> row(found.getKey(), found.getValue()))
                                .collect(Collectors.joining());
        Figures.leave("day", table);

        assertThat(requireNonNull(entries.get(Entries.ITEMS))[SAMPLES - 1]).as(table).isPositive();
        if (interactions >= JUDGED_INTERACTIONS) {
            assertThat(trends).as(table).allMatch(Usage.Trend::isPlateau);
            assertThat(entries).as(table).allSatisfy((kind, series) -> holds(kind, series));
        }
    }

    private static void holds(Entries kind, double[] series) {
        assertThat(PLATEAU.holds(series)).as(kind.metric).isTrue();
    }

    private static String row(Entries kind, double[] series) {
        return "| job | %s of the %s | %.0f | %.0f | %.0f | %+.0f | %.0f |%n"
                .formatted(
                        kind.metric,
                        kind.operator,
                        series[0],
                        series[SAMPLES - 1],
                        Plateau.level(series),
                        Plateau.growth(series),
                        PLATEAU.limit(series));
    }
}
