package io.freshet.source.decode;

import io.freshet.config.IngestConfig;
import io.freshet.event.Control;
import io.freshet.event.Control.Kind;
import io.freshet.source.field.BadRecordException;
import io.freshet.source.field.FoundText;
import java.time.Clock;
import java.util.Set;

/** Records of the controls topic ({@code controls.schema.json}). */
public final class ControlDecoder implements RecordDecoder<Decoded.OfControl> {

    static final Set<String> FIELDS =
            Set.of("control_id", "kind", "user_id", "version", "update", "timestamp_ms");

    private final RecordParser parser;
    private final Clock clock;

    /**
     * @param limits of sizes, lengths and times
     * @param clock for the limit on timestamps ahead of it
     */
    public ControlDecoder(IngestConfig limits, Clock clock) {
        this.parser = new RecordParser(limits, FIELDS, Set.of());
        this.clock = clock;
    }

    @Override
    public Decoded.OfControl decode(RawRecord source) {
        try {
            return new Decoded.OfControl(control(parser.parse(source)), null);
        } catch (BadRecordException e) {
            return new Decoded.OfControl(null, parser.deadLetter(source, e));
        }
    }

    private Control control(JsonFields fields) throws BadRecordException {
        String controlId = fields.id("control_id");
        Kind kind = kind(fields.id("kind"));
        return new Control(
                controlId,
                kind,
                kind == Kind.FORGET_USER ? fields.id("user_id") : "",
                fields.timestamp("timestamp_ms", clock.millis()),
                kind == Kind.ROLLBACK ? fields.wholeNumber("version", 1) : 0,
                kind == Kind.ROLLBACK ? fields.optionalWholeNumber("update", 1) : 0);
    }

    private static Kind kind(String name) throws BadRecordException {
        return switch (name) {
            case "forget-user" -> Kind.FORGET_USER;
            case "rollback" -> Kind.ROLLBACK;
            case "pause" -> Kind.PAUSE;
            case "resume" -> Kind.RESUME;
            case "train-now" -> Kind.TRAIN_NOW;
            default ->
                    throw new BadRecordException(
                            "kind",
                            FoundText.quoted(name),
                            "forget-user, rollback, pause, resume or train-now");
        };
    }
}
