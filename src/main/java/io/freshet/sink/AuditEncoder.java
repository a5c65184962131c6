package io.freshet.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.freshet.event.AuditEvent;
import io.freshet.event.Control;
import io.freshet.event.Removal;
import io.freshet.runtime.ConstantNames;
import java.io.IOException;

/**
 * Records of the audit topic ({@code audit.schema.json}), keyed by the control's id: its answer and
 * those to its repeats stay in order.
 */
final class AuditEncoder implements EventEncoder<AuditEvent> {

    private static final long serialVersionUID = 1;

    @Override
    public String key(AuditEvent event) {
        return event.control().controlId();
    }

    @Override
    public byte[] value(AuditEvent event) {
        return Json.object(json -> write(json, event));
    }

    private static void write(JsonGenerator json, AuditEvent event) throws IOException {
        Control control = event.control();
        json.writeStringField("control_id", control.controlId());
        json.writeStringField("kind", ConstantNames.of(control.kind()));
        Json.text(json, "user_id", control.userId());
        Json.version(json, "version", control.version());
        Json.version(json, "update", control.update());
        json.writeNumberField("timestamp_ms", control.timestamp());
        json.writeStringField("outcome", ConstantNames.of(event.outcome()));
        json.writeStringField("reason", event.reason());
        json.writeNumberField("outcome_at_ms", event.timestamp());
        json.writeArrayFieldStart("removed");
        for (Removal removal : event.removed()) {
            json.writeStartObject();
            json.writeStringField("place", name(removal.place()));
            json.writeNumberField("count", removal.count());
            json.writeNumberField("removed_at_ms", removal.timestamp());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String name(Removal.Place place) {
        return switch (place) {
            case PENDING -> "pending-sequences";
            case HELD_OUT -> "held-out-sequences";
            default -> ConstantNames.of(place);
        };
    }
}
