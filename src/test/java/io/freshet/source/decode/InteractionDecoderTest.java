package io.freshet.source.decode;

import static io.freshet.source.decode.TestingRecords.CLOCK;
import static io.freshet.source.decode.TestingRecords.LIMITS;
import static io.freshet.source.decode.TestingRecords.NOW;
import static io.freshet.source.decode.TestingRecords.RECORD_TIME;
import static io.freshet.source.decode.TestingRecords.record;
import static io.freshet.source.decode.TestingRecords.tombstone;
import static io.freshet.source.decode.TestingRecords.utf8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.event.DeadLetter;
import io.freshet.event.Interaction;
import io.freshet.event.TestingSchemas;
import java.io.ByteArrayOutputStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InteractionDecoderTest {

    private static final String FULL =
            "{\"event_id\":\"e1\",\"user_id\":\"u1\",\"item_id\":\"i1\",\"event_type\":\"rating\","
                    + "\"rating\":4.5,\"timestamp_ms\":1700000000000,\"shop\":{\"id\":7}}";

    private final InteractionDecoder decoder = new InteractionDecoder(LIMITS, CLOCK);

    @Test
    void readsAllFieldsAndIgnoresUnknownOnes() {
        assertThat(decoder.decode(record(FULL)))
                .isEqualTo(
                        new Decoded.OfInteraction(
                                new Interaction("e1", "u1", "i1", "rating", 4.5f, NOW, 3, 42),
                                null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"user_id\":\"u1\",\"item_id\":\"i1\",\"timestamp_ms\":1700000000000}",
                "{\"event_id\":null,\"user_id\":\"u1\",\"item_id\":\"i1\",\"event_type\":null,"
                        + "\"rating\":null,\"timestamp_ms\":1700000000000}",
                "{\"event_id\":\"\",\"user_id\":\"u1\",\"item_id\":\"i1\",\"event_type\":\"\","
                        + "\"timestamp_ms\":1700000000000}"
            })
    void namesAnEventByItsPlaceAndFillsInWhatMayBeAbsent(String json) {
        assertThat(decoder.decode(record(json)).event())
                .isEqualTo(
                        new Interaction("3:42", "u1", "i1", "interaction", Float.NaN, NOW, 3, 42));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ünï😀", "a b", "0", "𝒊𝒕𝒆𝒎𝒊𝒕𝒆𝒎𝒊𝒕𝒆𝒎𝒊𝒕𝒆𝒎"})
    void acceptsAnyPrintableIdUpToTheLimitInCharacters(String id) {
        Interaction event = decoder.decode(record(with("user_id", '"' + id + '"'))).event();

        assertThat(requireNonNull(event).userId()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-3", "1e3", "0.1", "3.4028234e38", "123456789012345678901234567890"})
    void acceptsAnyRatingWithinSinglePrecision(String rating) {
        Interaction event = decoder.decode(record(with("rating", rating))).event();

        assertThat(requireNonNull(event).rating()).isEqualTo(Float.parseFloat(rating));
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, NOW, NOW + 3_600_000})
    void acceptsTimestampsWithinTheBoundsInclusively(long timestamp) {
        String json = with("timestamp_ms", String.valueOf(timestamp));

        assertThat(requireNonNull(decoder.decode(record(json)).event()).timestamp())
                .isEqualTo(timestamp);
    }

    static Stream<Arguments> badRecords() {
        return Stream.of(
                // JSON itself
                bad("", "value", "found nothing, expected a JSON object"),
                bad("   ", "value", "found nothing"),
                bad("null", "value", "found null"),
                bad("[1,2]", "value", "found an array of 2"),
                bad("\"text\"", "value", "found \"text\""),
                bad("not json", "value", "broken JSON at line 1 column"),
                bad(FULL + "{}", "value", "broken JSON"),
                bad(FULL + " x", "value", "broken JSON"),
                bad("\uFEFF" + FULL, "value", "broken JSON"),
                bad("{'user_id':'u1'}", "value", "broken JSON"),
                bad("{/* hi */\"user_id\":\"u1\"}", "value", "broken JSON"),
                bad("{\"user_id\":\"u1\"", "value", "broken JSON at line 1"),
                bad("{\"user_id\":\"u1", "user_id", "broken JSON at line 1"),
                bad("{\"user_id\":\"u\tx\"}", "user_id", "broken JSON"),
                bad(with("rating", "NaN"), "rating", "broken JSON"),
                bad(with("rating", "-Infinity"), "rating", "broken JSON"),
                bad(with("rating", "01"), "rating", "broken JSON"),
                bad(with("rating", "9".repeat(2_000)), "rating", "Number value length"),
                bad(with("user_id", "\"u1\",\"user_id\":\"u2\""), "user_id", "Duplicate field"),
                bad(with("extra", "[".repeat(100) + "]".repeat(100)), "value", "nesting depth"),
                bad(with("extra", "9".repeat(2_000)), "value", "Number value length"),
                // ids
                bad(without("user_id"), "user_id", "found nothing, expected a string of 1 to 16"),
                bad(without("item_id"), "item_id", "found nothing"),
                bad(with("user_id", "null"), "user_id", "found null"),
                bad(with("user_id", "17"), "user_id", "found the number 17, expected a string"),
                bad(with("item_id", "true"), "item_id", "found true"),
                bad(with("item_id", "[\"i1\"]"), "item_id", "found an array of 1"),
                bad(with("item_id", "{\"id\":1}"), "item_id", "found an object of 1"),
                bad(with("item_id", "\"\""), "item_id", "found \"\""),
                bad(with("item_id", "\" \\t\""), "item_id", "found \" \\u0009\""),
                bad(with("item_id", "\"12345678901234567\""), "item_id", "found 17 characters"),
                bad(with("user_id", "\"a\\u0000b\""), "user_id", "found \"a\\u0000b\""),
                bad(with("user_id", "\"a\\nb\""), "user_id", "no control characters"),
                bad(with("user_id", "\"a\\u0085b\""), "user_id", "no control characters"),
                bad(with("user_id", "\"a\\ud800b\""), "user_id", "\\ud800 without its partner"),
                bad(with("user_id", "\"\\udc00\\ud800\""), "user_id", "\\udc00 without"),
                bad(with("event_id", "5"), "event_id", "found the number 5"),
                bad(with("event_id", "\" \""), "event_id", "found \" \""),
                bad(with("event_type", "\" \""), "event_type", "found \" \""),
                bad(with("event_type", "[]"), "event_type", "found an array of 0"),
                // ratings
                bad(with("rating", "\"4\""), "rating", "found \"4\", expected a number"),
                bad(with("rating", "1e39"), "rating", "32-bit"),
                bad(with("rating", "-1e400"), "rating", "32-bit"),
                bad(with("rating", "false"), "rating", "found false"),
                // timestamps
                bad(without("timestamp_ms"), "timestamp_ms", "found nothing"),
                bad(with("timestamp_ms", "null"), "timestamp_ms", "found null"),
                bad(with("timestamp_ms", "\"1700000000000\""), "timestamp_ms", "a whole number"),
                bad(with("timestamp_ms", "1.7e12"), "timestamp_ms", "a whole number"),
                bad(with("timestamp_ms", "1700000000000.0"), "timestamp_ms", "a whole number"),
                bad(with("timestamp_ms", "9223372036854775808"), "timestamp_ms", "922337203685477"),
                bad(with("timestamp_ms", "9223372036854775807"), "timestamp_ms", "at most 3600000"),
                bad(with("timestamp_ms", "1700003600001"), "timestamp_ms", "at most 3600000 ms"),
                bad(with("timestamp_ms", "999"), "timestamp_ms", "found 999, expected at least"),
                bad(with("timestamp_ms", "-1"), "timestamp_ms", "found -1, expected at least"));
    }

    @ParameterizedTest(name = "{index} {2}")
    @MethodSource("badRecords")
    void answersABadRecordWithADeadLetterThatNamesFieldAndReason(
            String json, String field, String reason) {
        Decoded.OfInteraction decoded = decoder.decode(record(json));

        assertThat(decoded.event()).isNull();
        DeadLetter letter = requireNonNull(decoded.deadLetter());
        assertThat(letter.field()).isEqualTo(field);
        assertThat(letter.reason())
                .startsWith(field + ": found ")
                .contains(reason)
                .contains(", expected ");
    }

    @ParameterizedTest
    @CsvSource({
        "1700000007, which looks like seconds",
        "1700000000000000, which looks like microseconds",
        "1700000000000000000, which looks like nanoseconds"
    })
    void theUnitThatATimeSeemsToBeInIsNamed(String timestamp, String unit) {
        IngestConfig defaults = FreshetConfig.from(new Configuration()).ingest();
        Decoded.OfInteraction decoded =
                new InteractionDecoder(defaults, CLOCK)
                        .decode(record(with("timestamp_ms", timestamp)));

        assertThat(requireNonNull(decoded.deadLetter()).reason())
                .startsWith("timestamp_ms: found " + timestamp + ", " + unit + ", expected at ");
    }

    @Test
    void keepsTheRecordWholeInItsDeadLetter() {
        Decoded.OfInteraction decoded = decoder.decode(record("oops"));

        assertThat(decoded.deadLetter())
                .usingRecursiveComparison()
                .ignoringFields("reason")
                .isEqualTo(
                        new DeadLetter(
                                "topic",
                                3,
                                42,
                                RECORD_TIME,
                                "value",
                                "",
                                utf8("key"),
                                utf8("oops"),
                                4,
                                3,
                                "",
                                ""));
    }

    @ParameterizedTest
    @MethodSource("invalidUtf8")
    void refusesBytesThatAreNotUtf8(byte[] bytes, String field, int offset) {
        DeadLetter letter = requireNonNull(decoder.decode(record(bytes)).deadLetter());

        assertThat(letter.field()).isEqualTo(field);
        assertThat(letter.reason())
                .isEqualTo(
                        "%s: found bytes that are not UTF-8 at offset %d, expected valid UTF-8",
                        field, offset);
    }

    static Stream<Arguments> invalidUtf8() {
        return Stream.of(
                Arguments.of(bytes("", 0xff, 0xfe, '{', 0, '}', 0), "value", 0), // UTF-16
                Arguments.of(bytes("{\"", 0xc0, 0x80, '"'), "value", 2), // overlong
                Arguments.of(bytes("{\"user_id\":\"u1\",", 0xff), "value", 16),
                Arguments.of(bytes("{\"shop\":{\"user_id\":\"", 0xff), "value", 20),
                Arguments.of(
                        bytes("{\"user_id\":\"", 0xed, 0xa0, 0x80), "user_id", 12), // surrogate
                Arguments.of(bytes("{\"user_id\":\"ü", 0xfc, '"'), "user_id", 14), // Latin-1
                Arguments.of(bytes("{\"item_id\":\"", 0xc3), "item_id", 12)); // cut
    }

    /** A record's beginning, and the bytes that follow. */
    private static byte[] bytes(String beginning, int... rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(utf8(beginning));
        for (int next : rest) {
            out.write(next);
        }
        return out.toByteArray();
    }

    @Test
    void refusesARecordOfTenMegabytesAndKeepsItsBeginning() {
        byte[] large = new byte[10 << 20];

        DeadLetter letter = requireNonNull(decoder.decode(record(large)).deadLetter());

        assertThat(letter.reason())
                .isEqualTo("value: found a record of 10485760 bytes, expected at most 1048576");
        assertThat(letter.field()).isEqualTo("value");
        assertThat(letter.payload()).hasSize(LIMITS.maxDeadLetterBytes());
        assertThat(letter.payloadSize()).isEqualTo(10 << 20);
        assertThat(letter.payloadSha256())
                .isEqualTo("e5b844cc57f57094ea4585e235f36c78c1cd222262bb89d53c94dcb4d6b3e55d");
        assertThat(letter.keySha256()).isEmpty();
    }

    @Test
    void cutsALargeKeyLikeAPayload() {
        RawRecord source = new RawRecord("topic", 0, 0, -1, new byte[5_000], utf8("?"));

        DeadLetter letter = requireNonNull(decoder.decode(source).deadLetter());

        assertThat(letter.key()).hasSize(LIMITS.maxDeadLetterBytes());
        assertThat(letter.keySize()).isEqualTo(5_000);
        assertThat(letter.keySha256()).hasSize(64);
    }

    @Test
    void refusesATombstone() {
        DeadLetter letter = requireNonNull(decoder.decode(tombstone(null)).deadLetter());

        assertThat(letter.reason())
                .isEqualTo("value: found a record without a value, expected a JSON object");
        assertThat(letter.field()).isEqualTo("value");
        assertThat(letter.key()).isEmpty();
        assertThat(letter.payload()).isEmpty();
        assertThat(letter.payloadSize()).isZero();
    }

    @Test
    void abbreviatesAndEscapesWhatItFound() {
        String json = with("rating", "\"" + "x".repeat(50) + "\"");
        String hidden = with("rating", "\"a\\u202eb\\u001b[2J\\ud800\"");

        assertThat(requireNonNull(decoder.decode(record(json)).deadLetter()).reason())
                .contains(": found \"" + "x".repeat(40) + "…\", expected");
        assertThat(requireNonNull(decoder.decode(record(hidden)).deadLetter()).reason())
                .contains(": found \"a\\u202eb\\u001b[2J\\ud800\", expected");
    }

    @Test
    void acceptsWhatTheSchemaShowsAsExamples() {
        for (var example : TestingSchemas.document("interactions").path("examples")) {
            assertThat(decoder.decode(record(example.toString())).event()).isNotNull();
        }
        assertThat(TestingSchemas.violations("interactions", TestingSchemas.json(utf8(FULL))))
                .isEmpty();
    }

    private static Arguments bad(String json, String field, String reason) {
        return Arguments.of(json, field, reason);
    }

    /** A good record with one field set to this JSON. */
    private static String with(String field, String json) {
        String rest = without(field);
        return rest.substring(0, rest.length() - 1) + ",\"" + field + "\":" + json + "}";
    }

    /** A good record without one field. */
    private static String without(String field) {
        StringBuilder out = new StringBuilder("{\"shop\":1");
        for (String[] entry :
                new String[][] {
                    {"event_id", "\"e1\""},
                    {"user_id", "\"u1\""},
                    {"item_id", "\"i1\""},
                    {"timestamp_ms", "1700000000000"}
                }) {
            if (!entry[0].equals(field)) {
                out.append(",\"").append(entry[0]).append("\":").append(entry[1]);
            }
        }
        return out.append("}").toString();
    }
}
