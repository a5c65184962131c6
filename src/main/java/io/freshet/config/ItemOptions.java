package io.freshet.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * What is known of items besides their texts: statistics that move with every event, and vectors of
 * other modalities. Options of the {@code item} group.
 */
public final class ItemOptions {

    public static final ConfigOption<List<Duration>> HALF_LIVES =
            ConfigOptions.key("item.popularity-half-lives")
                    .durationType()
                    .asList()
                    .defaultValues(Duration.ofMinutes(30), Duration.ofDays(1), Duration.ofDays(30))
                    .withDescription(
                            "Half-lives of popularity, one count for each; what they are "
                                    + "worth is learned.");

    public static final ConfigOption<Duration> TRANSITION_HALF_LIFE =
            ConfigOptions.key("item.transition-half-life")
                    .durationType()
                    .defaultValue(Duration.ofDays(90))
                    .withDescription("Half-life of the counts of what followed an item.");

    public static final ConfigOption<Integer> MAX_FOLLOWERS =
            ConfigOptions.key("item.max-followers")
                    .intType()
                    .defaultValue(100)
                    .withDescription("Followers that are counted per item; the weakest give way.");

    public static final ConfigOption<Duration> POPULARITY_INTERVAL =
            ConfigOptions.key("item.popularity-interval")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(1))
                    .withDescription(
                            "Least event time between two popularity updates of an item "
                                    + "to the recommenders.");

    public static final ConfigOption<Duration> TTL =
            ConfigOptions.key("item.ttl")
                    .durationType()
                    .defaultValue(Duration.ofDays(365))
                    .withDescription(
                            "Time without interactions after which an item's statistics "
                                    + "are dropped.");

    public static final ConfigOption<Map<String, String>> MODALITIES =
            ConfigOptions.key("item.modalities")
                    .mapType()
                    .defaultValue(Map.of())
                    .withDescription(
                            "Vectors of other modalities that catalog records may bring: "
                                    + "name:width, separated by commas, such as "
                                    + "image:512,audio:128. The model learns an adapter for each; "
                                    + "a vector of another width is a dead letter.");

    private ItemOptions() {}
}
