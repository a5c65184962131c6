package io.freshet.recommend;

import io.freshet.event.EncodedItem;
import io.freshet.event.ItemHash;
import io.freshet.event.ItemPopularity;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Every item that the recommender has heard of by a dense local index: its statistics, in primitive
 * arrays, and what the catalog says of it.
 *
 * <p>A count n taken at time t decays to n·2^(-(now-t)/h) by half-life h. Its <em>heat</em>,
 * log2(n) + t/h, never changes until the next count comes, and orders items like the decayed counts
 * at any common time; so nothing is touched as time passes.
 */
final class ItemTable {

    /** Stands for "never" in event times. */
    static final long NEVER = Long.MIN_VALUE;

    /** An item colder than this many halvings of one interaction is not stored any more. */
    private static final int FORGOTTEN_HALVINGS = 20;

    private final double[] halfLives;
    private final double[] totals;
    private final ItemCatalog catalog;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final double[][] heats;
    private final float[][] counts;
    private String[] ids = new String[64];
    private long[] hashes = new long[64];
    private long[] countedAt = new long[64];
    private long now = NEVER;
    private int occurred;

    /**
     * @param halfLives half-lives of popularity, milliseconds
     * @param keepsContent whether content vectors are kept
     */
    ItemTable(long[] halfLives, boolean keepsContent) {
        this.halfLives = Arrays.stream(halfLives).asDoubleStream().toArray();
        totals = new double[halfLives.length];
        heats = new double[halfLives.length][64];
        counts = new float[halfLives.length][64];
        catalog = new ItemCatalog(keepsContent);
        catalog.grow(ids.length);
    }

    /** Number of items; indexes are below it. */
    int size() {
        return indexes.size();
    }

    /** Number of items that occurred. */
    int occurred() {
        return occurred;
    }

    int halfLives() {
        return halfLives.length;
    }

    /** The item's index; a new item gets the next one. */
    int indexOf(String itemId) {
        Integer known = indexes.get(itemId);
        return known != null ? known : add(itemId);
    }

    String id(int item) {
        return ids[item];
    }

    /** The item's {@link ItemHash}. */
    long hash(int item) {
        return hashes[item];
    }

    /** Whether the item occurred in the interactions so far. */
    boolean occurred(int item) {
        return countedAt[item] != NEVER;
    }

    boolean available(int item) {
        return catalog.available(item);
    }

    /** Event time of the item's catalog record, or {@link #NEVER}. */
    long listedAt(int item) {
        return catalog.listedAt(item);
    }

    /** What the catalog says of the items. */
    ItemCatalog catalog() {
        return catalog;
    }

    /** log2(count) + time/half-life, negative infinity for a count of 0. */
    double heat(int halfLife, int item) {
        return heats[halfLife][item];
    }

    /** The item's decayed count at the latest time that the table has seen. */
    double count(int halfLife, int item) {
        return Math.pow(2, heats[halfLife][item] - now / halfLives[halfLife]);
    }

    /** Sum of all items' decayed counts at the latest time. */
    double total(int halfLife) {
        return totals[halfLife];
    }

    /** Latest event time of popularity or requests, {@link #NEVER} at first. */
    long now() {
        return now;
    }

    /** Lets time pass; going back does nothing. */
    void advance(long timestamp) {
        if (timestamp <= now) {
            return;
        }
        for (int h = 0; h < totals.length && now != NEVER; h++) {
            totals[h] *= Math.pow(2, -(timestamp - now) / halfLives[h]);
        }
        now = timestamp;
    }

    /**
     * Takes over an item's counts; older ones than it has are ignored.
     *
     * @throws IllegalStateException if there is not one count per half-life
     */
    void apply(ItemPopularity popularity) {
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
        setCounts(item, popularity.timestamp(), popularity.counts());
        for (int h = 0; h < halfLives.length; h++) {
            totals[h] = Math.max(0, totals[h] + count(h, item));
        }
    }

    /** Takes over an item's catalog record; an older one than it has is ignored. */
    void apply(EncodedItem encoded) {
        catalog.apply(indexOf(encoded.itemId()), encoded);
    }

    /** Hands out what must be stored, in the order of indexes; items long cold are left out. */
    void store(Consumer<ItemState> sink) {
        for (int item = 0; item < size(); item++) {
            if (isWarm(item) || listedAt(item) != NEVER) {
                sink.accept(stateOf(item));
            }
        }
    }

    /** Takes back what {@link #store} handed out; counts of other half-lives are dropped. */
    void restore(ItemState state) {
        int item = indexOf(state.itemId);
        catalog.restore(item, state);
        if (state.countedAt != NEVER) {
            boolean same = state.counts.length == halfLives.length;
            setCounts(item, state.countedAt, same ? state.counts : new float[halfLives.length]);
        }
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

    private boolean isWarm(int item) {
        for (int h = 0; h < halfLives.length && occurred(item); h++) {
            if (heats[h][item] - now / halfLives[h] > -FORGOTTEN_HALVINGS) {
                return true;
            }
        }
        return false;
    }

    private ItemState stateOf(int item) {
        ItemState state = new ItemState();
        state.itemId = ids[item];
        state.countedAt = countedAt[item];
        state.counts = new float[halfLives.length];
        for (int h = 0; h < halfLives.length; h++) {
            state.counts[h] = counts[h][item];
        }
        catalog.store(item, state);
        return state;
    }

    private void setCounts(int item, long timestamp, float[] values) {
        occurred += occurred(item) ? 0 : 1;
        countedAt[item] = timestamp;
        for (int h = 0; h < halfLives.length; h++) {
            counts[h][item] = values[h];
            heats[h][item] = Math.log(values[h]) / Math.log(2) + timestamp / halfLives[h];
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
        for (double[] heat : heats) {
            heat[item] = Double.NEGATIVE_INFINITY;
        }
        return item;
    }

    private void grow(int capacity) {
        ids = Arrays.copyOf(ids, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        countedAt = Arrays.copyOf(countedAt, capacity);
        catalog.grow(capacity);
        for (int h = 0; h < heats.length; h++) {
            heats[h] = Arrays.copyOf(heats[h], capacity);
            counts[h] = Arrays.copyOf(counts[h], capacity);
        }
    }
}
