package io.freshet.replay.input;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows that are out of order. Of two such rows the later one in the file is at fault if it
 * lies before the rest as well, or else the earlier one: a single row of the future would otherwise
 * put all the rows behind it in the wrong.
 *
 * <p>Example: of 10, 11, 99, 12 it is 99; of 10, 11, 9, 12 it is 9.
 */
final class TimeOrder {

    private long newest = Long.MIN_VALUE;
    private long newestLine;
    private long secondNewest = Long.MIN_VALUE;
    private int outOfOrder;

    /**
     * Takes the next row.
     *
     * @return the line of the row that is out of order and why, null if none is
     */
    @Nullable Outlier add(long timestamp, long line) {
        if (timestamp >= newest) {
            secondNewest = newest;
            newest = timestamp;
            newestLine = line;
            return null;
        }
        outOfOrder++;
        if (timestamp < secondNewest) {
            return outlier(line, timestamp, "at least", newest, newestLine);
        }
        Outlier outlier = outlier(newestLine, newest, "at most", timestamp, line);
        newest = timestamp;
        newestLine = line;
        return outlier;
    }

    /** Number of rows found so far. */
    int outOfOrder() {
        return outOfOrder;
    }

    private static Outlier outlier(
            long line, long found, String bound, long expected, long otherLine) {
        return new Outlier(
                line,
                ("timestamp_ms: found %d (%s), expected %s %d (%s) as on line "
                                + "%d, for rows are sorted by time")
                        .formatted(
                                found,
                                Instant.ofEpochMilli(found),
                                bound,
                                expected,
                                Instant.ofEpochMilli(expected),
                                otherLine));
    }

    /**
     * A row that is out of order.
     *
     * @param line its line in the file, from 1
     * @param problem what was found and expected
     */
    record Outlier(long line, String problem) {}
}
