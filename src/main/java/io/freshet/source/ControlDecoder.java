package io.freshet.source;

import io.freshet.config.IngestConfig;
import io.freshet.event.Control;
import java.time.Clock;

/** Records of the controls topic ({@code controls.schema.json}). */
public final class ControlDecoder implements RecordDecoder<DecodedControl> {

    private static final String FORGET_USER = "forget-user";

    private final RecordParser parser;
    private final Clock clock;

    /**
     * @param limits what is accepted
     * @param clock tells how far ahead a timestamp lies
     */
    public ControlDecoder(IngestConfig limits, Clock clock) {
        this.parser = new RecordParser(limits);
        this.clock = clock;
    }

    @Override
    public DecodedControl decode(RawRecord source) {
        try {
            return DecodedControl.of(control(parser.parse(source)));
        } catch (BadRecordException e) {
            return DecodedControl.of(parser.deadLetter(source, e));
        }
    }

    private Control control(JsonFields fields) throws BadRecordException {
        return new Control(
                fields.id("control_id"),
                kind(fields.id("kind")),
                fields.id("user_id"),
                fields.timestamp("timestamp_ms", clock.millis()));
    }

    private static Control.Kind kind(String name) throws BadRecordException {
        if (!name.equals(FORGET_USER)) {
            throw new BadRecordException(
                    "kind", FoundText.quoted(name), FoundText.quoted(FORGET_USER));
        }
        return Control.Kind.FORGET_USER;
    }
}
