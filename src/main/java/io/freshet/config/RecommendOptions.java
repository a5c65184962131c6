package io.freshet.config;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** How lists are made. Options of the {@code recommend} group. */
public final class RecommendOptions {

    public static final ConfigOption<Integer> LIST_SIZE =
            ConfigOptions.key("recommend.list-size")
                    .intType()
                    .defaultValue(10)
                    .withDescription("Items in a list.");

    public static final ConfigOption<Integer> CANDIDATES =
            ConfigOptions.key("recommend.candidates")
                    .intType()
                    .defaultValue(100)
                    .withDescription("Best items that each source puts forward.");

    public static final ConfigOption<Integer> BATCH_SIZE =
            ConfigOptions.key("recommend.batch-size")
                    .intType()
                    .defaultValue(64)
                    .withDescription("Requests that are scored in one batch.");

    public static final ConfigOption<Duration> BATCH_DELAY =
            ConfigOptions.key("recommend.batch-delay")
                    .durationType()
                    .defaultValue(Duration.ofMillis(20))
                    .withDescription("Longest time that a request waits for its batch.");

    public static final ConfigOption<Boolean> ALIGN_VERSIONS =
            ConfigOptions.key("recommend.align-versions")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether a request waits, in event time, for every version "
                                    + "trained on what came before it: exact and repeatable, for "
                                    + "replays.");

    public static final ConfigOption<Boolean> EXPLAIN =
            ConfigOptions.key("recommend.explain")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether each item of a list carries what each source added to its "
                                    + "score.");

    public static final ConfigOption<Integer> CATEGORY_CAP =
            ConfigOptions.key("recommend.category-cap")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "Most items of a list with the same first category, as long as there "
                                    + "are others to list; 0 for no cap.");

    public static final ConfigOption<Float> DIVERSITY =
            ConfigOptions.key("recommend.diversity")
                    .floatType()
                    .defaultValue(0f)
                    .withDescription(
                            "How much it counts that an item is unlike those listed before it, "
                                    + "against its score (maximal marginal relevance): from 0 for "
                                    + "the score alone to 1 for nothing but variety.");

    public static final ConfigOption<Duration> EXPOSURE_HALF_LIFE =
            ConfigOptions.key("recommend.exposure-half-life")
                    .durationType()
                    .defaultValue(Duration.ofDays(1))
                    .withDescription(
                            "Time after which an exposure (history.exposure-types) counts half.");

    public static final ConfigOption<Float> EXPOSURE_PENALTY =
            ConfigOptions.key("recommend.exposure-penalty")
                    .floatType()
                    .defaultValue(0.5f)
                    .withDescription(
                            "What an item's score loses for each time that it was just shown "
                                    + "and not chosen; 0 for nothing. Scores are in nats.");

    public static final ConfigOption<List<RecommendSource>> SOURCES =
            ConfigOptions.key("recommend.sources")
                    .enumType(RecommendSource.class)
                    .asList()
                    .defaultValues(RecommendSource.MODEL, RecommendSource.COUNTS)
                    .withDescription(
                            "What lists are made of: MODEL, the large model, which has "
                                    + "nothing to list after a history that it does not know; "
                                    + "COUNTS, the statistics that move with every event; both "
                                    + "are fused.");

    private RecommendOptions() {}
}
