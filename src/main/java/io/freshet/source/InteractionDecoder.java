package io.freshet.source;

import io.freshet.config.IngestConfig;
import io.freshet.event.Interaction;
import java.time.Clock;
import java.util.Set;

/**
 * Records of the interactions topic ({@code interactions.schema.json}).
 *
 * <p>An event without {@code event_id} is named {@code partition:offset}: that never merges two
 * events, and a record that Flink reads again after a failure keeps its name.
 */
public final class InteractionDecoder implements RecordDecoder<DecodedInteraction> {

    /** Type of an event that does not say. */
    static final String DEFAULT_TYPE = "interaction";

    static final Set<String> FIELDS =
            Set.of("event_id", "user_id", "item_id", "event_type", "rating", "timestamp_ms");

    private final RecordParser parser;
    private final Clock clock;

    /**
     * @param limits what is accepted
     * @param clock tells how far ahead a timestamp lies
     */
    public InteractionDecoder(IngestConfig limits, Clock clock) {
        this.parser = new RecordParser(limits, FIELDS);
        this.clock = clock;
    }

    @Override
    public DecodedInteraction decode(RawRecord source) {
        try {
            return DecodedInteraction.of(interaction(source, parser.parse(source)));
        } catch (BadRecordException e) {
            return DecodedInteraction.of(parser.deadLetter(source, e));
        }
    }

    private Interaction interaction(RawRecord source, JsonFields fields) throws BadRecordException {
        return new Interaction(
                fields.id("event_id", source.partition() + ":" + source.offset()),
                fields.id("user_id"),
                fields.id("item_id"),
                fields.id("event_type", DEFAULT_TYPE),
                fields.number("rating"),
                fields.timestamp("timestamp_ms", clock.millis()),
                source.partition(),
                source.offset());
    }
}
