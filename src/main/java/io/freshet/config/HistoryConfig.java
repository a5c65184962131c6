package io.freshet.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What is kept of a user, and when a user asks. See {@link HistoryOptions} for units and defaults.
 */
public record HistoryConfig(
        int length,
        Duration pane,
        Duration ttl,
        Duration debounce,
        int rememberedEvents,
        boolean consumeOnce,
        boolean serve,
        int probeStride,
        long probeFrom,
        List<String> exposureTypes,
        Duration forgottenTtl)
        implements Serializable {

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static HistoryConfig from(ReadableConfig config, Problems problems) {
        return new HistoryConfig(
                problems.integer(config, HistoryOptions.LENGTH, 2, 1000),
                problems.duration(config, HistoryOptions.PANE, Duration.ofMillis(10)),
                problems.duration(config, HistoryOptions.TTL, Duration.ofMinutes(1)),
                problems.duration(config, HistoryOptions.DEBOUNCE, Duration.ZERO),
                problems.integer(config, HistoryOptions.REMEMBERED_EVENTS, 1, 10000),
                problems.any(config, HistoryOptions.CONSUME_ONCE),
                problems.any(config, HistoryOptions.SERVE),
                problems.integer(config, HistoryOptions.PROBE_STRIDE, 0, 1000000),
                problems.check(
                        config,
                        HistoryOptions.PROBE_FROM,
                        value -> value >= 0L,
                        "a number of at least 0"),
                problems.any(config, HistoryOptions.EXPOSURE_TYPES),
                problems.duration(config, HistoryOptions.FORGOTTEN_TTL, Duration.ofMinutes(1)));
    }

    /** Whether an event of the type says what the user was shown, and not what the user did. */
    public boolean isExposure(String eventType) {
        return exposureTypes.contains(eventType);
    }
}
