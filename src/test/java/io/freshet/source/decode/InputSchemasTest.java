package io.freshet.source.decode;

import static io.freshet.source.decode.TestingRecords.CLOCK;
import static io.freshet.source.decode.TestingRecords.NOW;
import static io.freshet.source.decode.TestingRecords.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.config.AttributesConfig;
import io.freshet.config.IngestConfig;
import io.freshet.event.TestingSchemas;
import io.freshet.testing.RecordFuzzer;
import io.freshet.testing.RecordFuzzer.Fuzzed;
import io.freshet.testing.RecordFuzzer.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The published schemas of the inputs, compared with the decoders. JSON Schema can't distinguish
 * 1.0 from 1 or refuse a name that comes twice, its regular expressions have no portable way to
 * find lone surrogates, and it has neither the clock nor the configured limits: there the decoders
 * are stricter.
 */
class InputSchemasTest {

    private static final int FUZZED = 3_000;

    private static final IngestConfig LIMITS =
            new IngestConfig(
                    1 << 20,
                    256,
                    256,
                    10_000,
                    Duration.ofHours(1),
                    0,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    new AttributesConfig(
                            Collections.emptySortedMap(),
                            new TreeMap<>(Map.of("price", AttributesConfig.Type.NUMBER)),
                            Collections.emptySortedMap()));

    private static final int MOST_REQUESTED = 1000;

    /** In 32-bit floating point, without an exponent, which would make it no whole number. */
    private static final String LARGEST = "34028235" + "0".repeat(31);

    private static final String TOO_LARGE = "34028236" + "0".repeat(31);

    /** JSON that is put into every field in turn. */
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "0",
                    "1",
                    "-1",
                    "1.5",
                    "1700000000000",
                    "9223372036854775808",
                    LARGEST,
                    "-" + LARGEST,
                    TOO_LARGE,
                    "-" + TOO_LARGE,
                    "\"\"",
                    "\" \"",
                    "\"  \\u2003\\u3000\"",
                    "\"\\u1680\\u2028\\u2029\\u205f\"",
                    "\"\\u00a0\"",
                    "\"\\u2007\\u202f\\ufeff\"",
                    "\" a \"",
                    "\"\\u2003a\\u2028\"",
                    "\"a\\n\"",
                    "\"\\ta\"",
                    "\"a\\u0000b\"",
                    "\"a\\u007f\"",
                    "\"a\\u0085\"",
                    "\"ünï😀\"",
                    "\"personal\"",
                    "\"similar-items\"",
                    "\"forget-user\"",
                    "\"rollback\"",
                    "\"resume\"",
                    "[]",
                    "[null]",
                    "[1]",
                    "[\"a\",\"b\"]",
                    "[\"a\",\" \"]",
                    "{}",
                    "{\"a\":null}",
                    "{\"a\":1}",
                    "{\"a\":[]}",
                    "{\"a\":[1,-0.5]}",
                    "{\"a\":[1,\"2\"]}",
                    "{\"a\":[" + TOO_LARGE + "]}",
                    "{\" \":[1]}",
                    "{\"a\\n\":[1]}");

    static Stream<Arguments> goodRecords() {
        return Stream.of(Topic.values())
                .flatMap(
                        topic -> {
                            List<Arguments> examples = new ArrayList<>();
                            TestingSchemas.document(topic.topic())
                                    .path("examples")
                                    .forEach(found -> examples.add(Arguments.of(topic, found)));
                            return examples.stream();
                        });
    }

    @ParameterizedTest
    @MethodSource("goodRecords")
    void decoderAndSchemaAgreeOnEveryValueOfEveryField(Topic topic, ObjectNode good) {
        List<String> disagreements = new ArrayList<>();
        int accepted = 0;
        int tried = 0;
        for (String field : TestingSchemas.fields(topic.topic())) {
            for (JsonNode variant : variants(good, field)) {
                boolean decoded = isDecoded(topic, record(variant.toString()));
                Set<String> violations = TestingSchemas.violations(topic.topic(), variant);
                if (decoded != violations.isEmpty()) {
                    disagreements.add(variant + ": " + decoded + ", " + violations);
                }
                accepted += decoded ? 1 : 0;
                tried++;
            }
        }
        assertThat(disagreements).isEmpty();
        assertThat(accepted).isBetween(1, tried - 1);
    }

    @ParameterizedTest
    @EnumSource
    void theDecoderDecodesNothingThatTheSchemaRefuses(Topic topic) {
        RecordFuzzer fuzzer = new RecordFuzzer(20_261_121, NOW, 0);
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < FUZZED; i++) {
            Fuzzed fuzzed = fuzzer.next(topic);
            if (fuzzed.value() == null) {
                continue; // a tombstone has no JSON
            }
            if (isDecoded(topic, record(fuzzed.value()))) {
                refused.addAll(
                        TestingSchemas.violations(
                                topic.topic(), TestingSchemas.json(fuzzed.value())));
            }
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void decodersNameTheFieldsOfTheirSchemas() {
        assertThat(AttributesConfig.INTERACTION_FIELDS)
                .isEqualTo(TestingSchemas.fields("interactions"));
        assertThat(AttributesConfig.ITEM_FIELDS).isEqualTo(TestingSchemas.fields("items"));
        assertThat(AttributesConfig.USER_FIELDS).isEqualTo(TestingSchemas.fields("users"));
        assertThat(RequestDecoder.FIELDS).isEqualTo(TestingSchemas.fields("requests"));
        assertThat(ControlDecoder.FIELDS).isEqualTo(TestingSchemas.fields("controls"));
    }

    /** The record without the field, and with every value in it. */
    private static List<JsonNode> variants(ObjectNode good, String field) {
        List<JsonNode> variants = new ArrayList<>();
        variants.add(good.deepCopy().without(field));
        for (String value : VALUES) {
            JsonNode json = TestingSchemas.json(TestingRecords.utf8(value));
            variants.add(good.deepCopy().set(field, json));
        }
        return variants;
    }

    private static boolean isDecoded(Topic topic, RawRecord source) {
        Decoded<?> result =
                switch (topic) {
                    case INTERACTIONS -> new InteractionDecoder(LIMITS, CLOCK).decode(source);
                    case ITEMS -> new CatalogItemDecoder(LIMITS, Map.of(), CLOCK).decode(source);
                    case REQUESTS -> new RequestDecoder(LIMITS, MOST_REQUESTED).decode(source);
                    case CONTROLS -> new ControlDecoder(LIMITS, CLOCK).decode(source);
                    case USERS -> new UserDecoder(LIMITS, CLOCK).decode(source);
                };
        return result.event() != null;
    }
}
