package io.freshet.runtime.attribute;

import io.freshet.event.Attribute;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Values of attributes as texts of which there are few: numbers by their range, dates by their age.
 */
public final class AttributeValue {

    /** Names of the attributes of a time. */
    public static final String HOUR = "hour";

    public static final String WEEKDAY = "weekday";

    private static final double MILLIS_PER_DAY = 86_400_000;

    private AttributeValue() {}

    /**
     * A category, or the range that a number is in.
     *
     * @param isDate whether the number is a date, whose age counts
     * @param timestamp when it is looked at, milliseconds since the epoch
     */
    public static String of(Attribute attribute, boolean isDate, long timestamp) {
        if (!attribute.isNumber()) {
            return "=" + attribute.category();
        }
        return "~"
                + range(
                        isDate
                                ? timestamp / MILLIS_PER_DAY - attribute.number()
                                : attribute.number());
    }

    /**
     * Which range of sizes a number is in, each of which reaches to the square root of 2 times the
     * one before; 0 is in one of its own.
     */
    static int range(double number) {
        double size = 2 * Math.log1p(Math.abs(number)) / Math.log(2);
        return (int) (Math.signum(number) * Math.ceil(size));
    }

    /**
     * {@link #HOUR} of the day and {@link #WEEKDAY}, in UTC.
     *
     * @param timestamp milliseconds since the epoch
     */
    public static List<Attribute> ofTime(long timestamp) {
        var time = Instant.ofEpochMilli(timestamp).atZone(ZoneOffset.UTC);
        return List.of(
                Attribute.category(HOUR, String.valueOf(time.getHour())),
                Attribute.category(WEEKDAY, time.getDayOfWeek().name()));
    }
}
