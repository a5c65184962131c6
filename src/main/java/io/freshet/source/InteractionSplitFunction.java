package io.freshet.source;

import io.freshet.event.DeadLetter;
import io.freshet.event.Interaction;
import io.freshet.source.decode.Decoded;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Separates interactions from {@link DeadLetter}s, and counts those whose time was too far ahead,
 * and those of each exposure type: a type that stays at 0 is probably misspelt, and then what users
 * were shown trains as what they chose.
 */
class InteractionSplitFunction extends SplitFunction<Interaction, Decoded.OfInteraction> {

    private static final long serialVersionUID = 1;

    /** Interactions whose time was too far ahead of their arrival, count. */
    static final String AHEAD_METRIC = "freshetEventsAhead";

    /** Group of metrics of an event type, by its name. */
    static final String TYPE_GROUP = "exposureType";

    /** Interactions of an exposure type, count. */
    static final String EXPOSURES_METRIC = "freshetExposures";

    private final List<String> exposureTypes;

    private transient @Nullable Counter ahead;
    private transient @Nullable Map<String, Counter> exposures;

    InteractionSplitFunction(List<String> exposureTypes) {
        this.exposureTypes = exposureTypes;
    }

    @Override
    public void open(OpenContext context) {
        super.open(context);
        ahead = metrics().counter(AHEAD_METRIC);
        exposures = new HashMap<>();
        for (String type : exposureTypes) {
            exposures.put(type, metrics().addGroup(TYPE_GROUP, type).counter(EXPOSURES_METRIC));
        }
    }

    @Override
    public void processElement(
            Decoded.OfInteraction decoded, Context context, Collector<Interaction> out) {
        super.processElement(decoded, context, out);
        if (decoded.ahead()) {
            count(ahead);
        }
        Interaction event = decoded.event();
        Counter exposure =
                event == null || exposures == null ? null : exposures.get(event.eventType());
        if (exposure != null) {
            exposure.inc();
        }
    }
}
