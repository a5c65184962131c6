package io.freshet.history;

import static io.freshet.history.TestingHistoryConfig.LOOK;
import static io.freshet.history.TestingHistoryConfig.RETURN;
import static io.freshet.history.TestingHistoryConfig.TRY;
import static io.freshet.history.TestingHistoryConfig.TRY_WEIGHT;
import static io.freshet.history.TestingInteractions.USER;
import static io.freshet.history.TestingInteractions.rated;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.HistoryConfig;
import io.freshet.event.Interaction;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.TrainingSequence;
import io.freshet.runtime.attribute.PositionAttributes;
import io.freshet.training.window.WholeHistory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** What interactions of other roles than a full choice become; see {@link TestingHistoryConfig}. */
class HistoryFeedbackTest {

    private static final long PANE_CLOSED = 99;
    private static final String BUY = "buy";

    @Test
    void aTypesWeightIsThatOfItsSignalsAndItsTarget() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            history.signals();
            act(history, TRY, "b", 20, 1);

            assertThat(history.signals())
                    .containsExactly(
                            ItemSignal.followed("a", "b", 20, TRY_WEIGHT),
                            ItemSignal.chosen("b", 20, TRY_WEIGHT));
            history.watermark(PANE_CLOSED);
            assertThat(only(history.sequences()).weights()).containsExactly(1, TRY_WEIGHT);
        }
    }

    @Test
    void contextIsAPositionThatCountsNowhereAndIsNotProbed() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.probing(1, 0))) {
            history.interact("a", 10, 0);
            history.signals();

            act(history, LOOK, "b", 20, 1);
            assertThat(history.signals()).isEmpty();

            history.interact("c", 30, 2);
            assertThat(history.signals())
                    .filteredOn(signal -> signal.kind() != ItemSignal.Kind.ASKED)
                    .containsExactly(ItemSignal.followed("b", "c", 30), ItemSignal.chosen("c", 30));
            history.watermark(PANE_CLOSED);
            TrainingSequence sequence = only(history.sequences());
            assertThat(sequence.items()).containsExactly("a", "b", "c");
            assertThat(sequence.fresh()).containsExactly(0, 1, 2);
            assertThat(sequence.weights()).containsExactly(1, 0, 1);
        }
    }

    @Test
    void furtherTypesOnTheNewestItemAreOfTheSameChoice() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            history.signals();
            act(history, LOOK, "b", 20, 1);
            act(history, TRY, "b", 30, 2);
            act(history, BUY, "b", 40, 3);
            assertThat(history.signals())
                    .as("counted as what it is by now")
                    .containsExactly(
                            ItemSignal.followed("a", "b", 30, TRY_WEIGHT),
                            ItemSignal.chosen("b", 30, TRY_WEIGHT),
                            ItemSignal.followed("a", "b", 30, TRY_WEIGHT).takenBack(40),
                            ItemSignal.chosen("b", 30, TRY_WEIGHT).takenBack(40),
                            ItemSignal.followed("a", "b", 40),
                            ItemSignal.chosen("b", 40));

            act(history, "like", "b", 45, 4);
            assertThat(history.signals()).as("it counts in full already").isEmpty();

            act(history, BUY, "b", 50, 5);
            assertThat(history.signals())
                    .as("bought once more")
                    .containsExactly(ItemSignal.followed("b", "b", 50), ItemSignal.chosen("b", 50));
            history.watermark(PANE_CLOSED);
            TrainingSequence sequence = only(history.sequences());
            assertThat(sequence.items()).containsExactly("a", "b", "b");
            assertThat(sequence.timestamps()).containsExactly(10, 40, 50);
            assertThat(sequence.offsets()).containsExactly(0, 3, 5);
        }
    }

    @Test
    void whatIsChosenAfterItsLookHasLeftIsATargetOfTheNextSequence() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            act(history, LOOK, "b", 20, 1);
            history.watermark(PANE_CLOSED);
            assertThat(only(history.sequences()).weights()).containsExactly(1, 0);
            OperatorSubtaskState snapshot = history.snapshot();

            try (TestingHistory restored =
                    TestingHistory.restore(TestingHistoryConfig.quiet(), snapshot)) {
                act(restored, BUY, "b", 120, 2);
                restored.watermark(2 * PANE_CLOSED + 1);

                TrainingSequence sequence = only(restored.sequences());
                assertThat(sequence.items()).containsExactly("a", "b");
                assertThat(sequence.fresh()).containsExactly(1);
                assertThat(sequence.weights()).containsExactly(1, 1);
                assertThat(sequence.offsets()).containsExactly(2);
            }
        }
    }

    @Test
    void whatComesLateOrWithoutATypeIsAPositionOfItsOwn() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            act(history, BUY, "a", 20, 0);
            act(history, LOOK, "a", 10, 1);
            act(history, "", "a", 30, 2);
            act(history, BUY, "a", 40, 3);

            history.watermark(PANE_CLOSED);
            assertThat(only(history.sequences()).timestamps()).containsExactly(10, 20, 30, 40);
        }
    }

    @Test
    void whatALookHasAnnouncedIsProbedByTheProtocolOfAReplayAlone() throws Exception {
        assertThat(probed(TestingHistoryConfig.servingAndProbing())).containsExactly("b", "c");
        assertThat(probed(TestingHistoryConfig.probing(1, 0))).containsExactly("b", "b", "c");
    }

    private static List<String> probed(HistoryConfig config) throws Exception {
        try (TestingHistory history = TestingHistory.start(config)) {
            history.interact("a", 10, 0);
            act(history, TRY, "b", 20, 1);
            act(history, BUY, "b", 30, 2);
            act(history, LOOK, "c", 40, 3);
            act(history, LOOK, "d", 50, 4);
            act(history, BUY, "c", 60, 5);
            return history.requests().stream()
                    .filter(RecommendationRequest::isProbe)
                    .map(RecommendationRequest::probeItem)
                    .toList();
        }
    }

    @Test
    void contextAsksForAList() throws Exception {
        try (TestingHistory history = serving()) {
            act(history, LOOK, "a", 10, 0);

            assertThat(only(history.requests()).items()).containsExactly("a");
        }
    }

    @Test
    void aRejectionIsInTheNextRequestAndNoPosition() throws Exception {
        try (TestingHistory history = serving()) {
            history.interact("a", 10, 0);
            history.requests();

            act(history, RETURN, "a", 20, 1);

            RecommendationRequest request = only(history.requests());
            assertThat(request.items()).containsExactly("a");
            assertThat(request.rejected()).containsExactly("a");
            assertThat(request.rejectedAt()).containsExactly(20);
            assertThat(request.timestamp()).isEqualTo(20);
            assertThat(request.offset()).isEqualTo(1);
        }
    }

    @Test
    void aLowRatingRejects() throws Exception {
        try (TestingHistory history = serving()) {
            history.process(rated("a", 1.5f, 10, 0));

            RecommendationRequest request = only(history.requests());
            assertThat(request.items()).isEmpty();
            assertThat(request.rejected()).containsExactly("a");
        }
    }

    @Test
    void aLaterChoiceEndsARejectionAndALateRejectionFromBeforeItDoesNothing() throws Exception {
        try (TestingHistory history = serving()) {
            act(history, RETURN, "a", 10, 0);
            history.interact("a", 20, 1);
            assertThat(history.requests().get(1).rejected()).isEmpty();

            act(history, RETURN, "a", 15, 2);

            assertThat(history.requests()).as("nothing changed").isEmpty();
            history.interact("b", 30, 3);
            assertThat(only(history.requests()).rejected()).isEmpty();
        }
    }

    @Test
    void aBetterRatingEndsARejectionAndAWorseOneRejects() throws Exception {
        try (TestingHistory history = serving()) {
            history.process(rated("a", 1, 10, 0));
            history.process(rated("a", 5, 20, 1));
            assertThat(history.requests().get(1).rejected()).isEmpty();

            history.process(rated("a", 1, 30, 2));

            assertThat(only(history.requests()).rejected()).containsExactly("a");
        }
    }

    @Test
    void aRejectionTakesBackTheLastChoiceBeforeIt() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            act(history, TRY, "b", 20, 1);
            history.interact("c", 30, 2);
            history.signals();

            act(history, RETURN, "b", 40, 3);

            assertThat(history.signals())
                    .containsExactly(
                            ItemSignal.followed("a", "b", 20, TRY_WEIGHT).takenBack(40),
                            ItemSignal.chosen("b", 20, TRY_WEIGHT).takenBack(40));
            act(history, RETURN, "b", 50, 4);
            assertThat(history.signals()).as("taken back once").isEmpty();
            history.watermark(PANE_CLOSED);
            TrainingSequence sequence = only(history.sequences());
            assertThat(sequence.items()).containsExactly("a", "b", "c");
            assertThat(sequence.weights()).as("no target any more").containsExactly(1, 0, 1);
        }
    }

    @Test
    void aRejectionIsTrainedUnlessItsItemIsChosenAgain() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            act(history, RETURN, "a", 20, 1);
            act(history, RETURN, "b", 30, 2);
            history.interact("b", 40, 3);

            history.watermark(PANE_CLOSED);

            TrainingSequence sequence = only(history.sequences());
            assertThat(sequence.rejected()).containsExactly("a");
            assertThat(sequence.rejectedAfter()).containsExactly(1);
        }
    }

    @Test
    void aChoiceThatArrivesAfterItsRejectionNeverCounts() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            act(history, RETURN, "a", 40, 0);

            history.interact("a", 30, 1);

            assertThat(history.signals()).isEmpty();
            history.watermark(PANE_CLOSED);
            assertThat(only(history.sequences()).weights()).containsExactly(0);
        }
    }

    @Test
    void aRejectionIsTakenOnceByItsEventId() throws Exception {
        try (TestingHistory history = serving()) {
            act(history, RETURN, "a", 10, 0);
            history.interact("a", 20, 1);
            history.requests();

            act(history, RETURN, "a", 30, 0);

            assertThat(history.requests()).isEmpty();
        }
    }

    @Test
    void aProbeSeesTheRejectionsBeforeTheChoice() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.probing(1, 0))) {
            history.interact("a", 10, 0);
            act(history, RETURN, "a", 15, 1);
            assertThat(history.requests()).as("a rejection is no probe").isEmpty();

            history.interact("a", 20, 2);

            assertThat(only(history.requests()).rejected()).containsExactly("a");
        }
    }

    @Test
    void rejectionsSurviveARestoreAndAreForgottenWithTheUser() throws Exception {
        OperatorSubtaskState state;
        try (TestingHistory history = serving()) {
            act(history, RETURN, "a", 10, 0);
            state = history.snapshot();
        }
        try (TestingHistory history =
                TestingHistory.restore(TestingHistoryConfig.serving(Duration.ZERO), state)) {
            history.interact("b", 20, 1);
            assertThat(only(history.requests()).rejected()).containsExactly("a");

            history.forget(USER, 15);
            history.requests();

            history.interact("b", 30, 2);
            assertThat(only(history.requests()).rejected()).isEmpty();
        }
    }

    @Test
    void whatAUserRejectedLastIsForgottenUpToThen() throws Exception {
        try (TestingHistory history = serving()) {
            act(history, RETURN, "a", 50, 0);
            history.forget(USER, 15);
            history.requests();

            history.interact("late", 40, 1);

            assertThat(history.requests()).isEmpty();
        }
    }

    /** Pre-training reads a file by other code than the stream. */
    @Test
    void aWholeHistoryIsWhatTheStreamMakesOfIt() throws Exception {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            List<Interaction> interactions =
                    IntStream.range(1, 25).mapToObj(i -> any(random, i)).toList();
            HistoryConfig config = TestingHistoryConfig.quiet();
            var taken = new PositionAttributes(Set.of("event-type", "gap"), Set.of(), Set.of());
            try (TestingHistory history = TestingHistory.start(config, taken)) {
                for (Interaction interaction : interactions) {
                    history.process(interaction);
                }
                history.watermark(PANE_CLOSED);

                assertThat(only(history.sequences()))
                        .as("seed %d: %s", seed, interactions)
                        .usingRecursiveComparison()
                        .withEqualsForType((a, b) -> Float.compare(a, b) == 0, Float.class)
                        .ignoringFields("paneEnd")
                        .isEqualTo(
                                WholeHistory.of(interactions, config.feedback(), taken)
                                        .orElseThrow());
            }
        }
    }

    private static Interaction any(Random random, int time) {
        List<String> types = List.of(LOOK, TRY, BUY, RETURN, "");
        return new Interaction(
                "event-" + time,
                USER,
                List.of("a", "b").get(random.nextInt(2)),
                types.get(random.nextInt(types.size())),
                random.nextInt(4) == 0 ? 1 + random.nextInt(5) : Float.NaN,
                time,
                0,
                time);
    }

    private static TestingHistory serving() throws Exception {
        return TestingHistory.start(TestingHistoryConfig.serving(Duration.ZERO));
    }

    private static void act(
            TestingHistory history, String type, String item, long timestamp, long offset)
            throws Exception {
        history.process(
                new Interaction(
                        "event-" + offset, USER, item, type, Float.NaN, timestamp, 0, offset));
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
