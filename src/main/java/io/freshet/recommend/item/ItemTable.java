package io.freshet.recommend.item;

import io.freshet.event.EncodedItem;
import io.freshet.event.ItemHash;
import io.freshet.event.ItemPopularity;
import io.freshet.recommend.ItemState;
import io.freshet.recommend.item.RecentChanges.Change;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Every item that the recommender has heard of by a dense local index: its statistics, in primitive
 * arrays, and what the catalog says of it.
 *
 * <p>A count n taken at time t decays to n·2^(-(now-t)/h) by half-life h. Its <em>log decayed
 * count</em>, log2(n) + t/h, never changes until the next count comes, and orders items like the
 * decayed counts at any common time; so nothing is touched as time passes.
 */
public final class ItemTable {

    /** Stands for "never" in event times. */
    public static final long NEVER = Long.MIN_VALUE;

    /** An item colder than this many halvings of one interaction is not stored any more. */
    private static final int FORGOTTEN_HALVINGS = 20;

    private final double[] halfLives;
    private final double[] totals;
    private final ItemCatalog catalog;
    private final RecentChanges changes = new RecentChanges();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final double[][] logDecayedCounts;
    private final float[][] counts;
    private String[] ids = new String[64];
    private long[] hashes = new long[64];
    private long[] firstAt = new long[64];
    private long[] countedAt = new long[64];
    private long now = NEVER;
    private int occurred;

    /**
     * @param halfLives half-lives of popularity, milliseconds
     * @param keepsContent whether content vectors are kept
     */
    public ItemTable(long[] halfLives, boolean keepsContent) {
        this.halfLives = Arrays.stream(halfLives).asDoubleStream().toArray();
        totals = new double[halfLives.length];
        logDecayedCounts = new double[halfLives.length][64];
        counts = new float[halfLives.length][64];
        catalog = new ItemCatalog(keepsContent);
        catalog.grow(ids.length);
    }

    /** Number of items; indexes are below it. */
    public int size() {
        return indexes.size();
    }

    /** Number of items that occurred. */
    public int occurred() {
        return occurred;
    }

    public int halfLives() {
        return halfLives.length;
    }

    /** The item's index; a new item gets the next one. */
    public int indexOf(String itemId) {
        Integer known = indexes.get(itemId);
        return known != null ? known : add(itemId);
    }

    public String id(int item) {
        return ids[item];
    }

    /** The item's {@link ItemHash}. */
    public long hash(int item) {
        return hashes[item];
    }

    /** Whether the item occurred in the interactions so far. */
    public boolean occurred(int item) {
        return countedAt[item] != NEVER;
    }

    /** Which of the half-lives is the longest. */
    int slowest() {
        int slowest = 0;
        for (int h = 1; h < halfLives.length; h++) {
            slowest = halfLives[h] > halfLives[slowest] ? h : slowest;
        }
        return slowest;
    }

    /** Event time of its first count, as far as it is remembered; meaningful if it occurred. */
    public long firstAt(int item) {
        return firstAt[item];
    }

    /** Event time of its newest count; meaningful if it occurred. */
    public long lastAt(int item) {
        return countedAt[item];
    }

    public boolean available(int item) {
        return catalog.available(item);
    }

    /** Event time of the item's catalog record, or {@link #NEVER}. */
    public long listedAt(int item) {
        return catalog.listedAt(item);
    }

    /** What the catalog says of the items. */
    public ItemCatalog catalog() {
        return catalog;
    }

    /** log2(count) + time/half-life, negative infinity for a count of 0. */
    public double logDecayedCount(int halfLife, int item) {
        return logDecayedCounts[halfLife][item];
    }

    /** The item's decayed count at the latest time that the table has seen. */
    public double count(int halfLife, int item) {
        return countAt(now, halfLife, logDecayedCounts[halfLife][item]);
    }

    /** The decayed count that a log decayed count is at an event time. */
    double countAt(long time, int halfLife, double logDecayedCount) {
        return Math.pow(2, logDecayedCount - time / halfLives[halfLife]);
    }

    /** What is left of 1 after so many milliseconds; more than 1 if they are negative. */
    double decay(int halfLife, long millis) {
        return Math.pow(2, -millis / halfLives[halfLife]);
    }

    /** Sum of all items' decayed counts at the latest time. */
    public double total(int halfLife) {
        return totals[halfLife];
    }

    /** Latest event time of popularity or requests, {@link #NEVER} at first. */
    public long now() {
        return now;
    }

    /** Lets time pass; going back does nothing. */
    public void advance(long timestamp) {
        if (timestamp <= now) {
            return;
        }
        for (int h = 0; h < totals.length && now != NEVER; h++) {
            totals[h] *= decay(h, timestamp - now);
        }
        now = timestamp;
    }

    /** Says that no probe of this event time or earlier is expected any more. */
    public void settle(long until) {
        changes.settle(until);
    }

    /** Whether a probe of this event time can be answered as of just before it. */
    public boolean reachesBackTo(long time) {
        return changes.reachBackTo(time);
    }

    /** What can be undone. */
    RecentChanges changes() {
        return changes;
    }

    /**
     * Takes over an item's counts; older ones than it has are ignored.
     *
     * @throws IllegalStateException if there is not one count per half-life
     */
    public void apply(ItemPopularity popularity) {
        if (popularity.counts().length != halfLives.length) {
            throw new IllegalStateException(
                    "Popularity of item '%s' has %d counts, but %d half-lives are configured"
                            .formatted(
                                    popularity.itemId(),
                                    popularity.counts().length,
                                    halfLives.length));
        }
        int item = indexOf(popularity.itemId());
        if (popularity.timestamp() < countedAt[item]) {
            return;
        }
        advance(popularity.timestamp());
        for (int h = 0; h < halfLives.length; h++) {
            totals[h] -= count(h, item);
        }
        changes.add(changeOf(item, popularity.timestamp()));
        setCounts(item, popularity.timestamp(), popularity.counts());
        for (int h = 0; h < halfLives.length; h++) {
            totals[h] = Math.max(0, totals[h] + count(h, item));
        }
    }

    /** Takes over an item's catalog record; an older one than it has is ignored. */
    public void apply(EncodedItem encoded) {
        catalog.apply(indexOf(encoded.itemId()), encoded);
    }

    /** Hands out what must be stored, in the order of indexes; items long cold are left out. */
    public void store(Consumer<ItemState> sink) {
        for (int item = 0; item < size(); item++) {
            if (isWarm(item) || listedAt(item) != NEVER) {
                sink.accept(stateOf(item));
            }
        }
    }

    /** Takes back what {@link #store} handed out; counts of other half-lives are dropped. */
    public void restore(ItemState state) {
        int item = indexOf(state.itemId);
        catalog.restore(item, state);
        if (state.countedAt != NEVER) {
            boolean same = state.counts.length == halfLives.length;
            setCounts(item, state.countedAt, same ? state.counts : new float[halfLives.length]);
            firstAt[item] = state.firstAt == NEVER ? state.countedAt : state.firstAt;
            changes.restored(state.countedAt);
        }
    }

    /** The totals at {@link #now}, to be stored: sums in another order would differ by a hair. */
    public double[] totals() {
        return totals.clone();
    }

    /** Takes back {@link #totals} and {@link #now}; totals of other half-lives are dropped. */
    public void restore(long storedNow, double[] storedTotals) {
        now = storedNow;
        if (storedTotals.length == totals.length) {
            System.arraycopy(storedTotals, 0, totals, 0, totals.length);
        }
    }

    private boolean isWarm(int item) {
        for (int h = 0; h < halfLives.length && occurred(item); h++) {
            if (logDecayedCounts[h][item] - now / halfLives[h] > -FORGOTTEN_HALVINGS) {
                return true;
            }
        }
        return false;
    }

    private ItemState stateOf(int item) {
        ItemState state = new ItemState();
        state.itemId = ids[item];
        state.firstAt = firstAt[item];
        state.countedAt = countedAt[item];
        state.counts = new float[halfLives.length];
        for (int h = 0; h < halfLives.length; h++) {
            state.counts[h] = counts[h][item];
        }
        catalog.store(item, state);
        return state;
    }

    private Change changeOf(int item, long at) {
        double[] before = new double[halfLives.length];
        for (int h = 0; h < before.length; h++) {
            before[h] = logDecayedCounts[h][item];
        }
        return new Change(item, at, countedAt[item], before);
    }

    private void setCounts(int item, long timestamp, float[] values) {
        occurred += occurred(item) ? 0 : 1;
        firstAt[item] = occurred(item) ? firstAt[item] : timestamp;
        countedAt[item] = timestamp;
        for (int h = 0; h < halfLives.length; h++) {
            counts[h][item] = values[h];
            logDecayedCounts[h][item] =
                    Math.log(values[h]) / Math.log(2) + timestamp / halfLives[h];
        }
    }

    private int add(String itemId) {
        int item = indexes.size();
        if (item == ids.length) {
            grow(2 * item);
        }
        indexes.put(itemId, item);
        ids[item] = itemId;
        hashes[item] = ItemHash.of(itemId);
        countedAt[item] = NEVER;
        for (double[] values : logDecayedCounts) {
            values[item] = Double.NEGATIVE_INFINITY;
        }
        return item;
    }

    private void grow(int capacity) {
        ids = Arrays.copyOf(ids, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        firstAt = Arrays.copyOf(firstAt, capacity);
        countedAt = Arrays.copyOf(countedAt, capacity);
        catalog.grow(capacity);
        for (int h = 0; h < logDecayedCounts.length; h++) {
            logDecayedCounts[h] = Arrays.copyOf(logDecayedCounts[h], capacity);
            counts[h] = Arrays.copyOf(counts[h], capacity);
        }
    }
}
