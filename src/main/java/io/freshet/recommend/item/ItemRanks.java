package io.freshet.recommend.item;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The items that may be listed: those that occurred in the order of popularity by each half-life,
 * and those of the catalog that never did in the order of newness. Kept up as items change, so that
 * finding the best costs what follows from how many are wanted, and not from how many there are.
 */
final class ItemRanks {

    /** A list that an item in a hundred may be on is filled; what is rarer is found in part. */
    private static final int MOST_LOOKED_AT = 10_000;

    private final ItemCounts counts;
    private final ItemCatalog catalog;
    private final ItemHeap[] popular;
    private final ItemHeap newest;

    ItemRanks(ItemCounts counts, ItemCatalog catalog, ItemIndex index) {
        this.counts = counts;
        this.catalog = catalog;
        popular = new ItemHeap[counts.halfLives()];
        Arrays.setAll(popular, h -> new ItemHeap(index));
        newest = new ItemHeap(index);
    }

    /** Makes room for indexes below {@code capacity}. */
    void grow(int capacity) {
        for (ItemHeap heap : popular) {
            heap.grow(capacity);
        }
        newest.grow(capacity);
    }

    /** Enters what is known of an item now. */
    void put(int item) {
        boolean occurred = counts.occurred(item);
        boolean available = catalog.available(item);
        for (int h = 0; h < popular.length; h++) {
            put(popular[h], item, available && occurred, counts.logDecayedCount(h, item));
        }
        long listedAt = catalog.listedAt(item);
        put(newest, item, available && !occurred && listedAt != ItemTable.NEVER, listedAt);
    }

    void remove(int item) {
        for (ItemHeap heap : popular) {
            heap.remove(item);
        }
        newest.remove(item);
    }

    /** Fills a list with the most popular. */
    void mostPopular(int halfLife, TopItems list) {
        popular[halfLife].first(list);
    }

    /** Adds the most popular of some items to a list that has others already. */
    void addMostPopular(int halfLife, TopItems list, IntPredicate wanted) {
        popular[halfLife].addFirst(list, wanted, Integer.MAX_VALUE);
    }

    /** Fills a list with the most popular of some items, of which a rare one may be missed. */
    void mostPopular(int halfLife, TopItems list, IntPredicate wanted) {
        fill(popular[halfLife], list, wanted);
    }

    /** Fills a list with the newest of some items that never occurred, as for popular ones. */
    void newest(TopItems list, IntPredicate wanted) {
        fill(newest, list, wanted);
    }

    private static void fill(ItemHeap heap, TopItems list, IntPredicate wanted) {
        list.clear();
        heap.addFirst(list, wanted, MOST_LOOKED_AT);
    }

    /** Fills a list with the newest that never occurred. */
    void newest(TopItems list) {
        newest.first(list);
    }

    private static void put(ItemHeap heap, int item, boolean isIn, double value) {
        if (isIn) {
            heap.put(item, -value);
        } else {
            heap.remove(item);
        }
    }
}
