package io.freshet.recommend.item;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Items in the order of a number each, by a binary heap that finds an item's place. Equal numbers
 * are ordered by the items' hashes, so the order does not depend on indexes.
 */
final class ItemHeap {

    private static final int ABSENT = -1;
    private static final int FIRST_CAPACITY = 64;

    private final ItemIndex index;
    private int[] heap = new int[FIRST_CAPACITY];
    private int size;

    /** By item. */
    private int[] places = {};

    private double[] keys = {};

    ItemHeap(ItemIndex index) {
        this.index = index;
    }

    /** Makes room for indexes below {@code capacity}. */
    void grow(int capacity) {
        int before = places.length;
        places = Arrays.copyOf(places, capacity);
        keys = Arrays.copyOf(keys, capacity);
        Arrays.fill(places, before, capacity, ABSENT);
    }

    int size() {
        return size;
    }

    /** The first item, {@link ItemTable#NONE} if there is none. */
    int first() {
        return size == 0 ? ItemTable.NONE : heap[0];
    }

    /** The first item's number, positive infinity if there is none. */
    double firstKey() {
        return size == 0 ? Double.POSITIVE_INFINITY : keys[heap[0]];
    }

    /** Adds an item, or gives it another number. */
    void put(int item, double key) {
        keys[item] = key;
        if (places[item] == ABSENT) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            set(size++, item);
        }
        settle(item);
    }

    /** Removes an item if it is there. */
    void remove(int item) {
        int place = places[item];
        if (place == ABSENT) {
            return;
        }
        places[item] = ABSENT;
        int last = heap[--size];
        if (last != item) {
            set(place, last);
            settle(last);
        }
    }

    /**
     * Fills a list with the first items: the best by the negative of their numbers. None but those
     * and their children in the heap are looked at.
     *
     * @return how many were looked at
     */
    int first(TopItems list) {
        list.clear();
        int looked = offer(0, list);
        // what is offered from now on comes after the rank, as children come after their parents
        for (int rank = 0; rank < list.size(); rank++) {
            int child = 2 * places[list.item(rank)] + 1;
            looked += offer(child, list) + offer(child + 1, list);
        }
        return looked;
    }

    /**
     * Adds the first of some items to a list, as {@link #first(TopItems)} does. None but those that
     * come before the list's last one and their children in the heap are looked at, level by level.
     *
     * @param most how many are looked at before it gives up, so that a rare item may be missed
     * @return how many were looked at
     */
    int addFirst(TopItems list, IntPredicate wanted, int most) {
        int[] places = new int[FIRST_CAPACITY];
        int count = Math.min(size, 1);
        for (int next = 0; next < count && next < most; next++) {
            int item = heap[places[next]];
            if (!list.takes(-keys[item])) {
                continue;
            }
            if (wanted.test(item)) {
                list.offer(item, -keys[item], index.hash(item));
            }
            if (count + 2 > places.length) {
                places = Arrays.copyOf(places, 2 * count);
            }
            int child = 2 * places[next] + 1;
            for (int each = child; each < Math.min(size, child + 2); each++) {
                places[count++] = each;
            }
        }
        return count;
    }

    private int offer(int place, TopItems list) {
        if (place >= size) {
            return 0;
        }
        int item = heap[place];
        list.offer(item, -keys[item], index.hash(item));
        return 1;
    }

    private void settle(int item) {
        int place = places[item];
        while (place > 0 && before(item, heap[(place - 1) / 2])) {
            set(place, heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }
        for (int child = firstChild(place); child < size; child = firstChild(place)) {
            if (!before(heap[child], item)) {
                break;
            }
            set(place, heap[child]);
            place = child;
        }
        set(place, item);
    }

    private int firstChild(int place) {
        int left = 2 * place + 1;
        return left + 1 < size && before(heap[left + 1], heap[left]) ? left + 1 : left;
    }

    private void set(int place, int item) {
        heap[place] = item;
        places[item] = place;
    }

    private boolean before(int item, int other) {
        return keys[item] < keys[other]
                || (keys[item] == keys[other] && index.hash(item) < index.hash(other));
    }
}
