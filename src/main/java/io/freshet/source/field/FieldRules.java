package io.freshet.source.field;

import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.IngestConfig;
import io.freshet.event.Attribute;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a field of an interaction or an item may hold, the same for JSON in a topic and for CSV in a
 * file. A field that may be absent is so when it is empty.
 */
public final class FieldRules {

    /** Type of an interaction without one. */
    public static final String DEFAULT_TYPE = "interaction";

    /** What a timestamp is, in words. */
    public static final String TIMESTAMP_RULE =
            "a whole number of milliseconds since the epoch, without fraction or exponent";

    /** What a date is, in words. */
    public static final String DATE_RULE =
            "a date, such as 2026-11-30 or 2026-11-30T12:00:00Z, or milliseconds since the epoch";

    private static final double MILLIS_PER_DAY = 86_400_000;

    /** What a number is, in words. */
    public static final String NUMBER_RULE = "a number within 32-bit floating point";

    private static final int MOST_CATEGORIES = 100;

    private final IngestConfig limits;

    /**
     * @param limits of lengths and times
     */
    public FieldRules(IngestConfig limits) {
        this.limits = limits;
    }

    /**
     * An id: neither blank nor too long, without control characters.
     *
     * @throws BadRecordException if it is none
     */
    public String id(String field, String id) throws BadRecordException {
        if (id.isBlank() || length(id) > limits.maxIdLength()) {
            String found = id.isBlank() ? FoundText.quoted(id) : length(id) + " characters";
            throw new BadRecordException(field, found, idRule());
        }
        for (int i = 0; i < id.length(); i++) {
            if (Character.isISOControl(id.charAt(i))) {
                throw new BadRecordException(
                        field, FoundText.quoted(id), "no control characters in an id");
            }
        }
        requirePairedSurrogates(field, id);
        return id;
    }

    /** An id as {@link #id(String, String)}, or {@code absent} for an empty text. */
    public String id(String field, String id, String absent) throws BadRecordException {
        return id.isEmpty() ? absent : id(field, id);
    }

    /**
     * Ids of one record, each of which is sound, that together are no longer than a text.
     *
     * @throws BadRecordException if they are longer
     */
    public List<String> together(String field, List<String> ids) throws BadRecordException {
        int length = ids.stream().mapToInt(FieldRules::length).sum();
        if (length > limits.maxTextLength()) {
            throw new BadRecordException(
                    field,
                    "%d strings of %d characters together".formatted(ids.size(), length),
                    "at most %d characters together (ingest.max-text-length)"
                            .formatted(limits.maxTextLength()));
        }
        return ids;
    }

    /**
     * A text that is not too long.
     *
     * @throws BadRecordException if it is
     */
    public String text(String field, String text) throws BadRecordException {
        if (length(text) > limits.maxTextLength()) {
            throw new BadRecordException(field, length(text) + " characters", textRule());
        }
        requirePairedSurrogates(field, text);
        return text;
    }

    /**
     * A timestamp that is neither too early nor too far ahead of the clock.
     *
     * @param timestamp event time, milliseconds since the epoch
     * @param now the clock's time, milliseconds since the epoch
     * @throws BadRecordException if it is; naming the unit that it seems to be in
     */
    public long timestamp(String field, long timestamp, long now) throws BadRecordException {
        long ahead = limits.maxFuture().toMillis();
        if (timestamp < limits.earliest()) {
            throw new BadRecordException(
                    field,
                    timestamp + unit(timestamp, now, now + ahead),
                    "at least %s, which is %s (ingest.earliest-timestamp-ms)"
                            .formatted(limits.earliest(), Instant.ofEpochMilli(limits.earliest())));
        }
        // can't overflow: timestamp is not negative here
        if (timestamp - now > ahead) {
            throw new BadRecordException(
                    field,
                    timestamp + unit(timestamp, now, now + ahead),
                    "at most %s ms ahead of the clock, which is at %s".formatted(ahead, now));
        }
        return timestamp;
    }

    /** A timestamp as {@link #timestamp(String, long, long)}, written as a whole number. */
    public long timestamp(String field, String text, long now) throws BadRecordException {
        long timestamp;
        try {
            timestamp = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new BadRecordException(field, FoundText.quoted(text), TIMESTAMP_RULE);
        }
        return timestamp(field, timestamp, now);
    }

    /**
     * A finite number, or NaN for a blank text.
     *
     * @throws BadRecordException if it is none
     */
    public float number(String field, String text) throws BadRecordException {
        if (text.isBlank()) {
            return Float.NaN;
        }
        float number;
        try {
            number = Float.parseFloat(text);
        } catch (NumberFormatException e) {
            number = Float.NaN;
        }
        if (!Float.isFinite(number)) {
            throw new BadRecordException(field, FoundText.quoted(text), NUMBER_RULE);
        }
        return number;
    }

    /**
     * The attributes that a field of a file says; none if it is blank. Several categories are
     * joined by {@code |}.
     *
     * @throws BadRecordException if it is not of the type
     */
    public List<Attribute> attributes(String name, Type type, String text)
            throws BadRecordException {
        if (text.isBlank()) {
            return List.of();
        }
        return switch (type) {
            case NUMBER -> List.of(Attribute.number(name, number(name, text)));
            case DATE -> List.of(Attribute.number(name, days(name, text)));
            case CATEGORY -> categories(name, List.of(text));
            case CATEGORIES -> categories(name, List.of(text.split("\\|")));
        };
    }

    /**
     * Days since the epoch of a date.
     *
     * @throws BadRecordException if it is none
     */
    public float days(String field, String date) throws BadRecordException {
        try {
            if (date.matches("-?[0-9]{5,18}")) {
                return days(Long.parseLong(date));
            }
            return date.indexOf('T') < 0
                    ? LocalDate.parse(date).toEpochDay()
                    : days(OffsetDateTime.parse(date).toInstant().toEpochMilli());
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new BadRecordException(field, FoundText.quoted(date), DATE_RULE);
        }
    }

    private static float days(long millis) {
        return (float) (millis / MILLIS_PER_DAY);
    }

    /**
     * Categories of one attribute, each by the rules of an id.
     *
     * @throws BadRecordException if one is none, or they are too many or too long
     */
    public List<Attribute> categories(String name, List<String> categories)
            throws BadRecordException {
        if (categories.size() > MOST_CATEGORIES) {
            throw new BadRecordException(
                    name, categories.size() + " categories", "at most " + MOST_CATEGORIES);
        }
        List<Attribute> attributes = new ArrayList<>(categories.size());
        for (String category : together(name, categories)) {
            if (!category.isEmpty()) {
                attributes.add(Attribute.category(name, id(name, category)));
            }
        }
        return attributes;
    }

    /** What an id is, in words. */
    public String idRule() {
        return "a string of 1 to %s characters that is not blank".formatted(limits.maxIdLength());
    }

    /** What a text is, in words. */
    public String textRule() {
        return "a string of at most %s characters".formatted(limits.maxTextLength());
    }

    /** The unit in which a number would be a time of the last decades; empty for none. */
    private static String unit(long number, long now, long latest) {
        long earliest = now / 4;
        if (number <= latest / 1000 && number >= earliest / 1000) {
            return ", which looks like seconds";
        }
        if (number / 1000 <= latest && number / 1000 >= earliest) {
            return ", which looks like microseconds";
        }
        return number / 1_000_000 <= latest && number / 1_000_000 >= earliest
                ? ", which looks like nanoseconds"
                : "";
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
