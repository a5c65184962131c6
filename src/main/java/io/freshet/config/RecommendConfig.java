package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** How lists are made. */
public record RecommendConfig(
        int listSize,
        int mostRequested,
        Duration mostAge,
        int candidates,
        int batchSize,
        Duration batchDelay,
        int maxItems,
        boolean explain,
        List<RecommendSource> sources,
        Diversity diversity,
        Exposure exposure,
        Rejection rejection,
        NewItems newItems)
        implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<Integer> LIST_SIZE =
            OPTIONS.integer("recommend.list-size", 10, 1, 1000).describe("Items in a list.");

    public static final ConfigOption<Integer> MAX_REQUESTED =
            OPTIONS.integer("recommend.max-requested", 100, 1, 1000)
                    .describe("Most items that a request (kafka.topic.requests) may ask for.");

    public static final ConfigOption<Duration> REQUEST_MAX_AGE =
            OPTIONS.duration(
                            "recommend.request-max-age",
                            Duration.ofMinutes(1),
                            Duration.ofMillis(1))
                    .describe(
                            "Age, by its record's timestamp, from which a request gets no list, but"
                                    + " is answered as expired: what waited while the job stood still is"
                                    + " not in the way of what is asked now.");

    public static final ConfigOption<Integer> CANDIDATES =
            OPTIONS.integer("recommend.candidates", 100, 1, 10000)
                    .describe("Best items that each source puts forward.");

    public static final ConfigOption<Integer> BATCH_SIZE =
            OPTIONS.integer("recommend.batch-size", 64, 1, 4096)
                    .describe("Requests that are scored in one batch.");

    public static final ConfigOption<Duration> BATCH_DELAY =
            OPTIONS.duration("recommend.batch-delay", Duration.ofMillis(20), Duration.ZERO)
                    .describe("Longest time that a request waits for its batch.");

    public static final ConfigOption<Integer> MAX_ITEMS =
            OPTIONS.integer("recommend.max-items", 1000000, 16, 100000000)
                    .describe(
                            "Most items that a recommender keeps, those with a row in the model not "
                                    + "counted (vocabulary.max-rows), a hard cap: the coldest give way.");

    public static final ConfigOption<Boolean> EXPLAIN =
            OPTIONS.flag("recommend.explain", false)
                    .describe(
                            "Whether each item of a list carries what each source added to its score.");

    public static final ConfigOption<Integer> CATEGORY_CAP =
            OPTIONS.integer("recommend.category-cap", 0, 0, 1000)
                    .describe(
                            "Most items of a list with the same first category, as long as there are "
                                    + "others to list; 0 for no cap.");

    public static final ConfigOption<Float> DIVERSITY =
            OPTIONS.real("recommend.diversity", 0f, 0, 1)
                    .describe(
                            "How much it counts that an item is unlike those listed before it, "
                                    + "against its score (maximal marginal relevance): from 0 for the score "
                                    + "alone to 1 for nothing but variety.");

    public static final ConfigOption<Duration> EXPOSURE_HALF_LIFE =
            OPTIONS.duration(
                            "recommend.exposure-half-life",
                            Duration.ofDays(1),
                            Duration.ofSeconds(1))
                    .describe(
                            "Time after which an exposure (feedback.exposure-types) counts half.");

    public static final ConfigOption<Float> EXPOSURE_PENALTY =
            OPTIONS.real("recommend.exposure-penalty", 0.5f, 0, 100)
                    .describe(
                            "What an item's score loses for each time that it was just shown and not "
                                    + "chosen; 0 for nothing. Scores are in nats.");

    public static final ConfigOption<Duration> REJECTION_REMOVAL =
            OPTIONS.duration("recommend.rejection-removal", Duration.ofDays(30), Duration.ZERO)
                    .describe(
                            "Time for which a user's lists leave out an item that the user rejected "
                                    + "(feedback.negative-types) and did not choose since; 0 s for none.");

    public static final ConfigOption<Float> REJECTION_PENALTY =
            OPTIONS.real("recommend.rejection-penalty", 4f, 0, 100)
                    .describe(
                            "What the score of a rejected item that is not left out loses at first; "
                                    + "0 for nothing. Scores are in nats.");

    public static final ConfigOption<Duration> REJECTION_HALF_LIFE =
            OPTIONS.duration(
                            "recommend.rejection-half-life",
                            Duration.ofDays(30),
                            Duration.ofSeconds(1))
                    .describe("Time after which the penalty of a rejection is half.");

    public static final ConfigOption<Float> REJECTION_LIKENESS =
            OPTIONS.real("recommend.rejection-likeness", 0.25f, 0, 1)
                    .describe(
                            "Share of the penalty that an item of the same content as a rejected one "
                                    + "loses, and one that is less alike less; 0 for none.");

    public static final ConfigOption<Float> EXPLORATION_SHARE =
            OPTIONS.real("recommend.exploration-share", 0.02f, 0, 0.5f)
                    .describe(
                            "Share of the places of lists that is given to new items, drawn from"
                                    + " those with few interactions, so that what they are worth can be"
                                    + " learned; 0 for none.");

    public static final ConfigOption<Boolean> NEVER_CHOSEN =
            OPTIONS.flag("recommend.never-chosen", true)
                    .internal()
                    .describe(
                            "Whether items that nobody has chosen yet may be listed; a replay"
                                    + " switches it off, because they are no candidates of its"
                                    + " protocol.");

    public static final ConfigOption<List<RecommendSource>> SOURCES =
            OPTIONS.declare(
                            ConfigOptions.key("recommend.sources")
                                    .enumType(RecommendSource.class)
                                    .asList()
                                    .defaultValues(RecommendSource.MODEL, RecommendSource.COUNTS),
                            sources -> !sources.isEmpty(),
                            "MODEL, COUNTS or both, separated by commas")
                    .describe(
                            "What lists are made of: MODEL, the large model, which has nothing to "
                                    + "list after a history that it does not know; COUNTS, the statistics that "
                                    + "move with every event; both are fused.");

    /** What lists are made of: either alone, or fused. */
    public enum RecommendSource {
        /** The large model, which is fine-tuned by windows. */
        MODEL,
        /** The small ones, which move with every event: popularity, transitions, repeats. */
        COUNTS
    }

    /**
     * How unlike each other the items of a list are.
     *
     * @param categoryCap most items of a list with the same first category; 0 for no cap
     * @param weight from 0 for the score alone to 1 for nothing but variety
     */
    public record Diversity(int categoryCap, float weight) implements Serializable {}

    /**
     * What being shown and not chosen costs an item.
     *
     * @param halfLife time after which an exposure counts half
     * @param penalty nats for each exposure that was just now
     */
    public record Exposure(Duration halfLife, float penalty) implements Serializable {}

    /**
     * What being rejected costs an item.
     *
     * @param removal time for which it is left out
     * @param halfLife time after which the penalty is half
     * @param penalty nats that it loses at first
     * @param likeness share of it that an item of the same content loses, from 0 to 1
     */
    public record Rejection(Duration removal, Duration halfLife, float penalty, float likeness)
            implements Serializable {}

    /**
     * What becomes of items of which little is known.
     *
     * @param neverChosen whether items that nobody has chosen yet may be listed
     * @param explorationShare share of places that is given to new items, from 0 to 0.5
     */
    public record NewItems(boolean neverChosen, float explorationShare) implements Serializable {}

    // UTF-8 of a character outside the basic plane, which JSON escapes twice
    private static final long ID_CHARACTER_BYTES = 12;
    private static final long ENTRY_BYTES = 192;
    private static final long CONTRIBUTIONS_BYTES = 512;
    private static final long OCCASIONS = 60; // of what the list was made from
    private static final long OCCASION_BYTES = 48;
    private static final long FRAME_BYTES = 1024;

    /** Most items of any list. */
    public int longest() {
        return Math.max(listSize, mostRequested);
    }

    /** The option that decides on it. */
    public ConfigOption<Integer> longestBy() {
        return mostRequested > listSize ? MAX_REQUESTED : LIST_SIZE;
    }

    /**
     * Most bytes of a list on its topic: an entry has two ids, and the list's key, user and request
     * are no longer than three.
     *
     * @param maxIdLength longest id, in characters
     */
    public long maxListBytes(int maxIdLength) {
        long id = ID_CHARACTER_BYTES * maxIdLength;
        long entry = 2 * id + ENTRY_BYTES;
        long own = listSize * (entry + (explain ? CONTRIBUTIONS_BYTES : 0));
        long requested =
                mostRequested * (entry + CONTRIBUTIONS_BYTES) + OCCASIONS * (id + OCCASION_BYTES);
        return Math.max(own, requested) + 3 * id + FRAME_BYTES;
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    static RecommendConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new RecommendConfig(
                read.get(LIST_SIZE),
                read.get(MAX_REQUESTED),
                read.get(REQUEST_MAX_AGE),
                read.get(CANDIDATES),
                read.get(BATCH_SIZE),
                read.get(BATCH_DELAY),
                read.get(MAX_ITEMS),
                read.get(EXPLAIN),
                read.get(SOURCES),
                new Diversity(read.get(CATEGORY_CAP), read.get(DIVERSITY)),
                new Exposure(read.get(EXPOSURE_HALF_LIFE), read.get(EXPOSURE_PENALTY)),
                new Rejection(
                        read.get(REJECTION_REMOVAL),
                        read.get(REJECTION_HALF_LIFE),
                        read.get(REJECTION_PENALTY),
                        read.get(REJECTION_LIKENESS)),
                new NewItems(read.get(NEVER_CHOSEN), read.get(EXPLORATION_SHARE)));
    }
}
