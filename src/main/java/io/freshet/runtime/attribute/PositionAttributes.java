package io.freshet.runtime.attribute;

import io.freshet.event.Attribute;
import io.freshet.event.Interaction;
import io.freshet.event.ItemHash;
import java.io.Serializable;
import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a model takes of each position of a history besides its item, as hashes of names with their
 * values (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009). A
 * hash is never 0, which stands for nothing.
 */
public final class PositionAttributes implements Serializable {

    /** Names of attributes of every interaction, whatever is declared. */
    public static final String EVENT_TYPE = "event-type";

    /** The time since the position before. */
    public static final String GAP = "gap";

    /** Most hashes of a position that are kept. */
    static final int MOST = 16;

    private static final long serialVersionUID = 1L;
    private static final int[] NONE = {};
    private static final double MILLIS_PER_SECOND = 1000;
    private static final long MILLIS_PER_HOUR = 3_600_000;

    /** What follows from a time: its hour, its weekday and the gap before it. */
    private static final int TIMES = 3;

    /** The epoch began on the day after so many days of a week that begins on Monday. */
    private static final int EPOCHS_DAY = 3;

    /** Ranges of gaps; the last one begins after 30 years. */
    private static final int RANGES = 62;

    private final Set<String> names;
    private final Set<String> declared;
    private final Set<String> dates;

    /** Hash by hour of the day, by day of the week from Monday on, and by range of the gap. */
    private final int[] ofHours;

    private final int[] ofWeekdays;
    private final int[] ofGaps;

    /**
     * @param names what the model takes
     * @param declared names of attributes that interactions have by declaration; what is not among
     *     them follows from the event's type and time
     * @param dates those of them that are dates
     */
    public PositionAttributes(Set<String> names, Set<String> declared, Set<String> dates) {
        this.names = Set.copyOf(names);
        this.declared = Set.copyOf(declared);
        this.dates = Set.copyOf(dates);
        ofHours = hashes(AttributeValue.HOUR, 24, hour -> "=" + hour);
        ofWeekdays = hashes(AttributeValue.WEEKDAY, 7, day -> "=" + DayOfWeek.of(day + 1));
        ofGaps = hashes(GAP, RANGES, range -> "~" + range);
    }

    /** The model takes items alone. */
    public static PositionAttributes none() {
        return new PositionAttributes(Set.of(), Set.of(), Set.of());
    }

    /** Hashes of an interaction's type and of its declared attributes. */
    public int[] of(Interaction interaction) {
        if (names.isEmpty()) {
            return NONE;
        }
        Stream<Attribute> type =
                interaction.eventType().isEmpty()
                        ? Stream.of()
                        : Stream.of(Attribute.category(EVENT_TYPE, interaction.eventType()));
        Stream<Attribute> others =
                interaction.attributes().stream().filter(each -> declared.contains(each.name()));
        return Stream.concat(type, others)
                .filter(each -> names.contains(each.name()))
                .mapToInt(each -> hash(each, interaction.timestamp()))
                .distinct()
                .limit(MOST)
                .toArray();
    }

    /** Hashes of two events of one position. */
    public static int[] union(int[] one, int[] other) {
        return IntStream.concat(Arrays.stream(one), Arrays.stream(other))
                .distinct()
                .limit(MOST)
                .toArray();
    }

    /**
     * All hashes of positions, those of their times included.
     *
     * @param ofEvents those of their events, by position; empty if none has any
     * @param timestamps event time by position, milliseconds since the epoch
     * @return by position; empty if the model takes nothing
     */
    public int[][] complete(int[][] ofEvents, long[] timestamps) {
        if (names.isEmpty()) {
            return new int[0][];
        }
        int[] ofTime = new int[TIMES];
        int[][] all = new int[timestamps.length][];
        for (int i = 0; i < all.length; i++) {
            int count = putOfTime(i, timestamps, ofTime);
            int[] ofEvent = ofEvents.length == 0 ? NONE : ofEvents[i];
            all[i] = Arrays.copyOf(ofEvent, ofEvent.length + count);
            System.arraycopy(ofTime, 0, all[i], ofEvent.length, count);
        }
        return all;
    }

    /** Puts the hashes of a position's time into an array, and returns their number. */
    private int putOfTime(int position, long[] timestamps, int[] hashes) {
        long timestamp = timestamps[position];
        int count = 0;
        if (ofHours.length > 0) {
            long hour = Math.floorDiv(timestamp, MILLIS_PER_HOUR);
            hashes[count++] = ofHours[(int) Math.floorMod(hour, 24L)];
        }
        if (ofWeekdays.length > 0) {
            long day = Math.floorDiv(timestamp, 24 * MILLIS_PER_HOUR);
            hashes[count++] = ofWeekdays[(int) Math.floorMod(day + EPOCHS_DAY, 7L)];
        }
        if (ofGaps.length > 0 && position > 0) {
            double seconds = (timestamp - timestamps[position - 1]) / MILLIS_PER_SECOND;
            hashes[count++] = ofGaps[Math.min(RANGES - 1, AttributeValue.range(seconds))];
        }
        return count;
    }

    /** Hashes of all values of what follows from the time; none if the model does not take it. */
    private int[] hashes(String name, int values, IntFunction<String> value) {
        return names.contains(name) && !declared.contains(name)
                ? IntStream.range(0, values).map(i -> hash(name + value.apply(i))).toArray()
                : NONE;
    }

    private int hash(Attribute attribute, long timestamp) {
        boolean isDate = dates.contains(attribute.name());
        return hash(attribute.name() + AttributeValue.of(attribute, isDate, timestamp));
    }

    private static int hash(String nameAndValue) {
        int hash = (int) ItemHash.of(nameAndValue);
        return hash == 0 ? 1 : hash;
    }
}
