package io.freshet.runtime.attribute;

import io.freshet.event.Attribute;
import io.freshet.event.Interaction;
import io.freshet.event.ItemHash;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a model takes of each position of a history besides its item, as hashes of names with their
 * values (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009). A
 * hash is never 0, which is for no value.
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

    /** What follows from a time: its hour, its weekday and the gap before it. */
    private static final int TIMES = 3;

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
        ofHours = follows(AttributeValue.HOUR) ? hashes(AttributeValue.HOURS) : NONE;
        ofWeekdays = follows(AttributeValue.WEEKDAY) ? hashes(AttributeValue.WEEKDAYS) : NONE;
        ofGaps =
                follows(GAP)
                        ? IntStream.range(0, RANGES)
                                .map(range -> hash(GAP + AttributeValue.ofRange(range)))
                                .toArray()
                        : NONE;
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
     * @param from the first position
     * @param to the last position, exclusive
     * @return by position from the first on; empty if the model takes nothing
     */
    public int[][] complete(int[][] ofEvents, long[] timestamps, int from, int to) {
        if (names.isEmpty()) {
            return new int[0][];
        }
        int[] ofTime = new int[TIMES];
        int[][] all = new int[to - from][];
        for (int i = 0; i < all.length; i++) {
            int count = putOfTime(from + i, i > 0, timestamps, ofTime);
            int[] ofEvent = ofEvents.length == 0 ? NONE : ofEvents[from + i];
            all[i] = Arrays.copyOf(ofEvent, ofEvent.length + count);
            System.arraycopy(ofTime, 0, all[i], ofEvent.length, count);
        }
        return all;
    }

    /** Puts the hashes of a position's time into an array, and returns their number. */
    private int putOfTime(int position, boolean hasGap, long[] timestamps, int[] hashes) {
        long timestamp = timestamps[position];
        int count = 0;
        if (ofHours.length > 0) {
            hashes[count++] = ofHours[AttributeValue.hour(timestamp)];
        }
        if (ofWeekdays.length > 0) {
            hashes[count++] = ofWeekdays[AttributeValue.weekday(timestamp)];
        }
        if (ofGaps.length > 0 && hasGap) {
            double seconds = (timestamp - timestamps[position - 1]) / MILLIS_PER_SECOND;
            hashes[count++] = ofGaps[Math.min(RANGES - 1, AttributeValue.range(seconds))];
        }
        return count;
    }

    /** Whether the model takes what follows from the time, for the producer has no such field. */
    private boolean follows(String name) {
        return names.contains(name) && !declared.contains(name);
    }

    private int[] hashes(List<Attribute> ofTimes) {
        return ofTimes.stream().mapToInt(each -> hash(each, 0)).toArray();
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
