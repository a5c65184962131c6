package io.freshet.runtime.attribute;

import io.freshet.event.Attribute;
import io.freshet.event.Interaction;
import io.freshet.event.ItemHash;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Set;
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

    private final Set<String> names;
    private final Set<String> declared;
    private final Set<String> dates;

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
        return hashes(Stream.concat(type, others), interaction.timestamp());
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
        int[][] all = new int[timestamps.length][];
        for (int i = 0; i < all.length; i++) {
            int[] ofTime = ofTime(i, timestamps);
            all[i] = ofEvents.length == 0 ? ofTime : union(ofEvents[i], ofTime);
        }
        return all;
    }

    private int[] ofTime(int position, long[] timestamps) {
        long timestamp = timestamps[position];
        Stream<Attribute> time = AttributeValue.ofTime(timestamp).stream();
        if (position > 0) {
            double seconds = (timestamp - timestamps[position - 1]) / MILLIS_PER_SECOND;
            time = Stream.concat(time, Stream.of(Attribute.number(GAP, (float) seconds)));
        }
        return hashes(time.filter(each -> !declared.contains(each.name())), timestamp);
    }

    private int[] hashes(Stream<Attribute> attributes, long timestamp) {
        return attributes
                .filter(each -> names.contains(each.name()))
                .mapToInt(each -> hash(each, timestamp))
                .distinct()
                .limit(MOST)
                .toArray();
    }

    private int hash(Attribute attribute, long timestamp) {
        String value = AttributeValue.of(attribute, dates.contains(attribute.name()), timestamp);
        int hash = (int) ItemHash.of(attribute.name() + value);
        return hash == 0 ? 1 : hash;
    }
}
