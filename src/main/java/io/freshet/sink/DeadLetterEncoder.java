package io.freshet.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.freshet.event.DeadLetter;
import java.io.IOException;

/**
 * Records of the dead-letters topic ({@code dead-letters.schema.json}), keyed by the record's
 * place: {@code topic:partition:offset}.
 */
final class DeadLetterEncoder implements EventEncoder<DeadLetter> {

    private static final long serialVersionUID = 1;

    @Override
    public String key(DeadLetter letter) {
        return letter.topic() + ":" + letter.partition() + ":" + letter.offset();
    }

    @Override
    public byte[] value(DeadLetter letter) {
        return Json.object(json -> write(json, letter));
    }

    private static void write(JsonGenerator json, DeadLetter letter) throws IOException {
        json.writeStringField("topic", letter.topic());
        json.writeNumberField("partition", letter.partition());
        json.writeNumberField("offset", letter.offset());
        if (letter.timestamp() < 0) {
            json.writeNullField("timestamp_ms");
        } else {
            json.writeNumberField("timestamp_ms", letter.timestamp());
        }
        json.writeStringField("field", letter.field());
        json.writeStringField("reason", letter.reason());
        if (letter.key().length == 0) {
            json.writeNullField("key");
        } else {
            json.writeBinaryField("key", letter.key());
        }
        json.writeBinaryField("payload", letter.payload());
        json.writeNumberField("payload_size", letter.payloadSize());
        json.writeNumberField("key_size", letter.keySize());
        Json.text(json, "key_sha256", letter.keySha256());
        Json.text(json, "payload_sha256", letter.payloadSha256());
    }
}
