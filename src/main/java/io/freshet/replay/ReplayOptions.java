package io.freshet.replay;

import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.ItemConfig;
import io.freshet.config.RecommendConfig;
import io.freshet.config.StoreConfig;
import io.freshet.config.TrainingConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/** The job's options in a replay: what protocol P requires, then the user's, then the defaults. */
final class ReplayOptions {

    private ReplayOptions() {}

    /**
     * The options.
     *
     * @param probeFrom first position that may be tested
     * @throws IllegalConfigurationException if the user sets what the protocol sets
     */
    static Configuration of(ReplaySettings settings, int probeFrom, String store) {
        Configuration protocol = protocol(settings, probeFrom, store);
        Map<String, String> given = settings.options().toMap();
        List<String> clashes =
                given.keySet().stream().filter(protocol.toMap()::containsKey).sorted().toList();
        if (!clashes.isEmpty()) {
            throw new IllegalConfigurationException(
                    "A replay sets these options itself: " + String.join(", ", clashes));
        }
        Configuration options = new Configuration();
        boolean trained = settings.options().get(TrainingConfig.ENABLED);
        options.set(TrainingConfig.FROZEN_BASELINE, trained);
        options.addAll(settings.options());
        options.addAll(protocol);
        return options;
    }

    private static Configuration protocol(ReplaySettings settings, int probeFrom, String store) {
        return new Configuration()
                .set(HistoryConfig.SERVE, false)
                .set(HistoryConfig.PROBE_STRIDE, settings.stride())
                .set(HistoryConfig.PROBE_FROM, (long) probeFrom)
                .set(HistoryConfig.PROBE_TYPES, settings.rows().targets())
                .set(HistoryConfig.CONSUME_ONCE, settings.excludeSeen())
                .set(RecommendConfig.NEVER_CHOSEN, false)
                .set(ItemConfig.POPULARITY_INTERVAL, Duration.ZERO)
                .set(FreshetConfig.ALIGNED, true)
                .set(StoreConfig.PATH, store)
                .set(StoreConfig.BASE, 1L);
    }
}
