package io.freshet.source.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.config.AttributesConfig.Type;
import io.freshet.event.Attribute;
import io.freshet.event.query.NumberRange;
import io.freshet.source.field.BadRecordException;
import io.freshet.source.field.FieldRules;
import io.freshet.source.field.FoundText;
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
    private final FieldRules rules;

    JsonFields(ObjectNode object, FieldRules rules) {
        this.object = object;
        this.rules = rules;
    }

    /** A required id: a string, neither blank nor too long, without control characters. */
    String id(String field) throws BadRecordException {
        return id(field, object.path(field));
    }

    /** An id that may be absent, null or empty. */
    String id(String field, String absent) throws BadRecordException {
        JsonNode node = present(field);
        return node == null ? absent : rules.id(field, string(field, node, rules.idRule()), absent);
    }

    /** A text that may be absent, which is then empty. */
    String text(String field) throws BadRecordException {
        JsonNode node = present(field);
        if (node == null) {
            return "";
        }
        return rules.text(field, string(field, node, rules.textRule()));
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
            throw new BadRecordException(field, FoundText.of(node), FieldRules.TIMESTAMP_RULE);
        }
        return rules.timestamp(field, node.longValue(), now);
    }

    /** A whole number from {@code least} to {@code most}, or 0 where it is absent or null. */
    int optionalWholeNumber(String field, int least, int most) throws BadRecordException {
        JsonNode node = present(field);
        if (node == null) {
            return 0;
        }
        if (!node.isIntegralNumber()
                || !node.canConvertToInt()
                || node.intValue() < least
                || node.intValue() > most) {
            throw new BadRecordException(
                    field,
                    FoundText.of(node),
                    "a whole number from %d to %d".formatted(least, most));
        }
        return node.intValue();
    }

    /** The same as {@link #ids(String)}, of at most {@code most}. */
    List<String> ids(String field, int most) throws BadRecordException {
        List<String> ids = ids(field);
        if (ids.size() > most) {
            throw new BadRecordException(
                    field, "an array of " + ids.size(), "at most " + most + " of them");
        }
        return ids;
    }

    /**
     * Ranges by attribute that may be absent, which is then empty.
     *
     * @param declared type by attribute; numbers and dates have ranges
     */
    List<NumberRange> ranges(String field, Map<String, Type> declared) throws BadRecordException {
        JsonNode node = present(field);
        List<NumberRange> ranges = new ArrayList<>();
        if (node == null) {
            return ranges;
        }
        if (!node.isObject()) {
            throw new BadRecordException(
                    field, FoundText.of(node), "an object of ranges by attribute");
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String path = field + "." + FoundText.abbreviated(entry.getKey());
            Type type = declared.get(entry.getKey());
            if (type != Type.NUMBER && type != Type.DATE) {
                throw new BadRecordException(
                        path,
                        type == null ? "an attribute that is not declared" : "a category",
                        "a number or date that attributes.items declares");
            }
            JsonNode range = entry.getValue();
            if (!range.isObject()) {
                throw new BadRecordException(
                        path, FoundText.of(range), "an object with min, max or both");
            }
            ranges.add(
                    new NumberRange(
                            entry.getKey(),
                            bound(path + ".min", range.get("min"), type, Float.NEGATIVE_INFINITY),
                            bound(path + ".max", range.get("max"), type, Float.POSITIVE_INFINITY)));
        }
        return ranges;
    }

    private float bound(String field, @Nullable JsonNode node, Type type, float absent)
            throws BadRecordException {
        if (node == null || node.isNull()) {
            return absent;
        }
        return type == Type.DATE ? rules.days(field, date(field, node)) : number(field, node);
    }

    /** A list of ids that may be absent, which is then empty; together no longer than a text. */
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
        return rules.together(field, ids);
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
            rules.id(field + " (name)", entry.getKey());
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

    /**
     * The declared attributes that the record has.
     *
     * @param declared type by field
     */
    List<Attribute> attributes(Map<String, Type> declared) throws BadRecordException {
        if (declared.isEmpty()) {
            return List.of();
        }
        List<Attribute> attributes = new ArrayList<>(declared.size());
        for (Map.Entry<String, Type> entry : declared.entrySet()) {
            String field = entry.getKey();
            JsonNode node = present(field);
            if (node != null) {
                switch (entry.getValue()) {
                    case NUMBER -> attributes.add(Attribute.number(field, number(field, node)));
                    case DATE ->
                            attributes.add(
                                    Attribute.number(field, rules.days(field, date(field, node))));
                    case CATEGORY ->
                            attributes.addAll(
                                    rules.categories(field, List.of(category(field, node))));
                    case CATEGORIES ->
                            attributes.addAll(rules.categories(field, categories(field, node)));
                }
            }
        }
        return attributes;
    }

    private @Nullable JsonNode present(String field) {
        JsonNode node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }

    private String id(String field, JsonNode node) throws BadRecordException {
        return rules.id(field, string(field, node, rules.idRule()));
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

    private static String date(String field, JsonNode node) throws BadRecordException {
        if (!node.isTextual() && !node.isIntegralNumber()) {
            throw new BadRecordException(field, FoundText.of(node), FieldRules.DATE_RULE);
        }
        return node.asText();
    }

    private static List<String> categories(String field, JsonNode node) throws BadRecordException {
        if (!node.isArray()) {
            throw new BadRecordException(field, FoundText.of(node), "an array of categories");
        }
        List<String> categories = new ArrayList<>(node.size());
        for (JsonNode each : node) {
            categories.add(category(field, each));
        }
        return categories;
    }

    private static String category(String field, JsonNode node) throws BadRecordException {
        if (!node.isValueNode() || node.isNull()) {
            throw new BadRecordException(
                    field, FoundText.of(node), "a category: a string, a number, true or false");
        }
        return node.asText();
    }

    private static float number(String field, JsonNode node) throws BadRecordException {
        float value = (float) node.doubleValue();
        if (!node.isNumber() || !Float.isFinite(value)) {
            throw new BadRecordException(field, FoundText.of(node), FieldRules.NUMBER_RULE);
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
}
