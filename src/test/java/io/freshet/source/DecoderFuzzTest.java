package io.freshet.source;

import static io.freshet.source.TestingRecords.CLOCK;
import static io.freshet.source.TestingRecords.LIMITS;
import static io.freshet.source.TestingRecords.NOW;
import static io.freshet.source.TestingRecords.record;
import static io.freshet.source.TestingRecords.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Records bent out of shape at random, first in their structure, then in their bytes. */
class DecoderFuzzTest {

    private static final int RECORDS = 60_000;
    private static final long SEED = 20_261_121;

    private static final Pattern REASON =
            Pattern.compile("(\\P{Cntrl}+: )?found \\P{Cntrl}+, expected \\P{Cntrl}+");

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "0",
                    "-0.0",
                    "1e400",
                    "-1e39",
                    "NaN",
                    "[]",
                    "{}",
                    "\"\"",
                    "\" \"",
                    "\"\\u0000\"",
                    "\"\\ud83d\"",
                    "\"\\ud83d\\ude00\"",
                    "\"ok\"",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "1700000000000",
                    "1700000000000.0",
                    "1700009999999",
                    "[[[[1]]]]",
                    "{\"a\":[1,2]}",
                    "{\"a\":[1,null]}",
                    "{\"\":[0]}",
                    "[\"a\",\"b\"]",
                    "[\"a\",2]",
                    "\"forget-user\"",
                    "\"" + "x".repeat(100) + "\"",
                    "[".repeat(70) + "]".repeat(70),
                    "9".repeat(1_200),
                    "\"\u202e\"",
                    "0x1F",
                    "'a'",
                    "\"\\x\"",
                    "\"\t\"",
                    "\"a",
                    "+1",
                    ".5",
                    "1.");

    private final Random random = new Random(SEED);
    private final List<RecordDecoder<? extends Decoded<?>>> decoders =
            List.of(
                    new InteractionDecoder(LIMITS, CLOCK),
                    new CatalogItemDecoder(LIMITS, Map.of("image", 2), CLOCK),
                    new ControlDecoder(LIMITS, CLOCK));
    private final List<Map<String, String>> samples =
            List.of(
                    Map.of(
                            "event_id", "\"e\"",
                            "user_id", "\"u\"",
                            "item_id", "\"i\"",
                            "event_type", "\"click\"",
                            "rating", "4.5",
                            "timestamp_ms", "1700000000000"),
                    Map.of(
                            "item_id", "\"i\"",
                            "title", "\"A shoe\"",
                            "description", "\"light\"",
                            "categories", "[\"shoes\"]",
                            "available", "true",
                            "vectors", "{\"image\":[0.1,0.2]}",
                            "timestamp_ms", "1700000000000"),
                    Map.of(
                            "control_id", "\"c\"",
                            "kind", "\"forget-user\"",
                            "user_id", "\"u\"",
                            "timestamp_ms", "1700000000000"));

    @Test
    void everyRecordIsEitherAnEventWithinItsBoundsOrADeadLetterWithAReason() {
        List<String> faults = new ArrayList<>();
        int events = 0;
        for (int i = 0; i < RECORDS; i++) {
            int kind = i % decoders.size();
            byte[] value = bentBytes(bentJson(samples.get(kind)));

            Decoded<?> decoded = decoders.get(kind).decode(record(value));

            String fault = fault(decoded, value.length);
            if (!fault.isEmpty()) {
                faults.add(fault + " for " + new String(value, StandardCharsets.UTF_8));
            }
            events += decoded.event() == null ? 0 : 1;
        }
        assertThat(faults).isEmpty();
        // neither side of the decoders goes untried
        assertThat(events).isBetween(RECORDS / 20, RECORDS * 19 / 20);
    }

    /** What is wrong with an answer, empty if nothing; AssertJ is too slow for this many. */
    private static String fault(Decoded<?> decoded, int size) {
        DeadLetter letter = decoded.deadLetter();
        if ((decoded.event() == null) == (letter == null)) {
            return "not exactly one of event and dead letter";
        }
        if (letter == null) {
            long timestamp = decoded.timestampOr(-1);
            return timestamp < 1_000 || timestamp > NOW + 3_600_000 ? "time " + timestamp : "";
        }
        boolean sound =
                REASON.matcher(letter.reason()).matches()
                        && letter.reason().length() < 500
                        && letter.payloadSize() == size;
        return sound ? "" : letter.toString();
    }

    private String bentJson(Map<String, String> sample) {
        Map<String, String> fields = new LinkedHashMap<>(sample);
        List<String> names = List.copyOf(new TreeSet<>(fields.keySet()));
        StringJoiner json = new StringJoiner(",", "{", "}");
        for (int mutation = random.nextInt(3); mutation > 0; mutation--) {
            String name = pick(names);
            switch (random.nextInt(4)) {
                case 0 -> fields.remove(name);
                case 1 -> json.add('"' + name + "\":" + pick(VALUES));
                case 2 -> json.add("\"unknown" + random.nextInt(5) + "\":" + pick(VALUES));
                default -> fields.put(name, pick(VALUES));
            }
        }
        fields.forEach((name, value) -> json.add('"' + name + "\":" + value));
        return json.toString();
    }

    private byte[] bentBytes(String json) {
        byte[] bytes = utf8(json);
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                yield bytes;
            }
            case 2 -> {
                int from = random.nextInt(bytes.length);
                byte[] doubled = Arrays.copyOf(bytes, bytes.length * 2 - from);
                System.arraycopy(bytes, from, doubled, bytes.length, bytes.length - from);
                yield doubled;
            }
            default -> bytes;
        };
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
