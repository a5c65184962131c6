package io.freshet.history;

import io.freshet.event.FollowerCounts;
import io.freshet.event.Interaction;
import io.freshet.event.ItemHash;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.query.Query;
import io.freshet.event.query.Query.Kind;
import java.util.Arrays;
import java.util.List;

/**
 * Makes requests of a user's state. A request's id names the interaction that it comes from, so one
 * that is made again after a restart has the same id.
 */
final class Requests {

    private static final String[] NO_ITEMS = {};
    private static final float[] NO_COUNTS = {};
    private static final FollowerCounts[] NO_FOLLOWERS = {};
    private static final int[][] NO_ATTRIBUTES = {};

    private final Timeline timeline;
    private final int length;
    private final boolean consumeOnce;
    private final long responseMillis;

    /**
     * @param length most items in a request
     * @param consumeOnce whether nobody gets an item twice
     * @param responseMillis event time after an exposure in which a choice may respond to it
     */
    Requests(Timeline timeline, int length, boolean consumeOnce, long responseMillis) {
        this.timeline = timeline;
        this.length = length;
        this.consumeOnce = consumeOnce;
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
                timeline.attributes(user, from(user), user.items.length),
                null);
    }

    /**
     * A request for the list that a query asks for.
     *
     * @param user the query's; empty for a query without a user, as are the next three
     * @param reached event time that the job has reached, milliseconds
     */
    RecommendationRequest answering(
            Query query,
            HistoryState user,
            long[] seen,
            ExposureState exposures,
            RejectionState rejections,
            long reached) {
        boolean personal = query.kind() == Kind.PERSONAL;
        String[] items = personal ? user.items : query.items().toArray(NO_ITEMS);
        int from = Math.max(0, items.length - length);
        long activity = Math.max(newest(user.timestamps), newest(rejections.timestamps));
        long timestamp = Math.max(0, Math.max(activity, reached));
        return new RecommendationRequest(
                query.uniqueId(),
                query.userId(),
                timestamp,
                Arrays.copyOfRange(items, from, items.length),
                personal
                        ? Arrays.copyOfRange(user.timestamps, from, items.length)
                        : filled(items.length - from, timestamp),
                hidden(query, seen),
                "",
                query.partition(),
                query.offset(),
                NO_ITEMS,
                NO_COUNTS,
                0,
                false,
                exposures.items,
                exposures.timestamps,
                NO_FOLLOWERS,
                query.arrivedAt(),
                rejections.items,
                rejections.timestamps,
                personal ? timeline.attributes(user, from, items.length) : NO_ATTRIBUTES,
                query);
    }

    /** What the user had, and of the query's items those that the list must not repeat. */
    private long[] hidden(Query query, long[] seen) {
        boolean repeats = query.kind() == Kind.NEXT_IN_SESSION && !consumeOnce;
        List<String> items = repeats ? List.of() : query.items();
        long[] hidden = seen;
        for (String item : items) {
            hidden = HashSets.addSorted(hidden, ItemHash.of(item));
        }
        return hidden;
    }

    private static long[] filled(int length, long timestamp) {
        long[] timestamps = new long[length];
        Arrays.fill(timestamps, timestamp);
        return timestamps;
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
                timeline.attributes(user, from, before),
                null);
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
