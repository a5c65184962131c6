package io.freshet.history;

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
        TimedItems before = of(exposures);
        if (before.has(item, timestamp, timestamp)
                || new TimedItems(user.items, user.timestamps)
                        .has(item, timestamp, Long.MAX_VALUE)) {
            return false;
        }
        set(exposures, before.with(item, timestamp, MOST));
        return true;
    }

    /**
     * Drops the exposures of an item that the user chose at {@code timestamp}, up to then.
     *
     * @return whether there were any
     */
    static boolean choose(ExposureState exposures, String item, long timestamp) {
        TimedItems before = of(exposures);
        TimedItems left = before.without(item, timestamp + 1);
        set(exposures, left);
        return left != before;
    }

    private static TimedItems of(ExposureState exposures) {
        return new TimedItems(exposures.items, exposures.timestamps);
    }

    private static void set(ExposureState exposures, TimedItems all) {
        exposures.items = all.items();
        exposures.timestamps = all.timestamps();
    }
}
