package io.freshet.recommend.item;

import io.freshet.event.ItemPopularity;
import io.freshet.recommend.ItemState;
import io.freshet.recommend.item.RecentChanges.Change;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How often items occurred, by a table's index in primitive arrays.
 *
 * <p>A count n taken at time t decays to n·2^(-(now-t)/h) by half-life h. Its <em>log decayed
 * count</em>, log2(n) + t/h, never changes until the next count comes, and orders items like the
 * decayed counts at any common time; so nothing is touched as time passes.
 */
final class ItemCounts {

    private static final double LOG_2 = Math.log(2);

    private final double[] halfLives;
    private final int slowest;
    private final double[] totals;
    private final RecentChanges changes = new RecentChanges();
    private final double[][] logDecayedCounts;
    private final float[][] counts;
    private long[] firstAt = {};
    private long[] countedAt = {};
    private long now = ItemTable.NEVER;
    private int occurred;

    /**
     * @param halfLives half-lives of popularity, milliseconds
     */
    ItemCounts(long[] halfLives) {
        this.halfLives = Arrays.stream(halfLives).asDoubleStream().toArray();
        slowest =
                IntStream.range(0, halfLives.length)
                        .reduce(0, (a, b) -> halfLives[b] > halfLives[a] ? b : a);
        totals = new double[halfLives.length];
        logDecayedCounts = new double[halfLives.length][];
        counts = new float[halfLives.length][];
        for (int h = 0; h < halfLives.length; h++) {
            logDecayedCounts[h] = new double[0];
            counts[h] = new float[0];
        }
    }

    /** Makes room for indexes below {@code capacity}. */
    void grow(int capacity) {
        firstAt = Arrays.copyOf(firstAt, capacity);
        countedAt = Arrays.copyOf(countedAt, capacity);
        for (int h = 0; h < halfLives.length; h++) {
            logDecayedCounts[h] = Arrays.copyOf(logDecayedCounts[h], capacity);
            counts[h] = Arrays.copyOf(counts[h], capacity);
        }
    }

    int halfLives() {
        return halfLives.length;
    }

    /** Which of the half-lives is the longest. */
    int slowest() {
        return slowest;
    }

    /** Number of items that occurred. */
    int occurred() {
        return occurred;
    }

    /** Whether the item occurred in the interactions so far. */
    boolean occurred(int item) {
        return countedAt[item] != ItemTable.NEVER;
    }

    /** Event time of its first count, as far as it is remembered; meaningful if it occurred. */
    long firstAt(int item) {
        return firstAt[item];
    }

    /** Event time of its newest count; meaningful if it occurred. */
    long lastAt(int item) {
        return countedAt[item];
    }

    /** log2(count) + time/half-life, negative infinity for a count of 0. */
    double logDecayedCount(int halfLife, int item) {
        return logDecayedCounts[halfLife][item];
    }

    /** The item's decayed count at the latest time. */
    double count(int halfLife, int item) {
        return countAt(now, halfLife, logDecayedCounts[halfLife][item]);
    }

    /** The log decayed count of a count that is taken at an event time. */
    double logDecayed(double count, long time, int halfLife) {
        return Math.log(count) / LOG_2 + time / halfLives[halfLife];
    }

    /** The decayed count that a log decayed count is at an event time. */
    double countAt(long time, int halfLife, double logDecayedCount) {
        return Math.exp(LOG_2 * (logDecayedCount - time / halfLives[halfLife]));
    }

    /** What is left of 1 after so many milliseconds; more than 1 if they are negative. */
    double decay(int halfLife, long millis) {
        return Math.pow(2, -millis / halfLives[halfLife]);
    }

    /** Event time at which the item's slowest count is one interaction. */
    double oneLeftAt(int item) {
        return halfLives[slowest] * logDecayedCounts[slowest][item];
    }

    /** Sum of all items' decayed counts at the latest time. */
    double total(int halfLife) {
        return totals[halfLife];
    }

    /** Latest event time, {@link ItemTable#NEVER} at first. */
    long now() {
        return now;
    }

    /** What can be undone. */
    RecentChanges changes() {
        return changes;
    }

    /** Lets time pass; going back does nothing. */
    void advance(long timestamp) {
        if (timestamp <= now) {
            return;
        }
        for (int h = 0; h < totals.length && now != ItemTable.NEVER; h++) {
            totals[h] *= decay(h, timestamp - now);
        }
        now = timestamp;
    }

    /** Takes over an item's counts, of which there is one per half-life. */
    void apply(int item, ItemPopularity popularity) {
        for (int h = 0; h < halfLives.length; h++) {
            totals[h] -= count(h, item);
        }
        changes.add(changeOf(item, popularity.timestamp()));
        set(item, popularity.timestamp(), popularity.counts());
        for (int h = 0; h < halfLives.length; h++) {
            totals[h] = Math.max(0, totals[h] + count(h, item));
        }
    }

    /**
     * Does nothing for counts of these half-lives.
     *
     * @throws IllegalStateException if there is not one count per half-life
     */
    void requireAll(ItemPopularity popularity) {
        if (popularity.counts().length != halfLives.length) {
            throw new IllegalStateException(
                    "Popularity of item '%s' has %d counts, but %d half-lives are configured"
                            .formatted(
                                    popularity.itemId(),
                                    popularity.counts().length,
                                    halfLives.length));
        }
    }

    /** Begins with an item that has not occurred. */
    void begin(int item) {
        countedAt[item] = ItemTable.NEVER;
        for (double[] values : logDecayedCounts) {
            values[item] = Double.NEGATIVE_INFINITY;
        }
    }

    /** Forgets an item. */
    void remove(int item) {
        for (int h = 0; h < halfLives.length; h++) {
            totals[h] = Math.max(0, totals[h] - count(h, item));
            counts[h][item] = 0;
        }
        occurred -= occurred(item) ? 1 : 0;
        changes.forget(item);
        begin(item);
    }

    void store(int item, ItemState state) {
        state.firstAt = firstAt[item];
        state.countedAt = countedAt[item];
        state.counts = new float[halfLives.length];
        for (int h = 0; h < halfLives.length; h++) {
            state.counts[h] = counts[h][item];
        }
    }

    /** Takes back what {@link #store} gave; counts of other half-lives are dropped. */
    void restore(int item, ItemState state) {
        if (state.countedAt == ItemTable.NEVER) {
            return;
        }
        boolean same = state.counts.length == halfLives.length;
        set(item, state.countedAt, same ? state.counts : new float[halfLives.length]);
        firstAt[item] = state.firstAt == ItemTable.NEVER ? state.countedAt : state.firstAt;
        changes.restored(state.countedAt);
    }

    /** The totals at {@link #now}, to be stored: sums in another order would differ by a hair. */
    double[] totals() {
        return totals.clone();
    }

    /** Takes back {@link #totals} and {@link #now}; totals of other half-lives are dropped. */
    void restore(long storedNow, double[] storedTotals) {
        now = storedNow;
        if (storedTotals.length == totals.length) {
            System.arraycopy(storedTotals, 0, totals, 0, totals.length);
        }
    }

    private Change changeOf(int item, long at) {
        double[] before = new double[halfLives.length];
        for (int h = 0; h < before.length; h++) {
            before[h] = logDecayedCounts[h][item];
        }
        return new Change(item, at, countedAt[item], before);
    }

    private void set(int item, long timestamp, float[] values) {
        occurred += occurred(item) ? 0 : 1;
        firstAt[item] = occurred(item) ? firstAt[item] : timestamp;
        countedAt[item] = timestamp;
        for (int h = 0; h < halfLives.length; h++) {
            counts[h][item] = values[h];
            logDecayedCounts[h][item] = logDecayed(values[h], timestamp, h);
        }
    }
}
