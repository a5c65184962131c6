package io.freshet.source;

import io.freshet.config.FeedbackConfig;
import io.freshet.event.DeadLetter;
import io.freshet.event.Interaction;
import io.freshet.source.decode.Decoded;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Separates interactions from {@link DeadLetter}s, and counts those whose time was too far ahead,
 * and all by what they are taken for: {@link RoleCounters}.
 */
class InteractionSplitFunction extends SplitFunction<Interaction, Decoded.OfInteraction> {

    private static final long serialVersionUID = 1;

    /** Interactions whose time was too far ahead of their arrival, count. */
    static final String AHEAD_METRIC = "freshetEventsAhead";

    private final FeedbackConfig feedback;

    private transient @Nullable Counter ahead;
    private transient @Nullable RoleCounters roles;

    InteractionSplitFunction(FeedbackConfig feedback) {
        this.feedback = feedback;
    }

    @Override
    public void open(OpenContext context) {
        super.open(context);
        ahead = metrics().counter(AHEAD_METRIC);
        roles = new RoleCounters(feedback, metrics());
    }

    @Override
    public void processElement(
            Decoded.OfInteraction decoded, Context context, Collector<Interaction> out) {
        super.processElement(decoded, context, out);
        if (decoded.ahead()) {
            count(ahead);
        }
        Interaction event = decoded.event();
        if (event != null && roles != null) {
            roles.count(event);
        }
    }
}
