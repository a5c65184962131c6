package io.freshet.config;

import io.freshet.config.option.Entries;
import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What is known of items besides their texts.
 *
 * @param modalities width of each modality's vectors, by name
 * @param attributeWidth width of the vector that attributes are hashed to, 0 for none
 */
public record ItemConfig(
        List<Duration> halfLives,
        Duration transitionHalfLife,
        int maxFollowers,
        Duration popularityInterval,
        Duration ttl,
        Duration withdrawnTtl,
        SortedMap<String, Integer> modalities,
        int attributeWidth)
        implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    /** Name of the modality that attributes are. */
    public static final String ATTRIBUTES_MODALITY = "attributes";

    private static final Entries<Integer> WIDTHS = new Entries<>((name, text) -> width(text));

    public static final ConfigOption<List<Duration>> HALF_LIVES =
            OPTIONS.declare(
                            ConfigOptions.key("item.popularity-half-lives")
                                    .durationType()
                                    .asList()
                                    .defaultValues(
                                            Duration.ofMinutes(30),
                                            Duration.ofDays(1),
                                            Duration.ofDays(30)),
                            list ->
                                    !list.isEmpty()
                                            && list.stream().allMatch(life -> life.toMillis() > 0),
                            "durations above 0 ms, one or more, separated by commas")
                    .describe(
                            "Half-lives of popularity, one count for each; what they are worth is "
                                    + "learned.");

    public static final ConfigOption<Duration> TRANSITION_HALF_LIFE =
            OPTIONS.duration(
                            "item.transition-half-life", Duration.ofDays(90), Duration.ofSeconds(1))
                    .describe("Half-life of the counts of what followed an item.");

    public static final ConfigOption<Integer> MAX_FOLLOWERS =
            OPTIONS.integer("item.max-followers", 100, 1, 10000)
                    .describe("Followers that are counted per item; the weakest give way.");

    public static final ConfigOption<Duration> POPULARITY_INTERVAL =
            OPTIONS.duration("item.popularity-interval", Duration.ofSeconds(1), Duration.ZERO)
                    .describe(
                            "Least event time between two popularity updates of an item to the "
                                    + "recommenders.");

    public static final ConfigOption<Duration> TTL =
            OPTIONS.duration("item.ttl", Duration.ofDays(365), Duration.ofMinutes(1))
                    .describe(
                            "Time without interactions after which an item's statistics are dropped, "
                                    + "and time without a change after which its text is encoded again. A "
                                    + "recommender counts event time from when the item's slowest "
                                    + "popularity has fallen to one interaction, and keeps what the catalog "
                                    + "lists.");

    public static final ConfigOption<Duration> WITHDRAWN_TTL =
            OPTIONS.duration("item.withdrawn-ttl", Duration.ofDays(30), Duration.ofMinutes(1))
                    .describe(
                            "The same time for an item that the catalog has withdrawn, from its last "
                                    + "interaction on.");

    public static final ConfigOption<Map<String, String>> MODALITIES =
            OPTIONS.declare(
                            ConfigOptions.key("item.modalities").mapType().defaultValue(Map.of()),
                            WIDTHS::hold,
                            "name:width, with a width from 1 to 99999, separated by commas")
                    .describe(
                            "Vectors of other modalities that catalog records may bring: name:width, "
                                    + "separated by commas, such as image:512,audio:128. The model learns an "
                                    + "adapter for each; a vector of another width is a dead letter.");

    public static final ConfigOption<Integer> ATTRIBUTE_WIDTH =
            OPTIONS.integer("item.attribute-width", 0, 0, 4096)
                    .describe(
                            "Width of a vector that an item's categories and its attributes "
                                    + "(attributes.items) are hashed to, which is one more part of its "
                                    + "content; 0 for none.");

    /** Reads the group; what is wrong is added to {@code problems}. */
    static ItemConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new ItemConfig(
                read.get(HALF_LIVES),
                read.get(TRANSITION_HALF_LIFE),
                read.get(MAX_FOLLOWERS),
                read.get(POPULARITY_INTERVAL),
                read.get(TTL),
                read.get(WITHDRAWN_TTL),
                WIDTHS.read(read.get(MODALITIES)),
                read.get(ATTRIBUTE_WIDTH));
    }

    private static Optional<Integer> width(String width) {
        return Optional.of(width)
                .filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(Integer::valueOf);
    }
}
