package io.freshet.event;

import org.jspecify.annotations.Nullable;

/**
 * The part of a request that hops through the statistics of one of the user's last items. The parts
 * part ways by item, and are put together again by user.
 *
 * @param requestId the request that it is a part of
 * @param userId the request's {@linkplain RecommendationRequest#key key}: its user, or, of a query
 *     without one, an identity of its own
 * @param hop which item it hops through: 0 for the user's last, 1 for the one before, and so on
 * @param hops how many parts the request has, at least 1
 * @param request the request itself, which travels with hop 0; else null
 * @param followers what followed the item; nothing until the hop is made
 */
public record RequestPart(
        String requestId,
        String userId,
        int hop,
        int hops,
        @Nullable RecommendationRequest request,
        FollowerCounts followers) {

    /** This part with what followed its item. */
    public RequestPart answered(FollowerCounts counts) {
        return new RequestPart(requestId, userId, hop, hops, request, counts);
    }
}
