package io.freshet.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What is known of items besides their texts. See {@link ItemOptions} for units and defaults.
 *
 * @param modalities width of each modality's vectors, by name
 */
public record ItemConfig(
        List<Duration> halfLives,
        Duration transitionHalfLife,
        int maxFollowers,
        Duration popularityInterval,
        Duration ttl,
        SortedMap<String, Integer> modalities)
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
                problems.duration(config, ItemOptions.TTL, Duration.ofMinutes(1)),
                modalities(config, problems));
    }

    private static SortedMap<String, Integer> modalities(ReadableConfig config, Problems problems) {
        SortedMap<String, Integer> widths = new TreeMap<>();
        for (Map.Entry<String, String> each :
                problems.any(config, ItemOptions.MODALITIES).entrySet()) {
            String width = each.getValue().strip();
            if (each.getKey().isBlank() || !width.matches("[1-9][0-9]{0,4}")) {
                problems.add(
                        ItemOptions.MODALITIES.key(),
                        each.getKey() + ":" + each.getValue(),
                        "name:width, with a width from 1 to 99999");
            } else {
                widths.put(each.getKey().strip(), Integer.valueOf(width));
            }
        }
        return Collections.unmodifiableSortedMap(widths);
    }
}
