package io.freshet.source.decode;

import io.freshet.config.AttributesConfig;
import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.IngestConfig;
import io.freshet.event.Interaction;
import io.freshet.source.field.BadRecordException;
import io.freshet.source.field.FieldRules;
import java.time.Clock;
import java.util.SortedMap;

/**
 * Records of the interactions topic ({@code interactions.schema.json}).
 *
 * <p>An event without {@code event_id} is named {@code partition:offset}: two events never share
 * it, and a record that Flink reads again after a failure gets the same one.
 */
public final class InteractionDecoder implements RecordDecoder<Decoded.OfInteraction> {

    private final SortedMap<String, Type> attributes;
    private final RecordParser parser;
    private final Clock clock;

    /**
     * @param limits of sizes, lengths and times, with the attributes that are declared
     * @param clock for the limit on timestamps ahead of it
     */
    public InteractionDecoder(IngestConfig limits, Clock clock) {
        this.attributes = limits.attributes().context();
        this.parser =
                new RecordParser(limits, AttributesConfig.INTERACTION_FIELDS, attributes.keySet());
        this.clock = clock;
    }

    @Override
    public Decoded.OfInteraction decode(RawRecord source) {
        try {
            return new Decoded.OfInteraction(interaction(source, parser.parse(source)), null);
        } catch (BadRecordException e) {
            return new Decoded.OfInteraction(null, parser.deadLetter(source, e));
        }
    }

    private Interaction interaction(RawRecord source, JsonFields fields) throws BadRecordException {
        return new Interaction(
                fields.id("event_id", source.partition() + ":" + source.offset()),
                fields.id("user_id"),
                fields.id("item_id"),
                fields.id("event_type", FieldRules.DEFAULT_TYPE),
                fields.number("rating"),
                fields.timestamp("timestamp_ms", clock.millis()),
                source.partition(),
                source.offset(),
                0,
                fields.attributes(attributes));
    }
}
