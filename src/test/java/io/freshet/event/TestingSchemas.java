package io.freshet.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.freshet.testing.RecordFuzzer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The JSON Schemas of the topics, to hold against what is read and written. */
public final class TestingSchemas {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();
    private static final Map<String, Set<String>> FIELDS = new ConcurrentHashMap<>();

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
        Set<String> messages = new TreeSet<>();
        SCHEMAS.computeIfAbsent(topic, TestingSchemas::schema)
                .validate(value)
                .forEach(message -> messages.add(message.getMessage()));
        return messages;
    }

    /** The names of the fields that a topic's schema describes. */
    public static Set<String> fields(String topic) {
        Set<String> names = new TreeSet<>();
        document(topic).path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /**
     * Whether a path begins with a field of the topic's schema or an attribute, or is one that is
     * named instead of several.
     */
    public static boolean mayBeAtFault(String topic, String path) {
        String outermost = path.replaceFirst("(\\.|\\[| \\(name\\)).*", "");
        return Set.of("value", "key", "record time").contains(outermost)
                || RecordFuzzer.ATTRIBUTES.contains(outermost)
                || FIELDS.computeIfAbsent(topic, TestingSchemas::fields).contains(outermost);
    }

    private static JsonSchema schema(String topic) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(document(topic));
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
