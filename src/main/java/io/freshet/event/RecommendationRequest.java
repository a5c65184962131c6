package io.freshet.event;

/**
 * A wish for a fresh list for one user, with all that scoring needs to know of the user. It leaves
 * the user's history, hops through the statistics of the user's last item, which fill the three
 * {@code follower} components, and ends in the recommender.
 *
 * <p>A <em>probe</em> is a request made just before an interaction is applied, so that the list can
 * be compared with what the user then did (test, then train). It is scored like any other, and goes
 * to the evaluations instead of the recommendations.
 *
 * @param requestId identity of the request, stable over restarts; that of the control that a forget
 *     answers
 * @param userId the user
 * @param timestamp event time of the activity that asked, milliseconds since the epoch
 * @param items the user's last items in event-time order, oldest first
 * @param timestamps event time by position in {@code items}, milliseconds since the epoch
 * @param seen 64-bit hashes ({@link ItemHash}) of every item the user ever had, ascending; empty
 *     unless items are consumed once
 * @param probeItem the item that the user is about to choose, or empty when this is no probe
 * @param partition source partition of the interaction that asked
 * @param offset source offset of the interaction that asked
 * @param followers items that followed the user's last item, most frequent first
 * @param followerCounts decayed count by follower
 * @param followerTotal decayed count of all that followed the last item
 * @param forget whether the user was forgotten: the answer is an empty list, and nothing else is
 *     set
 * @param exposed items that the user was shown lately and did not choose since, once for each time
 * @param exposedAt event time by position in {@code exposed}, milliseconds since the epoch
 */
public record RecommendationRequest(
        String requestId,
        String userId,
        long timestamp,
        String[] items,
        long[] timestamps,
        long[] seen,
        String probeItem,
        int partition,
        long offset,
        String[] followers,
        float[] followerCounts,
        float followerTotal,
        boolean forget,
        String[] exposed,
        long[] exposedAt) {

    /** State that was written before there were exposures reads as having none. */
    public RecommendationRequest {
        exposed = exposed == null ? new String[0] : exposed;
        exposedAt = exposedAt == null ? new long[0] : exposedAt;
    }

    /**
     * The answer to a forget-user control: an empty list that tells consumers to drop the user's.
     *
     * @param timestamp event time up to which the user is forgotten, milliseconds since the epoch
     */
    public static RecommendationRequest forget(String controlId, String userId, long timestamp) {
        return new RecommendationRequest(
                controlId,
                userId,
                timestamp,
                new String[0],
                new long[0],
                new long[0],
                "",
                0,
                -1,
                new String[0],
                new float[0],
                0,
                true,
                new String[0],
                new long[0]);
    }

    /** Whether the list is to be compared with what the user did next, not to be served. */
    public boolean isProbe() {
        return !probeItem.isEmpty();
    }

    /** This request with the statistics of the user's last item. */
    public RecommendationRequest withFollowers(String[] items, float[] counts, float total) {
        return new RecommendationRequest(
                requestId,
                userId,
                timestamp,
                this.items,
                timestamps,
                seen,
                probeItem,
                partition,
                offset,
                items,
                counts,
                total,
                forget,
                exposed,
                exposedAt);
    }
}
