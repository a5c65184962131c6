package io.freshet.runtime.attribute;

import io.freshet.event.Attribute;
import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Values of attributes as texts of which there are few: numbers by their range, dates by their age.
 */
public final class AttributeValue {

    /** Names of the attributes of a time. */
    public static final String HOUR = "hour";

    public static final String WEEKDAY = "weekday";

    /** The hours of a day. */
    static final List<Attribute> HOURS =
            IntStream.range(0, 24)
                    .mapToObj(hour -> Attribute.category(HOUR, String.valueOf(hour)))
                    .toList();

    /** The days of a week, from Monday on. */
    static final List<Attribute> WEEKDAYS =
            Arrays.stream(DayOfWeek.values())
                    .map(day -> Attribute.category(WEEKDAY, day.name()))
                    .toList();

    private static final long MILLIS_PER_HOUR = 3_600_000;
    private static final long MILLIS_PER_DAY = 24 * MILLIS_PER_HOUR;

    /** The epoch's first day, a Thursday, as an index. */
    private static final int FIRST_DAY = 3;

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
        double days = (double) timestamp / MILLIS_PER_DAY;
        return ofRange(range(isDate ? days - attribute.number() : attribute.number()));
    }

    /**
     * Which range of sizes a number is in, each of which reaches to the square root of 2 times the
     * one before; 0 is in one of its own.
     */
    static int range(double number) {
        double size = 2 * Math.log1p(Math.abs(number)) / Math.log(2);
        return (int) (Math.signum(number) * Math.ceil(size));
    }

    /** A number that lies in a {@link #range}. */
    static String ofRange(int range) {
        return "~" + range;
    }

    /**
     * {@link #HOUR} of the day and {@link #WEEKDAY}, in UTC.
     *
     * @param timestamp milliseconds since the epoch
     */
    public static List<Attribute> ofTime(long timestamp) {
        return List.of(HOURS.get(hour(timestamp)), WEEKDAYS.get(weekday(timestamp)));
    }

    /** Index of a time's hour among {@link #HOURS}. */
    static int hour(long timestamp) {
        return (int) Math.floorMod(Math.floorDiv(timestamp, MILLIS_PER_HOUR), 24L);
    }

    /** Index of a time's day among {@link #WEEKDAYS}. */
    static int weekday(long timestamp) {
        return (int) Math.floorMod(Math.floorDiv(timestamp, MILLIS_PER_DAY) + FIRST_DAY, 7L);
    }
}
