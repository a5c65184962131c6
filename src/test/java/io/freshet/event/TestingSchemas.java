package io.freshet.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/** The JSON Schemas of the topics, to hold against what is read and written. */
public final class TestingSchemas {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private TestingSchemas() {}

    /** The schema of a topic as JSON. */
    public static JsonNode document(String topic) {
        String resource = "/schema/" + topic + ".schema.json";
        try (InputStream in = TestingSchemas.class.getResourceAsStream(resource)) {
            assertThat(in).as("resource " + resource).isNotNull();
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a topic's schema has against a value; empty if nothing. */
    public static Set<String> violations(String topic, JsonNode value) {
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(document(topic));
        Set<String> messages = new TreeSet<>();
        schema.validate(value).forEach(message -> messages.add(message.getMessage()));
        return messages;
    }

    /** Parses JSON. */
    public static JsonNode json(byte[] bytes) {
        try {
            return MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
