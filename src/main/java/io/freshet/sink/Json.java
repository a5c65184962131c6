package io.freshet.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes one JSON object, with null for absent values. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** Writes the fields of an object. */
    @FunctionalInterface
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** An object in UTF-8. */
    static byte[] object(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("JSON could not be written to memory", e);
        }
        return bytes.toByteArray();
    }

    /** A number, or null if it is not finite: JSON has no NaN. */
    static void figure(JsonGenerator json, String field, float value) throws IOException {
        if (Float.isFinite(value)) {
            json.writeNumberField(field, value);
        } else {
            json.writeNullField(field);
        }
    }

    /** A model version, or null if there is none (0). */
    static void version(JsonGenerator json, String field, long version) throws IOException {
        if (version > 0) {
            json.writeNumberField(field, version);
        } else {
            json.writeNullField(field);
        }
    }

    /** Milliseconds since the epoch, or null if not known (0). */
    static void time(JsonGenerator json, String field, long millis) throws IOException {
        if (millis > 0) {
            json.writeNumberField(field, millis);
        } else {
            json.writeNullField(field);
        }
    }

    /** A text, or null if it is empty. */
    static void text(JsonGenerator json, String field, String text) throws IOException {
        if (text.isEmpty()) {
            json.writeNullField(field);
        } else {
            json.writeStringField(field, text);
        }
    }
}
