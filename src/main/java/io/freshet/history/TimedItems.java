package io.freshet.history;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Items with a time each, ascending.
 *
 * @param items item ids
 * @param timestamps event time by position, milliseconds since the epoch
 */
record TimedItems(String[] items, long[] timestamps) {

    /** Whether an item has a time from {@code from} to {@code to}, inclusive. */
    boolean has(String item, long from, long to) {
        return IntStream.range(0, items.length)
                .anyMatch(
                        i -> timestamps[i] >= from && timestamps[i] <= to && items[i].equals(item));
    }

    /** These and another one, behind those of its time; of all, the last {@code most}. */
    TimedItems with(String item, long timestamp, int most) {
        int count = items.length;
        int place = count;
        while (place > 0 && timestamps[place - 1] > timestamp) {
            place--;
        }
        String[] moreItems = Timeline.withGap(items, place);
        long[] moreTimestamps = Timeline.withGap(timestamps, place);
        moreItems[place] = item;
        moreTimestamps[place] = timestamp;
        int from = Math.max(0, count + 1 - most);
        return new TimedItems(
                Arrays.copyOfRange(moreItems, from, count + 1),
                Arrays.copyOfRange(moreTimestamps, from, count + 1));
    }

    /** All but those of an item before a time, exclusive; itself if there are none. */
    TimedItems without(String item, long before) {
        return only(i -> timestamps[i] >= before || !items[i].equals(item));
    }

    /** Those at some positions; itself if these are all. */
    TimedItems only(IntPredicate kept) {
        int[] left = IntStream.range(0, items.length).filter(kept).toArray();
        return left.length == items.length
                ? this
                : new TimedItems(
                        Arrays.stream(left).mapToObj(i -> items[i]).toArray(String[]::new),
                        Arrays.stream(left).mapToLong(i -> timestamps[i]).toArray());
    }
}
