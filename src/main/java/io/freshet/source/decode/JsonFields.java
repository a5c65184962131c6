package io.freshet.source.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.config.IngestConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one record, strictly: a value has the right type and lies within the limits,
 * or the record is bad. Nothing is converted. Fields that are not read are not checked; null counts
 * as absent where a field may be absent.
 */
final class JsonFields {

    private final ObjectNode object;
    private final IngestConfig limits;

    JsonFields(ObjectNode object, IngestConfig limits) {
        this.object = object;
        this.limits = limits;
    }

    /** A required id: a string, neither blank nor too long, without control characters. */
    String id(String field) throws BadRecordException {
        return id(field, object.path(field));
    }

    /** An id that may be absent. */
    String id(String field, String absent) throws BadRecordException {
        JsonNode node = present(field);
        return node == null ? absent : id(field, node);
    }

    /** A text that may be absent, which is then empty. */
    String text(String field) throws BadRecordException {
        JsonNode node = present(field);
        if (node == null) {
            return "";
        }
        String expected = "a string of at most %s characters".formatted(limits.maxTextLength());
        String text = string(field, node, expected);
        if (length(text) > limits.maxTextLength()) {
            throw new BadRecordException(field, length(text) + " characters", expected);
        }
        requirePairedSurrogates(field, text);
        return text;
    }

    /** A finite number that may be absent or null, which is then NaN. */
    float number(String field) throws BadRecordException {
        JsonNode node = present(field);
        return node == null ? Float.NaN : number(field, node);
    }

    /** A flag that may be absent. */
    boolean flag(String field, boolean absent) throws BadRecordException {
        JsonNode node = present(field);
        if (node == null) {
            return absent;
        }
        if (!node.isBoolean()) {
            throw new BadRecordException(field, FoundText.of(node), "true or false");
        }
        return node.booleanValue();
    }

    /** A required whole number of at least {@code least}. */
    long wholeNumber(String field, long least) throws BadRecordException {
        JsonNode node = object.path(field);
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < least) {
            throw new BadRecordException(
                    field, FoundText.of(node), "a whole number of at least " + least);
        }
        return node.longValue();
    }

    /** The same, or 0 where the field is absent or null. */
    long optionalWholeNumber(String field, long least) throws BadRecordException {
        return object.path(field).isMissingNode() || object.path(field).isNull()
                ? 0
                : wholeNumber(field, least);
    }

    /**
     * A required event time in milliseconds since the epoch.
     *
     * @param now the clock's time; the limits have how far ahead of it an event may be
     */
    long timestamp(String field, long now) throws BadRecordException {
        JsonNode node = object.path(field);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new BadRecordException(
                    field,
                    FoundText.of(node),
                    "a whole number of milliseconds since the epoch, without fraction or exponent");
        }
        return requireTimestamp(field, node.longValue(), now, limits);
    }

    /** A list of ids that may be absent, which is then empty. */
    List<String> ids(String field) throws BadRecordException {
        JsonNode node = present(field);
        List<String> ids = new ArrayList<>();
        if (node == null) {
            return ids;
        }
        if (!node.isArray()) {
            throw new BadRecordException(field, FoundText.of(node), "an array of strings");
        }
        for (int i = 0; i < node.size(); i++) {
            ids.add(id(field + "[" + i + "]", node.path(i)));
        }
        return ids;
    }

    /**
     * Vectors by name that may be absent, which is then empty; a vector has at least one number.
     *
     * @param widths how many it must have, for the names in here
     */
    Map<String, float[]> vectors(String field, Map<String, Integer> widths)
            throws BadRecordException {
        JsonNode node = present(field);
        Map<String, float[]> vectors = new LinkedHashMap<>();
        if (node == null) {
            return vectors;
        }
        if (!node.isObject()) {
            throw new BadRecordException(
                    field, FoundText.of(node), "an object of arrays of numbers");
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            requireId(field + " (name)", entry.getKey(), limits);
            String path = field + "." + FoundText.abbreviated(entry.getKey());
            float[] vector = vector(path, entry.getValue());
            int width = widths.getOrDefault(entry.getKey(), vector.length);
            if (vector.length != width) {
                throw new BadRecordException(
                        path, vector.length + " numbers", width + ", the width in item.modalities");
            }
            vectors.put(entry.getKey(), vector);
        }
        return vectors;
    }

    /** Throws if a string is no id. */
    static void requireId(String field, String id, IngestConfig limits) throws BadRecordException {
        if (id.isBlank() || length(id) > limits.maxIdLength()) {
            String found = id.isBlank() ? FoundText.quoted(id) : length(id) + " characters";
            throw new BadRecordException(field, found, idRule(limits));
        }
        for (int i = 0; i < id.length(); i++) {
            if (Character.isISOControl(id.charAt(i))) {
                throw new BadRecordException(
                        field, FoundText.quoted(id), "no control characters in an id");
            }
        }
        requirePairedSurrogates(field, id);
    }

    /**
     * The timestamp, unless it is too early or too far ahead of the clock.
     *
     * @param timestamp event time, milliseconds since the epoch
     * @param now the clock's time, milliseconds since the epoch
     */
    static long requireTimestamp(String field, long timestamp, long now, IngestConfig limits)
            throws BadRecordException {
        String found = String.valueOf(timestamp);
        if (timestamp < limits.earliest()) {
            throw new BadRecordException(field, found, "at least " + limits.earliest());
        }
        long ahead = limits.maxFuture().toMillis();
        // can't overflow: timestamp is not negative here
        if (timestamp - now > ahead) {
            throw new BadRecordException(
                    field,
                    found,
                    "at most %s ms ahead of the clock, which is at %s".formatted(ahead, now));
        }
        return timestamp;
    }

    private @Nullable JsonNode present(String field) {
        JsonNode node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }

    private String id(String field, JsonNode node) throws BadRecordException {
        String id = string(field, node, idRule(limits));
        requireId(field, id, limits);
        return id;
    }

    private static String idRule(IngestConfig limits) {
        return "a string of 1 to %s characters that is not blank".formatted(limits.maxIdLength());
    }

    private float[] vector(String field, JsonNode node) throws BadRecordException {
        if (!node.isArray() || node.isEmpty()) {
            throw new BadRecordException(
                    field, FoundText.of(node), "an array of at least one number");
        }
        float[] vector = new float[node.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = number(field + "[" + i + "]", node.path(i));
        }
        return vector;
    }

    private static float number(String field, JsonNode node) throws BadRecordException {
        float value = (float) node.doubleValue();
        if (!node.isNumber() || !Float.isFinite(value)) {
            throw new BadRecordException(
                    field, FoundText.of(node), "a number within 32-bit floating point");
        }
        return value;
    }

    private static String string(String field, JsonNode node, String expected)
            throws BadRecordException {
        if (!node.isTextual()) {
            throw new BadRecordException(field, FoundText.of(node), expected);
        }
        return node.textValue();
    }

    private static void requirePairedSurrogates(String field, String text)
            throws BadRecordException {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (!Character.isSurrogate(unit)) {
                continue;
            }
            if (!Character.isSurrogatePair(unit, i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
                throw new BadRecordException(
                        field,
                        "\\u%04x without its partner".formatted((int) unit),
                        "well-formed Unicode");
            }
            i++;
        }
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
