package io.freshet.recommend.operator;

import io.freshet.event.RecommendationRequest;
import java.util.HashMap;
import java.util.Map;

/**
 * Whom a request came for after the request that forgets the user, though it was asked before.
 *
 * <p>A user's requests come by way of the items that were last, and so an older one may arrive
 * behind the request that forgets the user. It is dropped, or the tombstone would not be the last
 * word. What was asked for before the forget is ahead of the next barrier on every way, so nothing
 * of this needs to be remembered beyond it.
 */
final class ForgottenUsers {

    private final Map<String, Long> until = new HashMap<>();

    /** Whether a request may be answered; one that forgets its user always may. */
    boolean admit(RecommendationRequest request) {
        if (request.forget()) {
            until.merge(request.userId(), request.timestamp(), Math::max);
            return true;
        }
        Long forgotten = until.get(request.userId());
        return forgotten == null || request.timestamp() > forgotten;
    }

    /** A barrier has passed: no older request is on its way any more. */
    void clear() {
        until.clear();
    }
}
