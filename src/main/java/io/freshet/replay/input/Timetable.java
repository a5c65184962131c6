package io.freshet.replay.input;

import io.freshet.event.Interaction;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * When the rows of an interactions file happened. By protocol P the rows before {@link #half} may
 * train the base model, and those from there on are tested before they are learned from.
 *
 * @param times event time by position, ascending, milliseconds since the epoch
 * @param debuts position of each item's first row, in ascending order
 * @param types number of rows by event type
 */
public record Timetable(long[] times, Map<String, Integer> debuts, Map<String, Integer> types) {

    /** Number of rows, N. */
    public int rows() {
        return times.length;
    }

    /** The first position that may be tested, N/2. */
    public int half() {
        return times.length / 2;
    }

    /** The newest position before an event time, -1 if there is none. */
    public int lastBefore(long time) {
        int low = 0;
        int high = times.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** Gathers a timetable row by row. */
    static final class Builder {

        private final Map<String, Integer> debuts = new LinkedHashMap<>();
        private final Map<String, Integer> types = new TreeMap<>();
        private long[] times = new long[1 << 10];
        private int rows;

        /** Adds the next row. */
        void add(Interaction row) {
            if (rows == times.length) {
                times = Arrays.copyOf(times, 2 * rows);
            }
            times[rows] = row.timestamp();
            debuts.putIfAbsent(row.itemId(), rows);
            types.merge(row.eventType(), 1, Integer::sum);
            rows++;
        }

        Timetable build() {
            return new Timetable(Arrays.copyOf(times, rows), debuts, types);
        }
    }
}
