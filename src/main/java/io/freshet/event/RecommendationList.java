package io.freshet.event;

import io.freshet.event.query.Occasion;
import io.freshet.event.query.Query;
import io.freshet.event.query.Unanswered;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ranked list.
 *
 * @param requestId the request it answers
 * @param userId the user; empty for the answer to a query without one
 * @param timestamp event time of the activity that asked, milliseconds since the epoch
 * @param servedAt wall-clock time of scoring, milliseconds since the epoch
 * @param modelVersion version that scored, 0 when none was live
 * @param path which way the list was made
 * @param items best first; empty only for {@link Path#FORGOTTEN}, {@link Path#UNANSWERED} or when
 *     nothing is known at all
 * @param probeItem for a probe, the item that the user chose; else empty
 * @param partition source partition of the interaction that asked
 * @param offset source offset of the interaction that asked
 * @param trainedThrough highest source offset that the version was trained on, -1 if none
 * @param arrivedAt when the first interaction arrived that the list is made for, milliseconds since
 *     the epoch; 0 if not known
 * @param kind what a query asked for; null for a list that activity leads to
 * @param unanswered why a query got no list; null if it did
 * @param basis what of the user it was made from, newest first; empty unless a query asked for it
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
        long arrivedAt,
        Query.@Nullable Kind kind,
        @Nullable Unanswered unanswered,
        List<Occasion> basis) {

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
                0,
                null,
                null,
                List.of());
    }

    /** The answer to a query that gets no list. */
    public static RecommendationList unanswered(
            RecommendationRequest request, Query query, Unanswered reason, long servedAt) {
        return new RecommendationList(
                query.requestId(),
                query.userId(),
                request.timestamp(),
                servedAt,
                0,
                Path.UNANSWERED,
                List.of(),
                "",
                request.partition(),
                request.offset(),
                -1,
                request.arrivedAt(),
                query.kind(),
                reason,
                List.of());
    }

    /** Which way a list was made. */
    public enum Path {
        /** The live model scored the user's history. */
        PERSONAL,
        /** The user has no history yet that a live model was trained on. */
        COLD_START,
        /** The user was forgotten; consumers drop what they hold. */
        FORGOTTEN,
        /** There is no list for a query, for a reason. */
        UNANSWERED
    }

    /** Whether the list answers a query, and replaces no other. */
    public boolean isAnswer() {
        return kind != null;
    }

    /** Whether the list answers a probe and must not be served. */
    public boolean isProbe() {
        return !probeItem.isEmpty();
    }
}
