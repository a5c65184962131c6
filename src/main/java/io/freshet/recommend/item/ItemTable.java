package io.freshet.recommend.item;

import io.freshet.event.EncodedItem;
import io.freshet.event.ItemPopularity;
import io.freshet.recommend.ItemState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * The items that occurred, that the catalog names or that the live model has a row for, by a dense
 * local index: their statistics, in primitive arrays, and what the catalog says of them. {@link
 * ItemExpiry} says which of them are given up.
 *
 * <p>An index that was handed out may be used until the next {@link #recycle}, also if its item is
 * gone meanwhile: it is not available then.
 */
public final class ItemTable {

    /** Event time of what never happened. */
    public static final long NEVER = Long.MIN_VALUE;

    /** Index of no item. */
    public static final int NONE = -1;

    private static final int FIRST_CAPACITY = 64;

    private final ItemCounts counts;
    private final ItemCatalog catalog;
    private final ItemIndex index = new ItemIndex();
    private final ItemExpiry expiry;
    private final ItemRanks ranks;
    private final List<Integer> asked = new ArrayList<>();
    private int capacity;
    private long expired;
    private long evicted;

    /**
     * @param halfLives half-lives of popularity, milliseconds
     * @param catalog what is known of them otherwise, nothing yet
     * @param limits how many items are kept, and for how long
     */
    public ItemTable(long[] halfLives, ItemCatalog catalog, ItemLimits limits) {
        counts = new ItemCounts(halfLives);
        this.catalog = catalog;
        expiry = new ItemExpiry(limits, index);
        ranks = new ItemRanks(counts, catalog, index);
        grow(FIRST_CAPACITY);
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

    /** How often the items occurred. */
    ItemCounts counts() {
        return counts;
    }

    /** The items that may be listed, in order. */
    ItemRanks ranks() {
        return ranks;
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

    /** Whether anything is known of an item, also of {@linkplain #NONE no item}. */
    public boolean knows(int item) {
        return item != NONE && (isKnown(item) || expiry.isInModel(item));
    }

    /** The item's {@link io.freshet.event.ItemHash}. */
    public long hash(int item) {
        return index.hash(item);
    }

    /** Whether the item occurred in the interactions so far. */
    public boolean occurred(int item) {
        return counts.occurred(item);
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

    /** Latest event time of popularity or requests, {@link #NEVER} at first. */
    public long now() {
        return counts.now();
    }

    /** Lets time pass; going back does nothing. */
    public void advance(long timestamp) {
        counts.advance(timestamp);
        for (int item = expiry.expired(now()); item != NONE; item = expiry.expired(now())) {
            drop(item);
            expired++;
        }
    }

    /** Says that no probe of this event time or earlier is expected any more. */
    public void settle(long until) {
        counts.changes().settle(until);
    }

    /** Whether a probe of this event time can be answered as of just before it. */
    public boolean reachesBackTo(long time) {
        return counts.changes().reachBackTo(time);
    }

    /**
     * Takes over an item's counts; older ones than it has are ignored.
     *
     * @return the index of an item that occurs for the first time and is kept, else {@link #NONE}
     * @throws IllegalStateException if there is not one count per half-life
     */
    public int apply(ItemPopularity popularity) {
        counts.requireAll(popularity);
        advance(popularity.timestamp());
        int item = findOrAdd(popularity.itemId());
        if (popularity.timestamp() < counts.lastAt(item)) {
            return NONE;
        }
        boolean first = !counts.occurred(item);
        counts.apply(item, popularity);
        file(item);
        makeRoom();
        return first && counts.occurred(item) ? item : NONE;
    }

    /** Takes over an item's catalog record; an older one than it has is ignored. */
    public void apply(EncodedItem encoded) {
        int item = findOrAdd(encoded.itemId());
        catalog.apply(item, encoded);
        file(item);
        makeRoom();
    }

    /**
     * Hands out what must be stored, in the order of indexes.
     *
     * @param isMeant which items are meant, by their hashes
     */
    public void store(LongPredicate isMeant, Consumer<ItemState> sink) {
        for (int item = 0; item < size(); item++) {
            if (isKnown(item) && isMeant.test(hash(item))) {
                sink.accept(stateOf(item));
            }
        }
    }

    /** Takes back what {@link #store} handed out; counts of other half-lives are dropped. */
    public void restore(ItemState state) {
        int item = findOrAdd(state.itemId);
        catalog.restore(item, state);
        expiry.inModel(item, state.inModel);
        counts.restore(item, state);
        file(item);
    }

    /** The totals at {@link #now}, to be stored: sums in another order would differ by a hair. */
    public double[] totals() {
        return counts.totals();
    }

    /** Takes back {@link #totals} and {@link #now}; totals of other half-lives are dropped. */
    public void restore(long storedNow, double[] storedTotals) {
        counts.restore(storedNow, storedTotals);
    }

    private boolean isKnown(int item) {
        return occurred(item) || listedAt(item) != NEVER;
    }

    /** Enters what is known of an item now. */
    private void file(int item) {
        if (isKnown(item)) {
            long usedAt = Math.max(counts.lastAt(item), listedAt(item));
            double coldAt = Math.max(usedAt, counts.oneLeftAt(item));
            expiry.put(item, coldAt, usedAt, listedAt(item) != NEVER, available(item));
        }
        ranks.put(item);
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
        counts.remove(item);
        catalog.clear(item, false);
        expiry.remove(item);
        ranks.remove(item);
        index.remove(item);
    }

    private ItemState stateOf(int item) {
        ItemState state = new ItemState();
        state.itemId = id(item);
        state.inModel = expiry.isInModel(item);
        counts.store(item, state);
        catalog.store(item, state);
        return state;
    }

    private int findOrAdd(String itemId) {
        int known = index.find(itemId);
        return known != NONE ? known : addNew(itemId);
    }

    private int addNew(String itemId) {
        int item = index.add(itemId);
        if (item == capacity) {
            grow(2 * item);
        }
        counts.begin(item);
        catalog.clear(item, true);
        return item;
    }

    private void grow(int items) {
        capacity = items;
        counts.grow(items);
        catalog.grow(items);
        expiry.grow(items);
        ranks.grow(items);
    }
}
