package io.freshet.history;

import static io.freshet.history.TestingHistoryConfig.IMPRESSION;
import static io.freshet.history.TestingInteractions.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Interaction;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.ResponseSignal;
import io.freshet.event.TrainingSequence;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/**
 * Interactions in which a user was only shown an item; impressions, in {@link
 * TestingHistoryConfig}.
 */
class HistoryExposuresTest {

    @Test
    void areNoFeedback() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.probing(1, 0))) {
            history.interact("a", 10, 0);
            history.signals();

            show(history, "b", 20, 1);

            assertThat(history.signals()).as("neither signalled nor probed").isEmpty();
            history.interact("c", 30, 2);
            assertThat(history.signals()).contains(ItemSignal.followed("a", "c", 30)).hasSize(3);
            history.watermark(99);
            List<TrainingSequence> sequences = history.sequences();
            assertThat(sequences).hasSize(1);
            assertThat(sequences.get(0).items()).containsExactly("a", "c");
            assertThat(sequences.get(0).offsets()).containsExactly(0, 2);
        }
    }

    @Test
    void leaveWithTheResponsesToThem() throws Exception {
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(Duration.ZERO))) {
            show(history, "b", 5, 0);
            history.interact("b", 10, 1);
            history.interact("b", 10, 1); // a duplicate
            history.forget(TestingInteractions.USER, 20);
            show(history, "late", 15, 2);

            assertThat(history.responses())
                    .extracting(HistoryExposuresTest::said)
                    .containsExactly("shown b", "chosen b", "forgotten");
        }
    }

    @Test
    void travelWithRequestsUntilTheItemIsChosen() throws Exception {
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(Duration.ZERO))) {
            show(history, "b", 5, 0);
            show(history, "c", 5, 1);
            assertThat(history.requests()).as("an exposure makes no request").isEmpty();

            history.interact("a", 10, 2);
            RecommendationRequest request = only(history.requests());
            assertThat(request.exposed()).containsExactly("b", "c");
            assertThat(request.exposedAt()).containsExactly(5, 5);

            history.interact("b", 20, 3);
            assertThat(only(history.requests()).exposed()).containsExactly("c");
        }
    }

    @Test
    void aProbeSeesThoseBeforeTheChoice() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.probing(1, 0))) {
            history.interact("a", 10, 0);
            show(history, "b", 15, 1);

            history.interact("b", 20, 2);

            assertThat(only(history.requests()).exposed()).containsExactly("b");
        }
    }

    @Test
    void theirEventIdsDoNotDisplaceThoseOfFeedback() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            for (int i = 1; i <= 2 * TestingHistoryConfig.REMEMBERED_EVENTS; i++) {
                show(history, "b", 10 + i, i);
            }
            history.signals();

            history.interact("a", 10, 0);

            assertThat(history.signals()).isEmpty();
        }
    }

    @Test
    void surviveARestoreAndAreForgottenWithTheUser() throws Exception {
        OperatorSubtaskState state;
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(Duration.ZERO))) {
            show(history, "b", 5, 0);
            state = history.snapshot();
        }
        try (TestingHistory history =
                TestingHistory.restore(TestingHistoryConfig.serving(Duration.ZERO), state)) {
            assertThat(history.usersWithExposures()).containsExactly(USER);
            history.interact("a", 10, 1);
            assertThat(only(history.requests()).exposed()).containsExactly("b");

            history.forget(USER, 50);

            assertThat(history.usersWithExposures()).isEmpty();
        }
    }

    private static void show(TestingHistory history, String item, long timestamp, long offset)
            throws Exception {
        history.process(
                new Interaction(
                        "event-" + offset,
                        USER,
                        item,
                        IMPRESSION,
                        Float.NaN,
                        timestamp,
                        0,
                        offset));
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }

    private static String said(ResponseSignal signal) {
        if (signal.exposure() != null) {
            return "shown " + signal.exposure().itemId();
        }
        return signal.response() == null ? "forgotten" : "chosen " + signal.response().itemId();
    }
}
