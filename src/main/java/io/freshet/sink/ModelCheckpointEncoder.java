package io.freshet.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.OffsetRange;
import java.io.IOException;
import java.util.Locale;

/**
 * Records of the model-checkpoints topic ({@code model-checkpoints.schema.json}), keyed by window:
 * a version is no key, because a rejected window names the version that stays, and would replace
 * its announcement in a compacted topic. For the same reason the rollback of a control is keyed by
 * the control.
 */
final class ModelCheckpointEncoder implements EventEncoder<ModelCheckpoint> {

    private static final long serialVersionUID = 1;

    @Override
    public String key(ModelCheckpoint checkpoint) {
        return checkpoint.controlId().isEmpty()
                ? String.valueOf(checkpoint.window())
                : "control:" + checkpoint.controlId();
    }

    @Override
    public byte[] value(ModelCheckpoint checkpoint) {
        return Json.object(json -> write(json, checkpoint));
    }

    private static void write(JsonGenerator json, ModelCheckpoint checkpoint) throws IOException {
        Json.version(json, "version", checkpoint.version());
        Json.version(json, "parent", checkpoint.parent());
        json.writeStringField("verdict", checkpoint.verdict().name().toLowerCase(Locale.ROOT));
        json.writeStringField("reason", checkpoint.reason());
        Json.text(json, "path", checkpoint.path());
        json.writeNumberField("window", checkpoint.window());
        json.writeNumberField("window_start_ms", checkpoint.windowStart());
        json.writeNumberField("window_end_ms", checkpoint.windowEnd());
        Json.time(json, "newest_event_ms", checkpoint.newestEvent());
        json.writeNumberField("interactions", checkpoint.interactions());
        json.writeNumberField("sequences", checkpoint.sequences());
        json.writeNumberField("targets", checkpoint.targets());
        Json.figure(json, "loss", checkpoint.loss());
        Json.figure(json, "champion_metric", checkpoint.championMetric());
        Json.figure(json, "challenger_metric", checkpoint.challengerMetric());
        json.writeNumberField("validation_positions", checkpoint.validationPositions());
        Json.figure(json, "detectable_change", checkpoint.detectable());
        json.writeNumberField("training_ms", checkpoint.trainingMillis());
        json.writeNumberField("updates", checkpoint.updates());
        Json.text(json, "control_id", checkpoint.controlId());
        json.writeStringField("fingerprint", checkpoint.fingerprint());
        Json.text(json, "update_fingerprint", checkpoint.updateFingerprint());
        json.writeArrayFieldStart("trained_offsets");
        for (OffsetRange range : checkpoint.trainedOffsets()) {
            json.writeStartObject();
            json.writeNumberField("partition", range.partition());
            json.writeNumberField("first", range.first());
            json.writeNumberField("last", range.last());
            json.writeNumberField("count", range.count());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
