package io.freshet.item;

import io.freshet.event.RecommendationRequest;

/** Requests as they leave a user's history. */
final class TestingRequests {

    private TestingRequests() {}

    static RecommendationRequest request(String userId, long timestamp, String lastItem) {
        return new RecommendationRequest(
                userId + ":0:1",
                userId,
                timestamp,
                new String[] {lastItem},
                new long[] {timestamp},
                new long[0],
                "",
                0,
                1,
                new String[0],
                new float[0],
                0,
                false,
                new String[0],
                new long[0]);
    }
}
