package io.freshet.event;

import java.util.List;

/**
 * A ranked list for one user.
 *
 * @param requestId the request it answers
 * @param userId the user
 * @param timestamp event time of the activity that asked, milliseconds since the epoch
 * @param servedAt wall-clock time of scoring, milliseconds since the epoch
 * @param modelVersion version that scored, 0 when none was live
 * @param path which way the list was made
 * @param items best first; empty only for {@link Path#FORGOTTEN} or when nothing is known at all
 * @param probeItem for a probe, the item that the user chose; else empty
 * @param partition source partition of the interaction that asked
 * @param offset source offset of the interaction that asked
 * @param trainedThrough highest source offset that the version was trained on, -1 if none
 * @param arrivedAt when the first interaction arrived that the list is made for, milliseconds since
 *     the epoch; 0 if not known
 */
public record RecommendationList(
        String requestId,
        String userId,
        long timestamp,
        long servedAt,
        long modelVersion,
        Path path,
        List<RecommendedItem> items,
        String probeItem,
        int partition,
        long offset,
        long trainedThrough,
        long arrivedAt) {

    /** A list for an interaction of which is not known when it arrived. */
    public RecommendationList(
            String requestId,
            String userId,
            long timestamp,
            long servedAt,
            long modelVersion,
            Path path,
            List<RecommendedItem> items,
            String probeItem,
            int partition,
            long offset,
            long trainedThrough) {
        this(
                requestId,
                userId,
                timestamp,
                servedAt,
                modelVersion,
                path,
                items,
                probeItem,
                partition,
                offset,
                trainedThrough,
                0);
    }

    /** Which way a list was made. */
    public enum Path {
        /** The live model scored the user's history. */
        PERSONAL,
        /** The user has no history yet that a live model was trained on. */
        COLD_START,
        /** The user was forgotten; consumers drop what they hold. */
        FORGOTTEN
    }

    /** Whether the list answers a probe and must not be served. */
    public boolean isProbe() {
        return !probeItem.isEmpty();
    }
}
