package io.freshet.demo;

import io.freshet.config.HistoryOptions;
import io.freshet.config.IngestOptions;
import io.freshet.config.ItemOptions;
import io.freshet.config.KafkaOptions;
import io.freshet.config.StoreOptions;
import io.freshet.config.TrainingOptions;
import io.freshet.demo.shop.Feed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** The job's options for a demo: what takes days in a shop has to happen within seconds. */
final class DemoOptions {

    private static final Duration PANE = Duration.ofSeconds(1);
    private static final Duration WINDOW = Duration.ofSeconds(15);

    /** Shop time below which nothing is distinguished. */
    private static final Duration LEAST = Duration.ofMillis(10);

    // however fast a file is sent, it has so many of them, or nothing would be trained on it
    private static final int PANES = 60;
    private static final int WINDOWS = 4;

    private static final int MIN_INTERACTIONS = 400;
    private static final int MAX_INTERACTIONS = 1500;
    private static final int UPDATES_PER_VERSION = 3;
    private static final Duration POPULARITY_INTERVAL = Duration.ofMillis(500);
    private static final int PROBE_STRIDE = 5;
    private static final int VERSIONS_KEPT = 5;

    // fewer passes at a higher rate than a base deserves, for nobody waits a minute to see a demo
    private static final int PRETRAIN_EPOCHS = 6;
    private static final float PRETRAIN_RATE = 0.004f;

    private static final float HEAD_RATE = 0.006f;
    private static final float BODY_RATE = 0.002f;
    private static final int EPOCHS = 3;

    private DemoOptions() {}

    /**
     * @param generated whether the feed is the generated shop, which changes faster than a real one
     * @param firstProbed source offset before which, on every partition, all is history
     * @param overrides options of the user, which win
     */
    static Configuration of(
            Feed feed,
            boolean generated,
            String bootstrapServers,
            Path models,
            long firstProbed,
            Configuration overrides) {
        Configuration options = new Configuration();
        options.set(KafkaOptions.BOOTSTRAP_SERVERS, bootstrapServers);
        options.set(KafkaOptions.TRANSACTION_TIMEOUT, Duration.ofMinutes(5));
        options.set(StoreOptions.PATH, models.toUri().toString());
        options.set(StoreOptions.RETAIN, VERSIONS_KEPT);
        options.set(IngestOptions.MAX_DISORDER, feed.disorder());
        options.set(IngestOptions.IDLE_TIMEOUT, Duration.ofSeconds(3));
        options.set(HistoryOptions.PANE, within(feed, PANE, PANES));
        options.set(HistoryOptions.PROBE_STRIDE, PROBE_STRIDE);
        options.set(HistoryOptions.PROBE_FROM, firstProbed);
        options.set(ItemOptions.POPULARITY_INTERVAL, feed.shopTime(POPULARITY_INTERVAL));
        options.set(TrainingOptions.MIN_INTERACTIONS, MIN_INTERACTIONS);
        options.set(TrainingOptions.MAX_INTERACTIONS, MAX_INTERACTIONS);
        options.set(TrainingOptions.UPDATES_PER_VERSION, UPDATES_PER_VERSION);
        options.set(TrainingOptions.WINDOW_TIME, within(feed, WINDOW, WINDOWS));
        options.set(TrainingOptions.FROZEN_BASELINE, true);
        options.set(TrainingOptions.PRETRAIN_EPOCHS, PRETRAIN_EPOCHS);
        options.set(TrainingOptions.PRETRAIN_RATE, PRETRAIN_RATE);
        if (generated) {
            followFast(options);
        }
        options.addAll(overrides);
        return options;
    }

    /** Real time as shop time, but no more than a part of what the feed lasts. */
    private static Duration within(Feed feed, Duration real, int parts) {
        Duration part = feed.span().dividedBy(parts);
        Duration wanted = Collections.min(List.of(feed.shopTime(real), part));
        return Collections.max(List.of(wanted, LEAST));
    }

    /** What changes within weeks of shop time wants to be learned and forgotten as fast. */
    private static void followFast(Configuration options) {
        options.set(
                ItemOptions.HALF_LIVES,
                List.of(Duration.ofHours(12), Duration.ofDays(3), Duration.ofDays(21)));
        options.set(ItemOptions.TRANSITION_HALF_LIFE, Duration.ofDays(21));
        options.set(TrainingOptions.HEAD_RATE, HEAD_RATE);
        options.set(TrainingOptions.BODY_RATE, BODY_RATE);
        options.set(TrainingOptions.EPOCHS, EPOCHS);
    }
}
