package io.freshet.recommend.item;

import io.freshet.event.ItemHash;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which item has which index. The index of a removed item is given to another item after the next
 * {@link #recycle}, and not before, because a batch may hold it until then.
 */
final class ItemIndex {

    private final Map<String, Integer> indexes = new HashMap<>();
    private String[] ids = new String[64];
    private long[] hashes = new long[64];

    /** Indexes without an item: first those that may be given away, then those that may not yet. */
    private int[] free = new int[64];

    private int frees;
    private int recyclable;
    private int bound;

    /** The item's index, {@link ItemTable#NONE} if it has none. */
    int find(String itemId) {
        return indexes.getOrDefault(itemId, ItemTable.NONE);
    }

    /** Gives an index to an item that has none. */
    int add(String itemId) {
        int item = recyclable > 0 ? takeFree() : bound++;
        if (item == ids.length) {
            ids = Arrays.copyOf(ids, 2 * item);
            hashes = Arrays.copyOf(hashes, 2 * item);
        }
        indexes.put(itemId, item);
        ids[item] = itemId;
        hashes[item] = ItemHash.of(itemId);
        return item;
    }

    /** Takes the index from an item, whose id and hash can be read until the index is reused. */
    void remove(int item) {
        indexes.remove(ids[item]);
        if (frees == free.length) {
            free = Arrays.copyOf(free, 2 * frees);
        }
        free[frees++] = item;
    }

    /** Nobody holds the index of a removed item any more. */
    void recycle() {
        recyclable = frees;
    }

    String id(int item) {
        return ids[item];
    }

    long hash(int item) {
        return hashes[item];
    }

    /** Number of items. */
    int size() {
        return indexes.size();
    }

    /** All indexes are below it. */
    int bound() {
        return bound;
    }

    private int takeFree() {
        int item = free[--recyclable];
        free[recyclable] = free[--frees];
        return item;
    }
}
