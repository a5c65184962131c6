package io.freshet.item;

import io.freshet.event.FollowerCounts;
import io.freshet.event.RecommendationRequest;

/** Requests as they leave a user's history. */
final class TestingRequests {

    private TestingRequests() {}

    static RecommendationRequest request(String userId, long timestamp, String... items) {
        return new RecommendationRequest(
                userId + ":0:" + timestamp,
                userId,
                timestamp,
                items,
                new long[items.length],
                new long[0],
                "",
                0,
                1,
                new String[0],
                new float[0],
                0,
                false,
                new String[0],
                new long[0],
                new FollowerCounts[0],
                9,
                new String[0],
                new long[0],
                new int[0][],
                null);
    }
}
