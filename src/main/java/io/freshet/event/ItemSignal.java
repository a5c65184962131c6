package io.freshet.event;

import org.jspecify.annotations.Nullable;

/**
 * What the statistics of one item are told, in the order in which it happened. One flat record for
 * all kinds, because signals and requests must stay in order on one edge.
 *
 * @param itemId the item whose statistics are meant
 * @param kind what happened
 * @param timestamp event time in milliseconds since the epoch
 * @param follower for {@link Kind#FOLLOWED}, the item that came after; else empty
 * @param request for {@link Kind#ASKED}, the request that passes through; else null
 */
public record ItemSignal(
        String itemId,
        Kind kind,
        long timestamp,
        String follower,
        @Nullable RecommendationRequest request) {

    /** What happened to the item. */
    public enum Kind {
        /** A user interacted with it. */
        CHOSEN,
        /** A user who had it went on to another item. */
        FOLLOWED,
        /** A request of a user whose last item it is. */
        ASKED
    }

    /** A user interacted with the item. */
    public static ItemSignal chosen(String itemId, long timestamp) {
        return new ItemSignal(itemId, Kind.CHOSEN, timestamp, "", null);
    }

    /** A user who had the item went on to {@code follower}. */
    public static ItemSignal followed(String itemId, String follower, long timestamp) {
        return new ItemSignal(itemId, Kind.FOLLOWED, timestamp, follower, null);
    }

    /** A request passes through the statistics of the user's last item ("" if there is none). */
    public static ItemSignal asked(RecommendationRequest request) {
        String[] items = request.items();
        String last = items.length == 0 ? "" : items[items.length - 1];
        return new ItemSignal(last, Kind.ASKED, request.timestamp(), "", request);
    }
}
