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
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to the fields of one JSON object, strictly: valid UTF-8, one object and nothing after it,
 * no field twice, limited in size and depth.
 */
final class RecordParser {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_MESSAGE = 200;

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

    /** The dead letter of a record, cut to the configured size. */
    DeadLetter deadLetter(RawRecord source, BadRecordException fault) {
        byte[] value = source.value();
        return new DeadLetter(
                source.topic(),
                source.partition(),
                source.offset(),
                source.timestamp(),
                fault.field(),
                fault.reason(),
                cut(source.key()),
                cut(value),
                value == null ? 0 : value.length);
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

    private byte[] cut(byte @Nullable [] bytes) {
        if (bytes == null) {
            return new byte[0];
        }
        int most = limits.maxDeadLetterBytes();
        return bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
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
