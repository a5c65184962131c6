package io.freshet.history;

/**
 * Updates what a user rejected: the last {@value #MOST} items that the user did not choose later in
 * event time, whichever of the two arrives first. Of a rejection and a choice at the same time the
 * rejection counts as the later one, because nobody returns what is not bought yet.
 */
final class Rejections {

    static final int MOST = 100;

    private Rejections() {}

    /**
     * Adds the rejection of an item, unless the user chose or rejected the item later.
     *
     * @return whether it was added
     */
    static boolean add(RejectionState rejections, String item, long timestamp, HistoryState user) {
        int choice = Timeline.lastChoice(user, item, Long.MAX_VALUE);
        boolean chosenLater = choice != Timeline.NONE && user.timestamps[choice] > timestamp;
        if (chosenLater || isRejected(rejections, item, timestamp)) {
            return false;
        }
        TimedItems others = of(rejections).without(item, timestamp);
        set(rejections, others.with(item, timestamp, MOST));
        return true;
    }

    /** Whether the item was rejected at a time or later, and not chosen since. */
    static boolean isRejected(RejectionState rejections, String item, long timestamp) {
        return of(rejections).has(item, timestamp, Long.MAX_VALUE);
    }

    /**
     * Drops the rejection of an item that the user chose at {@code timestamp}, if it is older.
     *
     * @return whether there was one
     */
    static boolean choose(RejectionState rejections, String item, long timestamp) {
        TimedItems before = of(rejections);
        TimedItems left = before.without(item, timestamp);
        set(rejections, left);
        return left != before;
    }

    private static TimedItems of(RejectionState rejections) {
        return new TimedItems(rejections.items, rejections.timestamps);
    }

    private static void set(RejectionState rejections, TimedItems all) {
        rejections.items = all.items();
        rejections.timestamps = all.timestamps();
    }
}
