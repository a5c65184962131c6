package io.freshet.source;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.FeedbackConfig.Role;
import io.freshet.event.Interaction;
import io.freshet.runtime.ConstantNames;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts interactions by what they are taken for and their event type. A type that an option names
 * is there from the beginning: one that stays at 0 is probably misspelt. Of those that no option
 * names, and so have the default weight, the first {@value #MOST_UNNAMED} have counters of their
 * own; the rest are counted as {@value #OTHERS}, because producers make up types without end.
 */
final class RoleCounters {

    /** Group of metrics of a role, by its name. */
    static final String ROLE_GROUP = "role";

    /** Group of metrics of an event type, by its name. */
    static final String TYPE_GROUP = "eventType";

    /** Interactions of a role and an event type, count. */
    static final String INTERACTIONS_METRIC = "freshetInteractions";

    static final int MOST_UNNAMED = 50;

    static final String OTHERS = "(others)";

    /** What the rating of an interaction is when only its type counts. */
    private static final float NO_RATING = Float.NaN;

    private final FeedbackConfig feedback;
    private final MetricGroup metrics;
    private final Set<String> named;
    private final Set<String> unnamed = new HashSet<>();
    private final Map<Kind, Map<String, Counter>> counters = new EnumMap<>(Kind.class);

    RoleCounters(FeedbackConfig feedback, MetricGroup metrics) {
        this.feedback = feedback;
        this.metrics = metrics;
        named = feedback.namedTypes();
        named.forEach(type -> counter(feedback.roleOf(type, NO_RATING), type));
    }

    void count(Interaction interaction) {
        String type = interaction.eventType();
        counter(feedback.roleOf(type, interaction.rating()), isCounted(type) ? type : OTHERS).inc();
    }

    private boolean isCounted(String type) {
        return named.contains(type)
                || unnamed.contains(type)
                || unnamed.size() < MOST_UNNAMED && unnamed.add(type);
    }

    private Counter counter(Role role, String type) {
        return counters.computeIfAbsent(role.kind(), kind -> new HashMap<>())
                .computeIfAbsent(
                        type,
                        name ->
                                metrics.addGroup(ROLE_GROUP, ConstantNames.of(role.kind()))
                                        .addGroup(TYPE_GROUP, name)
                                        .counter(INTERACTIONS_METRIC));
    }
}
