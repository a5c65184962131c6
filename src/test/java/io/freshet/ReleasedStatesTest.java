package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a release has written into state is read by this one, field by field. A file per release
 * holds, for each type, its serializer's snapshot, a sample as that serializer wrote it, and the
 * sample's fields. {@code -Dfreshet.golden.update=true} writes the file of the newest release.
 */
class ReleasedStatesTest {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .visibility(PropertyAccessor.ALL, Visibility.NONE)
                    .visibility(PropertyAccessor.FIELD, Visibility.ANY)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    @BeforeAll
    static void write() throws IOException {
        if (!Boolean.getBoolean("freshet.golden.update")) {
            return;
        }
        ObjectNode states = JSON.createObjectNode();
        for (Map.Entry<String, Class<?>> type : ReleasedStates.types().entrySet()) {
            states.set(type.getKey(), written(type.getValue()));
        }
        JSON.writeValue(file(ReleasedStates.newest()).toFile(), states);
    }

    static Stream<Arguments> released() throws IOException {
        Stream.Builder<Arguments> released = Stream.builder();
        for (String release : ReleasedStates.RELEASES) {
            for (Map.Entry<String, JsonNode> state : states(release).properties()) {
                released.add(Arguments.of(release, state.getKey(), state.getValue()));
            }
        }
        return released.build();
    }

    @ParameterizedTest(name = "release {0}: {1}")
    @MethodSource("released")
    void what_a_release_wrote_is_read_field_by_field(String release, String type, JsonNode golden)
            throws IOException {
        Object read = read(type(type), golden);

        assertThat(missing(type, golden.get("value"), JSON.valueToTree(read)))
                .as("fields of %s in release %s that are gone or read otherwise", type, release)
                .isEmpty();
    }

    @Test
    void the_newest_release_has_a_sample_of_every_state() throws IOException {
        JsonNode golden = states(ReleasedStates.newest());

        assertThat(ReleasedStates.types())
                .allSatisfy(
                        (name, type) ->
                                assertThat(golden.get(name))
                                        .as(
                                                "sample of %s: run this test with"
                                                        + " -Dfreshet.golden.update=true",
                                                name)
                                        .isNotNull());
    }

    /** Reads as a restore does: with the serializer that wrote it, if today's needs a migration. */
    private static <T> T read(Class<T> type, JsonNode golden) throws IOException {
        TypeSerializerSnapshot<T> snapshot =
                TypeSerializerSnapshot.readVersionedSnapshot(
                        new DataInputDeserializer(golden.get("serializer").binaryValue()),
                        ReleasedStatesTest.class.getClassLoader());
        TypeSerializer<T> today = serializer(type);
        TypeSerializerSchemaCompatibility<T> compatibility =
                today.snapshotConfiguration().resolveSchemaCompatibility(snapshot);
        assertThat(compatibility.isIncompatible()).as("%s is incompatible", type).isFalse();
        TypeSerializer<T> reader =
                compatibility.isCompatibleAsIs() ? today : snapshot.restoreSerializer();
        T read = reader.deserialize(new DataInputDeserializer(golden.get("bytes").binaryValue()));
        today.serialize(read, new DataOutputSerializer(256));
        return read;
    }

    private static <T> ObjectNode written(Class<T> type) throws IOException {
        T sample = SampleState.of(type);
        TypeSerializer<T> serializer = serializer(type);
        DataOutputSerializer snapshot = new DataOutputSerializer(1024);
        TypeSerializerSnapshot.writeVersionedSnapshot(snapshot, serializer.snapshotConfiguration());
        DataOutputSerializer bytes = new DataOutputSerializer(1024);
        serializer.serialize(sample, bytes);
        ObjectNode written = JSON.createObjectNode();
        written.put("serializer", snapshot.getCopyOfBuffer());
        written.put("bytes", bytes.getCopyOfBuffer());
        written.set("value", JSON.valueToTree(sample));
        return written;
    }

    private static <T> TypeSerializer<T> serializer(Class<T> type) {
        return TypeInformation.of(type).createSerializer(new SerializerConfigImpl());
    }

    /** Where one tree has a field that the other lacks, or has with another value. */
    private static List<String> missing(String path, JsonNode wanted, JsonNode found) {
        if (wanted.isObject() && found.isObject()) {
            return wanted.properties().stream()
                    .filter(field -> !ReleasedStates.DROPPED.contains(path + "/" + field.getKey()))
                    .flatMap(
                            field ->
                                    missing(
                                            path + "/" + field.getKey(),
                                            field.getValue(),
                                            found.path(field.getKey()))
                                            .stream())
                    .toList();
        }
        if (wanted.isArray() && found.isArray() && wanted.size() == found.size()) {
            return Stream.iterate(0, i -> i < wanted.size(), i -> i + 1)
                    .flatMap(i -> missing(path + "/" + i, wanted.get(i), found.get(i)).stream())
                    .toList();
        }
        boolean same = wanted.asText().equals(found.asText()) && wanted.size() == found.size();
        return same ? List.of() : List.of(path + ": " + wanted + ", now " + found);
    }

    private static JsonNode states(String release) throws IOException {
        return JSON.readTree(file(release).toFile());
    }

    private static Path file(String release) throws IOException {
        return Files.createDirectories(Path.of("src/test/resources/golden/release-" + release))
                .resolve("states.json");
    }

    private static Class<?> type(String name) {
        return Objects.requireNonNull(ReleasedStates.types().get(name), "no state of type " + name);
    }
}
