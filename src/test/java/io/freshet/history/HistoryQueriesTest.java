package io.freshet.history;

import static io.freshet.history.TestingInteractions.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.ItemHash;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.query.ItemFilter;
import io.freshet.event.query.Query;
import io.freshet.event.query.Query.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that somebody asks for. A history has 3 items; see {@link TestingHistoryConfig}. */
class HistoryQueriesTest {

    private static final long ASKED_AT = 77;

    @Test
    void aUsersListIsAskedForWithTheHistoryAndChangesNothing() throws Exception {
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(Duration.ofSeconds(1)))) {
            for (int i = 0; i < 4; i++) {
                history.interact("i" + i, 10 * i, i);
            }
            int timers = history.processingTimeTimers();

            history.query(query(Kind.PERSONAL, USER, 5));

            RecommendationRequest request = only(history.requests());
            assertThat(request.items()).containsExactly("i1", "i2", "i3");
            assertThat(request.timestamps()).containsExactly(10, 20, 30);
            assertThat(request.timestamp()).as("of the newest activity").isEqualTo(30);
            assertThat(request.arrivedAt()).isEqualTo(ASKED_AT);
            assertThat(request.isProbe()).isFalse();
            assertThat(history.processingTimeTimers()).isEqualTo(timers);
            history.processingTime(60_000);
            assertThat(only(history.requests()).query()).as("the list of activity").isNull();
        }
    }

    @Test
    void whoeverHasNoHistoryLeavesNoneBehind() throws Exception {
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(Duration.ZERO))) {
            history.watermark(500);

            history.query(query(Kind.PERSONAL, "nobody", 5));
            history.query(query(Kind.NEXT_IN_SESSION, "", 6, "a", "b", "c", "d"));

            List<RecommendationRequest> requests = history.requests();
            assertThat(requests).extracting(RecommendationRequest::timestamp).containsOnly(500L);
            assertThat(requests.get(0).items()).isEmpty();
            assertThat(requests.get(1).items()).containsExactly("b", "c", "d");
            assertThat(requests.get(1).timestamps()).containsExactly(500, 500, 500);
            assertThat(requests.get(1).userId()).isEmpty();
            history.snapshot();
            assertThat(history.usersWithHistory()).isEmpty();
        }
    }

    @Test
    void twoOfTheSameIdDoNotMixOnTheirWay() throws Exception {
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(Duration.ZERO))) {
            history.query(query(Kind.PERSONAL, USER, 5));
            history.query(query(Kind.PERSONAL, USER, 6));

            assertThat(history.requests())
                    .extracting(RecommendationRequest::requestId)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void anItemIsNotSimilarToItselfAndASessionMayRepeat() throws Exception {
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(Duration.ZERO))) {
            history.query(query(Kind.SIMILAR_ITEMS, "", 5, "a"));
            history.query(query(Kind.NEXT_IN_SESSION, "", 6, "a"));

            List<RecommendationRequest> requests = history.requests();
            assertThat(requests.get(0).seen()).containsExactly(ItemHash.of("a"));
            assertThat(requests.get(1).seen()).isEmpty();
        }
    }

    @Test
    void aSessionDoesNotRepeatWhereItemsAreConsumedOnce() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.consumingOnce())) {
            history.interact("had", 10, 0);
            history.requests();

            history.query(query(Kind.NEXT_IN_SESSION, USER, 6, "a"));

            assertThat(only(history.requests()).seen())
                    .as("of the session and of the user")
                    .containsExactlyInAnyOrder(ItemHash.of("a"), ItemHash.of("had"))
                    .isSorted();
        }
    }

    private static Query query(Kind kind, String user, long offset, String... items) {
        return new Query(
                "r",
                kind,
                user,
                List.of(items),
                0,
                ItemFilter.none(),
                false,
                0,
                0,
                offset,
                ASKED_AT);
    }

    private static RecommendationRequest only(List<RecommendationRequest> requests) {
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }
}
