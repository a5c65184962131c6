package io.freshet.recommend.item;

import io.freshet.event.EncodedItem;
import io.freshet.event.ItemPopularity;
import io.freshet.recommend.ItemState;
import io.freshet.recommend.item.RecentChanges.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The items that occurred, that the catalog names or that the live model has a row for, by a dense
 * local index: their statistics, in primitive arrays, and what the catalog says of them. {@link
 * ItemExpiry} says which of them are given up.
 *
 * <p>An index that was handed out may be used until the next {@link #recycle}, also if its item is
 * gone meanwhile: it is not available then.
 *
 * <p>A count n taken at time t decays to n·2^(-(now-t)/h) by half-life h. Its <em>log decayed
 * count</em>, log2(n) + t/h, never changes until the next count comes, and orders items like the
 * decayed counts at any common time; so nothing is touched as time passes.
 */
public final class ItemTable {

    /** Stands for "never" in event times. */
    public static final long NEVER = Long.MIN_VALUE;

    /** Stands for "no item" in indexes. */
    public static final int NONE = -1;

    private final double[] halfLives;
    private final double[] totals;
    private final ItemCatalog catalog;
    private final RecentChanges changes = new RecentChanges();
    private final ItemIndex index = new ItemIndex();
    private final ItemExpiry expiry;
    private final int slowest;
    private final double[][] logDecayedCounts;
    private final float[][] counts;
    private final List<Integer> asked = new ArrayList<>();
    private long[] firstAt = new long[64];
    private long[] countedAt = new long[64];
    private long now = NEVER;
    private int occurred;
    private long expired;
    private long evicted;

    /**
     * @param halfLives half-lives of popularity, milliseconds
     * @param keepsContent whether content vectors are kept
     * @param limits how many items are kept, and for how long
     */
    public ItemTable(long[] halfLives, boolean keepsContent, ItemLimits limits) {
        this.halfLives = Arrays.stream(halfLives).asDoubleStream().toArray();
        totals = new double[halfLives.length];
        logDecayedCounts = new double[halfLives.length][64];
        counts = new float[halfLives.length][64];
        catalog = new ItemCatalog(keepsContent);
        catalog.grow(countedAt.length);
        expiry = new ItemExpiry(limits, index);
        expiry.grow(countedAt.length);
        slowest =
                IntStream.range(0, halfLives.length)
                        .reduce(0, (a, b) -> halfLives[b] > halfLives[a] ? b : a);
    }

    /** Number of indexes, those without an item included; indexes are below it. */
    public int size() {
        return index.bound();
    }

    /** Number of items. */
    public int items() {
        return index.size();
    }

    /** Items that expired so far. */
    public long expired() {
        return expired;
    }

    /** Items that gave way so far because there were too many. */
    public long evicted() {
        return evicted;
    }

    /** Number of items that occurred. */
    public int occurred() {
        return occurred;
    }

    public int halfLives() {
        return halfLives.length;
    }

    /** The item's index, {@link #NONE} if it is not in the table. */
    public int indexOf(String itemId) {
        return index.find(itemId);
    }

    /**
     * The item's index; one that is not in the table is added, until the next {@link #recycle}
     * unless something becomes known of it.
     */
    public int add(String itemId) {
        int known = index.find(itemId);
        if (known != NONE) {
            return known;
        }
        int item = addNew(itemId);
        asked.add(item);
        return item;
    }

    /** Ends the use of all indexes that were handed out, but those of items in the live model. */
    public void recycle() {
        asked.forEach(this::dropUnlessKnown);
        asked.clear();
        index.recycle();
    }

    /** Says whether the live model has a row for an item; such an item is kept. */
    public void inModel(int item, boolean has) {
        if (expiry.isInModel(item) != has) {
            expiry.inModel(item, has);
            file(item);
            dropUnlessKnown(item);
        }
    }

    public String id(int item) {
        return index.id(item);
    }

    /** The item's {@link io.freshet.event.ItemHash}. */
    public long hash(int item) {
        return index.hash(item);
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
        for (int item = expiry.expired(now); item != NONE; item = expiry.expired(now)) {
            drop(item);
            expired++;
        }
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
        advance(popularity.timestamp());
        int item = findOrAdd(popularity.itemId());
        if (popularity.timestamp() < countedAt[item]) {
            return;
        }
        for (int h = 0; h < halfLives.length; h++) {
            totals[h] -= count(h, item);
        }
        changes.add(changeOf(item, popularity.timestamp()));
        setCounts(item, popularity.timestamp(), popularity.counts());
        for (int h = 0; h < halfLives.length; h++) {
            totals[h] = Math.max(0, totals[h] + count(h, item));
        }
        file(item);
        makeRoom();
    }

    /** Takes over an item's catalog record; an older one than it has is ignored. */
    public void apply(EncodedItem encoded) {
        int item = findOrAdd(encoded.itemId());
        catalog.apply(item, encoded);
        file(item);
        makeRoom();
    }

    /** Hands out what must be stored, in the order of indexes. */
    public void store(Consumer<ItemState> sink) {
        for (int item = 0; item < size(); item++) {
            if (isKnown(item)) {
                sink.accept(stateOf(item));
            }
        }
    }

    /** Takes back what {@link #store} handed out; counts of other half-lives are dropped. */
    public void restore(ItemState state) {
        int item = findOrAdd(state.itemId);
        catalog.restore(item, state);
        expiry.inModel(item, state.inModel);
        if (state.countedAt != NEVER) {
            boolean same = state.counts.length == halfLives.length;
            setCounts(item, state.countedAt, same ? state.counts : new float[halfLives.length]);
            firstAt[item] = state.firstAt == NEVER ? state.countedAt : state.firstAt;
            changes.restored(state.countedAt);
        }
        file(item);
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

    private boolean isKnown(int item) {
        return occurred(item) || listedAt(item) != NEVER;
    }

    /** Enters what is known of an item now. */
    private void file(int item) {
        if (isKnown(item)) {
            long usedAt = Math.max(lastAt(item), listedAt(item));
            double oneLeftAt = halfLives[slowest] * logDecayedCounts[slowest][item];
            double coldAt = Math.max(usedAt, oneLeftAt);
            expiry.put(item, coldAt, usedAt, listedAt(item) != NEVER, available(item));
        }
    }

    private void makeRoom() {
        for (int item = expiry.surplus(); item != NONE; item = expiry.surplus()) {
            drop(item);
            evicted++;
        }
    }

    private void dropUnlessKnown(int item) {
        boolean there = index.find(id(item)) == item;
        if (there && !isKnown(item) && !expiry.isInModel(item)) {
            drop(item);
        }
    }

    private void drop(int item) {
        for (int h = 0; h < halfLives.length; h++) {
            totals[h] = Math.max(0, totals[h] - count(h, item));
            counts[h][item] = 0;
            logDecayedCounts[h][item] = Double.NEGATIVE_INFINITY;
        }
        occurred -= occurred(item) ? 1 : 0;
        countedAt[item] = NEVER;
        changes.forget(item);
        catalog.clear(item, false);
        expiry.remove(item);
        index.remove(item);
    }

    private ItemState stateOf(int item) {
        ItemState state = new ItemState();
        state.itemId = id(item);
        state.inModel = expiry.isInModel(item);
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

    private int findOrAdd(String itemId) {
        int known = index.find(itemId);
        return known != NONE ? known : addNew(itemId);
    }

    private int addNew(String itemId) {
        int item = index.add(itemId);
        if (item == countedAt.length) {
            grow(2 * item);
        }
        countedAt[item] = NEVER;
        catalog.clear(item, true);
        for (double[] values : logDecayedCounts) {
            values[item] = Double.NEGATIVE_INFINITY;
        }
        return item;
    }

    private void grow(int capacity) {
        firstAt = Arrays.copyOf(firstAt, capacity);
        countedAt = Arrays.copyOf(countedAt, capacity);
        catalog.grow(capacity);
        expiry.grow(capacity);
        for (int h = 0; h < logDecayedCounts.length; h++) {
            logDecayedCounts[h] = Arrays.copyOf(logDecayedCounts[h], capacity);
            counts[h] = Arrays.copyOf(counts[h], capacity);
        }
    }
}
