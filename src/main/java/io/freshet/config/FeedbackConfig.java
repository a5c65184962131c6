package io.freshet.config;

import io.freshet.config.option.Entries;
import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What an interaction says of the user's taste, by its event type and its rating.
 *
 * @param weights weight of each named type as a target, from 0 to 1
 * @param defaultWeight weight of the types that are not named
 * @param negativeTypes types that reject their item
 * @param exposureTypes types that say what the user was shown
 * @param negativeBelow least rating that rejects nothing; NaN for none
 * @param contextBelow least rating of a target; NaN for none
 */
public record FeedbackConfig(
        SortedMap<String, Float> weights,
        float defaultWeight,
        List<String> negativeTypes,
        List<String> exposureTypes,
        float negativeBelow,
        float contextBelow)
        implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    private static final Entries<Float> ENTRIES = new Entries<>((type, text) -> weight(text));

    public static final ConfigOption<Map<String, String>> WEIGHTS =
            OPTIONS.declare(
                            ConfigOptions.key("feedback.weights").mapType().defaultValue(Map.of()),
                            ENTRIES::hold,
                            "type:weight, with a weight from 0 to 1, separated by commas")
                    .describe(
                            "What an event of a type counts as something that the user chose, such as "
                                    + "view:0.2,purchase:1: in training, popularity and transitions. At 0 it "
                                    + "is context alone: the model sees it and learns what comes after it, "
                                    + "and it counts nowhere.");

    public static final ConfigOption<Float> DEFAULT_WEIGHT =
            OPTIONS.real("feedback.default-weight", 1f, 0, 1)
                    .describe("The weight of event types that no option names.");

    public static final ConfigOption<List<String>> NEGATIVE_TYPES =
            OPTIONS.texts("feedback.negative-types")
                    .describe(
                            "Event types, such as return, hide, dislike or skip, by which a user rejects "
                                    + "an item, until the user chooses it again.");

    public static final ConfigOption<List<String>> EXPOSURE_TYPES =
            OPTIONS.texts("feedback.exposure-types")
                    .formerly("history.exposure-types")
                    .describe(
                            "Event types, such as impression, that say what a user was shown. They "
                                    + "are no feedback; lists demote what was shown and not chosen, and "
                                    + "responses to them are predicted (response.types).");

    public static final ConfigOption<Float> NEGATIVE_BELOW =
            OPTIONS.declare(rating("feedback.negative-below"), FeedbackConfig::isLimit, "a number")
                    .describe(
                            "An event with a lower rating rejects its item, whatever weight its type "
                                    + "has.");

    public static final ConfigOption<Float> CONTEXT_BELOW =
            OPTIONS.declare(rating("feedback.context-below"), FeedbackConfig::isLimit, "a number")
                    .describe(
                            "An event with a lower rating is context alone, as with weight 0, where "
                                    + "it does not reject its item.");

    /** What an interaction is taken for. */
    public enum Kind {
        /** The user chose the item. */
        TARGET,
        /** The user had to do with the item, which says something of the user's next choice. */
        CONTEXT,
        /** The user rejected the item. */
        NEGATIVE,
        /** The user was shown the item. */
        EXPOSURE
    }

    /**
     * The role of an interaction.
     *
     * @param weight what it counts as a target, in (0, 1]; 0 for the other kinds
     */
    public record Role(Kind kind, float weight) {

        private static final Role CONTEXT = new Role(Kind.CONTEXT, 0);
        private static final Role NEGATIVE = new Role(Kind.NEGATIVE, 0);
        private static final Role EXPOSURE = new Role(Kind.EXPOSURE, 0);

        /** Whether it is a position of the user's history. */
        public boolean isPosition() {
            return kind == Kind.TARGET || kind == Kind.CONTEXT;
        }
    }

    /**
     * The role of an interaction. What a type says by itself, an exposure or a rejection, no rating
     * changes.
     *
     * @param rating {@link Float#NaN} if there is none
     */
    public Role roleOf(String eventType, float rating) {
        if (exposureTypes.contains(eventType)) {
            return Role.EXPOSURE;
        }
        if (negativeTypes.contains(eventType) || rating < negativeBelow) {
            return Role.NEGATIVE;
        }
        float weight = rating < contextBelow ? 0 : weights.getOrDefault(eventType, defaultWeight);
        return weight == 0 ? Role.CONTEXT : new Role(Kind.TARGET, weight);
    }

    /** Whether any interaction says what a user was shown. */
    public boolean hasExposures() {
        return !exposureTypes.isEmpty();
    }

    /** Whether any interaction may reject its item. */
    public boolean hasNegatives() {
        return !negativeTypes.isEmpty() || !Float.isNaN(negativeBelow);
    }

    /** The event types that an option names, in the order of their names. */
    public SortedSet<String> namedTypes() {
        SortedSet<String> named = new TreeSet<>(weights.keySet());
        named.addAll(negativeTypes);
        named.addAll(exposureTypes);
        return named;
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    static FeedbackConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        FeedbackConfig feedback =
                new FeedbackConfig(
                        ENTRIES.read(read.get(WEIGHTS)),
                        read.get(DEFAULT_WEIGHT),
                        read.get(NEGATIVE_TYPES),
                        read.get(EXPOSURE_TYPES),
                        read.get(NEGATIVE_BELOW),
                        read.get(CONTEXT_BELOW));
        feedback.requireOneRoleEach(problems);
        return feedback;
    }

    private void requireOneRoleEach(Problems problems) {
        requireApart(NEGATIVE_TYPES, negativeTypes, EXPOSURE_TYPES, exposureTypes, problems);
        requireApart(WEIGHTS, weights.keySet(), NEGATIVE_TYPES, negativeTypes, problems);
        requireApart(WEIGHTS, weights.keySet(), EXPOSURE_TYPES, exposureTypes, problems);
        if (contextBelow <= negativeBelow) {
            problems.add(
                    CONTEXT_BELOW.key(),
                    String.valueOf(contextBelow),
                    "above feedback.negative-below = %s, because lower ratings reject their item"
                            .formatted(negativeBelow));
        }
    }

    private static void requireApart(
            ConfigOption<?> option,
            Collection<String> types,
            ConfigOption<?> other,
            Collection<String> others,
            Problems problems) {
        for (String type : new TreeSet<>(types)) {
            if (others.contains(type)) {
                problems.add(
                        option.key(),
                        type,
                        "a type that %s does not name, because a type has one role"
                                .formatted(other.key()));
            }
        }
    }

    private static ConfigOption<Float> rating(String key) {
        return ConfigOptions.key(key).floatType().defaultValue(Float.NaN);
    }

    private static boolean isLimit(float rating) {
        return !Float.isInfinite(rating);
    }

    private static Optional<Float> weight(String weight) {
        return Optional.of(weight)
                .filter(text -> text.matches("[0-9]?(\\.[0-9]{1,9})?") && !text.isEmpty())
                .map(Float::valueOf)
                .filter(value -> value <= 1);
    }
}
