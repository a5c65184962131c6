package io.freshet.history;

import io.freshet.event.FollowerCounts;
import io.freshet.event.Interaction;
import io.freshet.event.RecommendationRequest;
import java.util.Arrays;

/**
 * Makes requests of a user's state. Their ids name the interaction that they come from, so a
 * request made again after a restart has the id that it had before.
 */
final class Requests {

    private static final String[] NO_ITEMS = {};
    private static final float[] NO_COUNTS = {};
    private static final FollowerCounts[] NO_FOLLOWERS = {};

    private final int length;

    /**
     * @param length most items in a request
     */
    Requests(int length) {
        this.length = length;
    }

    /**
     * A request for a list that follows all that is known of the user.
     *
     * @param seen ascending hashes of the items that the user had, or empty
     * @param exposures what the user was shown and did not choose since
     */
    RecommendationRequest live(
            String userId, HistoryState user, long[] seen, ExposureState exposures) {
        return new RecommendationRequest(
                userId + ":" + user.lastPartition + ":" + user.lastOffset,
                userId,
                user.timestamps[user.timestamps.length - 1],
                lastItems(user),
                lastTimestamps(user),
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
                NO_FOLLOWERS);
    }

    /** A request just before the interaction, which is not in the user's state yet. */
    RecommendationRequest probe(
            Interaction next, HistoryState user, long[] seen, ExposureState exposures) {
        return new RecommendationRequest(
                next.userId() + ":" + next.partition() + ":" + next.offset() + ":probe",
                next.userId(),
                next.timestamp(),
                lastItems(user),
                lastTimestamps(user),
                seen,
                next.itemId(),
                next.partition(),
                next.offset(),
                NO_ITEMS,
                NO_COUNTS,
                0,
                false,
                exposures.items,
                exposures.timestamps,
                NO_FOLLOWERS);
    }

    private String[] lastItems(HistoryState user) {
        int count = user.items.length;
        return Arrays.copyOfRange(user.items, Math.max(0, count - length), count);
    }

    private long[] lastTimestamps(HistoryState user) {
        int count = user.timestamps.length;
        return Arrays.copyOfRange(user.timestamps, Math.max(0, count - length), count);
    }
}
