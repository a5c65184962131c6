package io.freshet.source.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.config.IngestConfig;
import io.freshet.event.DeadLetter;
import io.freshet.runtime.Sha256;
import io.freshet.source.field.BadRecordException;
import io.freshet.source.field.FieldRules;
import io.freshet.source.field.FoundText;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to the fields of one JSON object, strictly: valid UTF-8, one object and nothing after it,
 * no field twice, limited in size and depth.
 */
final class RecordParser {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_MESSAGE = 200;
    private static final byte[] NOTHING = {};

    private final IngestConfig limits;
    private final FieldRules rules;
    private final ObjectReader reader;
    private final FaultyField faulty;

    /**
     * @param limits of sizes, lengths and times
     * @param fields names of the topic's fields
     * @param attributes names of further ones that are declared
     */
    RecordParser(IngestConfig limits, Set<String> fields, Set<String> attributes) {
        this.limits = limits;
        this.rules = new FieldRules(limits);
        this.reader = reader(limits.maxRecordBytes());
        Set<String> all = new HashSet<>(fields);
        all.addAll(attributes);
        this.faulty = new FaultyField(reader, all);
    }

    /** The record's fields. */
    JsonFields parse(RawRecord source) throws BadRecordException {
        byte[] value = source.value();
        if (value == null) {
            throw new BadRecordException(
                    FaultyField.VALUE, "a record without a value", "a JSON object");
        }
        if (value.length > limits.maxRecordBytes()) {
            throw new BadRecordException(
                    FaultyField.VALUE,
                    "a record of " + value.length + " bytes",
                    "at most " + limits.maxRecordBytes());
        }
        return new JsonFields(object(utf8(value, faulty::openAfter)), rules);
    }

    /**
     * The id that a record without a value is about: its key.
     *
     * @param id what the key must be, in words
     */
    String tombstoneId(RawRecord source, String id) throws BadRecordException {
        byte[] key = source.key();
        if (key == null) {
            throw new BadRecordException(
                    "key", "a record without key and value", id + " as key, or a JSON object");
        }
        return rules.id("key", utf8(key, text -> "key"));
    }

    /**
     * The record's own time as an event time.
     *
     * @param now the clock's time
     */
    long recordTime(RawRecord source, long now) throws BadRecordException {
        return rules.timestamp("record time", source.timestamp(), now);
    }

    /**
     * Bytes as text, if they are valid UTF-8.
     *
     * @param field returns the field at fault, given the text before the first invalid byte
     */
    static String utf8(byte[] bytes, UnaryOperator<String> field) throws BadRecordException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length); // enough: each unit has a byte or more
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            throw new BadRecordException(
                    field.apply(text),
                    "bytes that are not UTF-8 at offset " + in.position(),
                    "valid UTF-8");
        }
        return text;
    }

    /** The dead letter of a record; it has the SHA-256 of what was cut to the configured size. */
    DeadLetter deadLetter(RawRecord source, BadRecordException fault) {
        byte[] key = orEmpty(source.key());
        byte[] value = orEmpty(source.value());
        return new DeadLetter(
                source.topic(),
                source.partition(),
                source.offset(),
                source.timestamp(),
                fault.field(),
                fault.reason(),
                cut(key),
                cut(value),
                value.length,
                key.length,
                digestIfCut(key),
                digestIfCut(value));
    }

    private ObjectNode object(String json) throws BadRecordException {
        try {
            JsonNode node = reader.readTree(json);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new BadRecordException(FaultyField.VALUE, FoundText.of(node), "a JSON object");
        } catch (JsonProcessingException e) {
            throw broken(json, e);
        }
    }

    private BadRecordException broken(String json, JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String place =
                at == null ? "" : " at line " + at.getLineNr() + " column " + at.getColumnNr();
        String message = FoundText.printable(e.getOriginalMessage(), MAX_MESSAGE);
        return new BadRecordException(
                faulty.openAt(json, at == null ? Long.MAX_VALUE : at.getCharOffset()),
                "broken JSON" + place + " (" + message + ")",
                "one JSON object");
    }

    private byte[] cut(byte[] bytes) {
        return isTooLong(bytes) ? Arrays.copyOf(bytes, limits.maxDeadLetterBytes()) : bytes;
    }

    private String digestIfCut(byte[] bytes) {
        return isTooLong(bytes) ? Sha256.of(bytes) : "";
    }

    private boolean isTooLong(byte[] bytes) {
        return bytes.length > limits.maxDeadLetterBytes();
    }

    private static byte[] orEmpty(byte @Nullable [] bytes) {
        return bytes == null ? NOTHING : bytes;
    }

    private static ObjectReader reader(int maxRecordBytes) {
        JsonFactory factory =
                JsonFactory.builder()
                        // field names come from outside: a table of them could be attacked
                        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxNestingDepth(MAX_DEPTH)
                                        .maxStringLength(maxRecordBytes)
                                        .maxNameLength(maxRecordBytes)
                                        .build())
                        .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .reader();
    }
}
