package io.freshet.history;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Updates a user's exposures: the last {@value #MOST} that no choice of the same item followed in
 * event time, whichever of the two arrives first.
 */
final class Exposures {

    private static final int MOST = 50;

    private Exposures() {}

    /**
     * Adds an exposure of an item, unless the user chose the item then or later, or the same
     * exposure was added before.
     *
     * @return whether it was added
     */
    static boolean add(ExposureState exposures, String item, long timestamp, HistoryState user) {
        if (happened(exposures.items, exposures.timestamps, item, timestamp, timestamp)
                || happened(user.items, user.timestamps, item, timestamp, Long.MAX_VALUE)) {
            return false;
        }
        int count = exposures.items.length;
        int place = count;
        while (place > 0 && exposures.timestamps[place - 1] > timestamp) {
            place--;
        }
        String[] items = Timeline.withGap(exposures.items, place);
        long[] timestamps = Timeline.withGap(exposures.timestamps, place);
        items[place] = item;
        timestamps[place] = timestamp;
        int from = Math.max(0, count + 1 - MOST);
        exposures.items = Arrays.copyOfRange(items, from, count + 1);
        exposures.timestamps = Arrays.copyOfRange(timestamps, from, count + 1);
        return true;
    }

    /**
     * Drops the exposures of an item that the user chose at {@code timestamp}, up to then.
     *
     * @return whether there were any
     */
    static boolean choose(ExposureState exposures, String item, long timestamp) {
        int[] left =
                IntStream.range(0, exposures.items.length)
                        .filter(
                                i ->
                                        exposures.timestamps[i] > timestamp
                                                || !exposures.items[i].equals(item))
                        .toArray();
        if (left.length == exposures.items.length) {
            return false;
        }
        String[] items = exposures.items;
        long[] timestamps = exposures.timestamps;
        exposures.items = Arrays.stream(left).mapToObj(i -> items[i]).toArray(String[]::new);
        exposures.timestamps = Arrays.stream(left).mapToLong(i -> timestamps[i]).toArray();
        return true;
    }

    private static boolean happened(
            String[] items, long[] timestamps, String item, long from, long to) {
        return IntStream.range(0, items.length)
                .anyMatch(
                        i -> timestamps[i] >= from && timestamps[i] <= to && items[i].equals(item));
    }
}
