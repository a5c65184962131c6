package io.freshet.history;

import io.freshet.event.FollowerCounts;
import io.freshet.event.Interaction;
import io.freshet.event.RecommendationRequest;
import java.util.Arrays;

/**
 * Makes requests of a user's state. A request's id names the interaction that it comes from, so one
 * that is made again after a restart has the same id.
 */
final class Requests {

    private static final String[] NO_ITEMS = {};
    private static final float[] NO_COUNTS = {};
    private static final FollowerCounts[] NO_FOLLOWERS = {};

    private final Timeline timeline;
    private final int length;
    private final long responseMillis;

    /**
     * @param length most items in a request
     * @param responseMillis event time after an exposure in which a choice may respond to it
     */
    Requests(Timeline timeline, int length, long responseMillis) {
        this.timeline = timeline;
        this.length = length;
        this.responseMillis = responseMillis;
    }

    /**
     * A request for a list after all of the user's interactions.
     *
     * @param seen ascending hashes of the user's items, or empty
     * @param exposures what the user was shown and did not choose since
     * @param rejections what the user rejected and did not choose since
     */
    RecommendationRequest live(
            String userId,
            HistoryState user,
            long[] seen,
            ExposureState exposures,
            RejectionState rejections) {
        return new RecommendationRequest(
                userId + ":" + user.lastPartition + ":" + user.lastOffset,
                userId,
                Math.max(newest(user.timestamps), newest(rejections.timestamps)),
                Arrays.copyOfRange(user.items, from(user), user.items.length),
                Arrays.copyOfRange(user.timestamps, from(user), user.timestamps.length),
                seen,
                "",
                user.lastPartition,
                user.lastOffset,
                NO_ITEMS,
                NO_COUNTS,
                0,
                false,
                exposures.items,
                exposures.timestamps,
                NO_FOLLOWERS,
                user.waitingSince,
                rejections.items,
                rejections.timestamps,
                timeline.attributes(user, from(user), user.items.length));
    }

    /**
     * A request just before the interaction, which is not in the user's state yet; of a late one,
     * without what the user did, was shown or rejected since in event time. Exposures to which the
     * interaction may be the response are left out: the list that led to them was made before.
     */
    RecommendationRequest probe(
            Interaction next,
            HistoryState user,
            long[] seen,
            ExposureState exposures,
            RejectionState rejections) {
        int before = upTo(next.timestamp(), user.timestamps);
        int from = Math.max(0, before - length);
        int shown = upTo(next.timestamp() - responseMillis - 1, exposures.timestamps);
        int rejected = upTo(next.timestamp(), rejections.timestamps);
        return new RecommendationRequest(
                next.userId() + ":" + next.partition() + ":" + next.offset() + ":probe",
                next.userId(),
                next.timestamp(),
                Arrays.copyOfRange(user.items, from, before),
                Arrays.copyOfRange(user.timestamps, from, before),
                seen,
                next.itemId(),
                next.partition(),
                next.offset(),
                NO_ITEMS,
                NO_COUNTS,
                0,
                false,
                Arrays.copyOf(exposures.items, shown),
                Arrays.copyOf(exposures.timestamps, shown),
                NO_FOLLOWERS,
                next.arrivedAt(),
                Arrays.copyOf(rejections.items, rejected),
                Arrays.copyOf(rejections.timestamps, rejected),
                timeline.attributes(user, from, before));
    }

    /** How many of ascending timestamps are not later. */
    private static int upTo(long timestamp, long[] ascending) {
        int count = ascending.length;
        while (count > 0 && ascending[count - 1] > timestamp) {
            count--;
        }
        return count;
    }

    private static long newest(long[] ascending) {
        return ascending.length == 0 ? Long.MIN_VALUE : ascending[ascending.length - 1];
    }

    /** Where the positions of a request begin. */
    private int from(HistoryState user) {
        return Math.max(0, user.items.length - length);
    }
}
