package io.freshet.source;

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
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
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
    private final ObjectReader reader;

    RecordParser(IngestConfig limits) {
        this.limits = limits;
        this.reader = reader(limits.maxRecordBytes());
    }

    /** The record's fields. */
    JsonFields parse(RawRecord source) throws BadRecordException {
        byte[] value = source.value();
        if (value == null) {
            throw new BadRecordException("", "a record without a value", "a JSON object");
        }
        if (value.length > limits.maxRecordBytes()) {
            throw new BadRecordException(
                    "",
                    "a record of " + value.length + " bytes",
                    "at most " + limits.maxRecordBytes());
        }
        return new JsonFields(object(utf8("", value)), limits);
    }

    /** Bytes as text, if they are valid UTF-8. */
    static String utf8(String field, byte[] bytes) throws BadRecordException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadRecordException(field, "bytes that are not UTF-8", "valid UTF-8");
        }
    }

    /** The dead letter of a record; what is cut to the configured size leaves its SHA-256. */
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
            throw new BadRecordException("", FoundText.of(node), "a JSON object");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String place =
                    at == null ? "" : " at line " + at.getLineNr() + " column " + at.getColumnNr();
            throw new BadRecordException(
                    "",
                    "broken JSON"
                            + place
                            + " ("
                            + FoundText.printable(e.getOriginalMessage(), MAX_MESSAGE)
                            + ")",
                    "a JSON object");
        }
    }

    private byte[] cut(byte[] bytes) {
        return isTooLong(bytes) ? Arrays.copyOf(bytes, limits.maxDeadLetterBytes()) : bytes;
    }

    private String digestIfCut(byte[] bytes) {
        return isTooLong(bytes) ? HexFormat.of().formatHex(sha256().digest(bytes)) : "";
    }

    private boolean isTooLong(byte[] bytes) {
        return bytes.length > limits.maxDeadLetterBytes();
    }

    private static byte[] orEmpty(byte @Nullable [] bytes) {
        return bytes == null ? NOTHING : bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static ObjectReader reader(int maxRecordBytes) {
        JsonFactory factory =
                JsonFactory.builder()
                        // field names come from outside: a table of them would be a place to attack
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
