package io.freshet.demo;

import io.freshet.config.AttributesConfig;
import io.freshet.config.FeedbackConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.IngestConfig;
import io.freshet.config.ItemConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.config.StoreConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.demo.shop.Feed;
import io.freshet.demo.shop.ShopRecord.Action;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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

    private static final int ATTRIBUTE_WIDTH = 32;

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
        options.set(KafkaConfig.BOOTSTRAP_SERVERS, bootstrapServers);
        options.set(KafkaConfig.TRANSACTION_TIMEOUT, Duration.ofMinutes(5));
        options.set(StoreConfig.PATH, models.toUri().toString());
        options.set(StoreConfig.RETAIN, VERSIONS_KEPT);
        options.set(IngestConfig.MAX_DISORDER, feed.disorder());
        options.set(IngestConfig.IDLE_TIMEOUT, Duration.ofSeconds(3));
        options.set(HistoryConfig.PANE, within(feed, PANE, PANES));
        options.set(HistoryConfig.PROBE_STRIDE, PROBE_STRIDE);
        options.set(HistoryConfig.PROBE_FROM, firstProbed);
        options.set(ItemConfig.POPULARITY_INTERVAL, feed.shopTime(POPULARITY_INTERVAL));
        options.set(TrainingConfig.Window.MIN_INTERACTIONS, MIN_INTERACTIONS);
        options.set(TrainingConfig.Window.MAX_INTERACTIONS, MAX_INTERACTIONS);
        options.set(TrainingConfig.UPDATES_PER_VERSION, UPDATES_PER_VERSION);
        options.set(TrainingConfig.Window.TIME, within(feed, WINDOW, WINDOWS));
        options.set(TrainingConfig.FROZEN_BASELINE, true);
        options.set(TrainingConfig.Pretraining.EPOCHS, PRETRAIN_EPOCHS);
        options.set(TrainingConfig.Pretraining.RATE, PRETRAIN_RATE);
        if (generated) {
            followFast(options);
            readFeedback(options);
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

    /** What shoppers of the generated shop do besides buying, and what its items are. */
    private static void readFeedback(Configuration options) {
        options.set(
                FeedbackConfig.WEIGHTS,
                Map.of(Action.LOOK, "0.3", Action.CART, "0.6", Action.PURCHASE, "1"));
        options.set(FeedbackConfig.NEGATIVE_TYPES, Action.REJECTIONS);
        options.set(AttributesConfig.ITEMS, Map.of("brand", "category", "price", "number"));
        options.set(ItemConfig.ATTRIBUTE_WIDTH, ATTRIBUTE_WIDTH);
    }

    /** What changes within weeks of shop time is learned and decays as fast. */
    private static void followFast(Configuration options) {
        options.set(
                ItemConfig.HALF_LIVES,
                List.of(Duration.ofHours(12), Duration.ofDays(3), Duration.ofDays(21)));
        options.set(ItemConfig.TRANSITION_HALF_LIFE, Duration.ofDays(21));
        options.set(TrainingConfig.Optimizer.HEAD_RATE, HEAD_RATE);
        options.set(TrainingConfig.Optimizer.BODY_RATE, BODY_RATE);
        options.set(TrainingConfig.Optimizer.EPOCHS, EPOCHS);
    }
}
