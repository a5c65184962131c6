package io.freshet.history;

import static io.freshet.history.TestingHistoryConfig.IMPRESSION;
import static io.freshet.history.TestingHistoryConfig.RETURN;
import static io.freshet.history.TestingInteractions.USER;
import static io.freshet.history.TestingInteractions.interaction;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.Removal;
import io.freshet.event.TrainingSequence;
import io.freshet.event.TrainingSignal;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/**
 * What state keeps, over restores, and what it drops. Panes end at multiples of 100 ms; a history
 * has 3 items; see {@link TestingHistoryConfig}.
 */
class HistoryLifeTest {

    private static final Duration DEBOUNCE = Duration.ofSeconds(1);
    private static final long FIRST_PANE_CLOSED = 99;

    @Test
    void dropsDuplicatesEvenAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.probing(1, 0))) {
            history.interact("a", 10, 0);
            history.interact("b", 20, 1);
            history.signals();
            history.interact("b", 20, 1);
            assertThat(history.signals()).as("no probe either").isEmpty();
            state = history.snapshot();
        }
        try (TestingHistory history =
                TestingHistory.restore(TestingHistoryConfig.probing(1, 0), state)) {
            history.interact("a", 10, 0);
            history.process(interaction("bob", "a", 10, 0));
            assertThat(history.signals())
                    .as("ids are per user")
                    .containsExactly(ItemSignal.chosen("a", 10));

            history.watermark(FIRST_PANE_CLOSED);
            assertThat(history.sequences())
                    .filteredOn(sequence -> sequence.userId().equals(USER))
                    .singleElement()
                    .satisfies(sequence -> assertThat(sequence.items()).containsExactly("a", "b"));
        }
    }

    @Test
    void forgetsTheOldestEventIds() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            for (int i = 0; i <= TestingHistoryConfig.REMEMBERED_EVENTS; i++) {
                history.interact("i" + i, i, i);
            }
            history.signals();

            history.interact("i1", 1, 1);
            assertThat(history.signals()).isEmpty();
            history.interact("i0", 0, 0);
            assertThat(history.signals()).isNotEmpty();
        }
    }

    @Test
    void anOpenPaneSurvivesARestore() throws Exception {
        OperatorSubtaskState state;
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            state = history.snapshot();
        }
        try (TestingHistory history = TestingHistory.restore(TestingHistoryConfig.quiet(), state)) {
            history.interact("b", 20, 1);
            history.watermark(FIRST_PANE_CLOSED);

            TrainingSequence sequence = only(history.sequences());
            assertThat(sequence.items()).containsExactly("a", "b");
            assertThat(sequence.offsets()).containsExactly(0, 1);
        }
    }

    @Test
    void aRequestThatWasDueSurvivesARestore() throws Exception {
        OperatorSubtaskState state;
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(DEBOUNCE))) {
            history.interact("a", 10, 0);
            state = history.snapshot();
        }
        try (TestingHistory history =
                TestingHistory.restore(TestingHistoryConfig.serving(DEBOUNCE), state)) {
            history.processingTime(60_000);
            assertThat(only(history.requests()).requestId()).isEqualTo("ann:0:0");
        }
    }

    @Test
    void aForgottenUserLeavesMarkersAndNothingElse() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.consumingOnce())) {
            history.interact("a", 10, 0);
            history.process(interaction("bob", "x", 10, 1));
            history.signals();

            history.forget(USER, 50);

            RecommendationRequest request = only(history.requests());
            assertThat(request.forget()).isTrue();
            assertThat(request.userId()).isEqualTo(USER);
            assertThat(only(history.trainingRecords()).getValue())
                    .isEqualTo(TrainingSignal.of(Control.forget("c1", USER, 50)));
            assertThat(history.usersWithHistory()).containsExactly("bob");
            assertThat(history.usersWithSeenItems()).containsExactly("bob");
        }
    }

    @Test
    void forgettingReportsWhatWasRemoved() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.consumingOnce())) {
            history.processingTime(5_000);
            history.interact("a", 10, 0);
            history.interact("b", 20, 1);
            history.process(new Interaction("e", USER, "c", IMPRESSION, Float.NaN, 30, 0, 2));
            history.process(new Interaction("f", USER, "b", RETURN, Float.NaN, 40, 0, 3));
            history.forget(USER, 50);
            history.forget("nobody", 50);

            assertThat(history.reports().get(0).removed())
                    .containsExactly(
                            new Removal(Removal.Place.HISTORY, 2, 5_000),
                            new Removal(Removal.Place.SEEN_ITEMS, 2, 5_000),
                            new Removal(Removal.Place.EXPOSURES, 1, 5_000),
                            new Removal(Removal.Place.REJECTIONS, 1, 5_000));
            assertThat(history.reports().get(1).removed())
                    .extracting(Removal::count)
                    .containsOnly(0L);
        }
    }

    @Test
    void whatIsOlderThanTheForgettingIsDroppedThoughItComesLater() throws Exception {
        OperatorSubtaskState state;
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.timeToLiveClock(0);
            history.interact("a", 80, 0);
            history.forget(USER, 50);
            history.forget("early", 50);
            history.signals();
            history.sequences();
            state = history.snapshot();
        }
        try (TestingHistory history = TestingHistory.restore(TestingHistoryConfig.quiet(), state)) {
            history.timeToLiveClock(0);
            history.process(interaction("early", "a", 50, 3));
            history.interact("a", 80, 0);
            history.process(new Interaction("e", USER, "c", IMPRESSION, Float.NaN, 79, 0, 2));
            assertThat(history.signals()).isEmpty();
            assertThat(history.usersWithHistory()).isEmpty();
            assertThat(history.usersWithExposures()).isEmpty();

            history.process(interaction("early", "b", 51, 4));
            history.interact("b", 81, 5);
            assertThat(history.usersWithHistory()).containsExactlyInAnyOrder("early", USER);
            assertThat(history.usersWithMarks()).containsExactlyInAnyOrder("early", USER);

            history.timeToLiveClock(TestingHistoryConfig.FORGOTTEN_TTL.toMillis() + 1);
            history.interact("a", 70, 6);
            assertThat(history.signals()).as("the mark has expired").isNotEmpty();
        }
    }

    @Test
    void timersOfAForgottenUserHaveNoEffect() throws Exception {
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(DEBOUNCE))) {
            history.processingTime(5_000);
            history.interact("a", 10, 0);
            history.forget(USER, 50);
            history.forget("nobody", 50);
            history.sequences();
            history.signals();

            history.processingTime(5_500);
            history.interact("b", 60, 1);
            history.signals();
            history.processingTime(6_000);
            assertThat(history.requests()).as("the first debounce has no effect").isEmpty();
            history.processingTime(6_500);
            assertThat(only(history.requests()).items()).containsExactly("b");

            history.forget(USER, 70);
            history.sequences();
            history.watermark(1_000);
            history.processingTime(60_000);
            assertThat(history.sequences()).isEmpty();
            assertThat(history.requests()).filteredOn(request -> !request.forget()).isEmpty();
            assertThat(history.eventTimeTimers() + history.processingTimeTimers()).isZero();
        }
    }

    @Test
    void expiredUsersAreForgottenAndTheirTimersDoNothing() throws Exception {
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(DEBOUNCE))) {
            history.timeToLiveClock(0);
            history.interact("a", 10, 0);
            history.signals();
            history.timeToLiveClock(TestingHistoryConfig.TTL.toMillis() + 1);

            history.watermark(1_000);
            history.processingTime(60_000);
            assertThat(history.sequences()).isEmpty();
            assertThat(history.requests()).isEmpty();

            history.interact("b", 1_010, 1);
            assertThat(history.signals())
                    .as("nothing before it")
                    .containsExactly(ItemSignal.chosen("b", 1_010));
        }
    }

    @Test
    void stateHasOneEntryPerUserHoweverMuchHappens() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            for (int i = 0; i < 300; i++) {
                Interaction interaction = interaction("user" + i % 3, "i" + i, 10L * i, i);
                history.process(interaction);
                history.watermark(10L * i);
            }

            assertThat(history.usersWithHistory())
                    .containsExactlyInAnyOrder("user0", "user1", "user2");
            assertThat(history.usersWithSeenItems()).isEmpty();
            assertThat(history.eventTimeTimers()).isLessThanOrEqualTo(3);
        }
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
