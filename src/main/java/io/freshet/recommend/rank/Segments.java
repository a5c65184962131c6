package io.freshet.recommend.rank;

import io.freshet.event.RecommendationRequest;

/**
 * Kinds of requests for which the sources are worth different amounts: by how long the history is,
 * by how much is known of what follows its last item, and apart from both, all that no model
 * scored.
 */
public final class Segments {

    /** Number of segments. */
    public static final int COUNT = 7;

    private static final int SHORT_HISTORY = 3;
    private static final int LONG_HISTORY = 10;
    private static final int MANY_FOLLOWERS = 20;
    private static final int NOT_SCORED = COUNT - 1;

    private Segments() {}

    /** The request's segment, from 0. */
    public static int of(RecommendationRequest request, boolean scored) {
        if (!scored) {
            return NOT_SCORED;
        }
        int length = request.items().length;
        int byLength = length < SHORT_HISTORY ? 0 : length < LONG_HISTORY ? 1 : 2;
        return 2 * byLength + (request.followerTotal() < MANY_FOLLOWERS ? 0 : 1);
    }
}
