package io.freshet.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;

/**
 * The statistics of items that move with every event. See {@link ItemOptions} for units and
 * defaults.
 */
public record ItemConfig(
        List<Duration> halfLives,
        Duration transitionHalfLife,
        int maxFollowers,
        Duration popularityInterval,
        Duration ttl)
        implements Serializable {

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static ItemConfig from(ReadableConfig config, Problems problems) {
        return new ItemConfig(
                problems.check(
                        config,
                        ItemOptions.HALF_LIVES,
                        list ->
                                !list.isEmpty()
                                        && list.stream().allMatch(life -> life.toMillis() > 0),
                        "one or more durations above 0 ms"),
                problems.duration(config, ItemOptions.TRANSITION_HALF_LIFE, Duration.ofSeconds(1)),
                problems.integer(config, ItemOptions.MAX_FOLLOWERS, 1, 10000),
                problems.duration(config, ItemOptions.POPULARITY_INTERVAL, Duration.ZERO),
                problems.duration(config, ItemOptions.TTL, Duration.ofMinutes(1)));
    }
}
