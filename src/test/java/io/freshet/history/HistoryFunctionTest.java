package io.freshet.history;

import static io.freshet.history.TestingInteractions.USER;
import static io.freshet.history.TestingInteractions.interaction;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.event.ItemSignal;
import io.freshet.event.TrainingSequence;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/**
 * Signals to items and training sequences. Panes end at multiples of 100 ms; a history has 3 items;
 * see {@link TestingHistoryConfig}.
 */
class HistoryFunctionTest {

    private static final long FIRST_PANE_CLOSED = 99;
    private static final long SECOND_PANE_CLOSED = 199;

    @Test
    void signalsItemsInOrderWithEventTime() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            history.interact("b", 30, 1);

            List<StreamRecord<ItemSignal>> records = history.signalRecords();
            assertThat(records)
                    .extracting(StreamRecord::getValue)
                    .containsExactly(
                            ItemSignal.chosen("a", 10),
                            ItemSignal.followed("a", "b", 30),
                            ItemSignal.chosen("b", 30));
            assertThat(records)
                    .extracting(StreamRecord::getTimestamp)
                    .containsExactly(10L, 30L, 30L);
        }
    }

    @Test
    void anOutOfOrderInteractionFollowsWhatWasBeforeItInEventTime() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            history.interact("c", 30, 1);
            history.signals();

            history.interact("b", 20, 2);
            assertThat(history.signals())
                    .containsExactly(ItemSignal.followed("a", "b", 20), ItemSignal.chosen("b", 20));
            history.interact("first", 5, 3);
            assertThat(history.signals()).containsExactly(ItemSignal.chosen("first", 5));

            history.watermark(FIRST_PANE_CLOSED);
            assertThat(history.sequences().get(0).items()).containsExactly("first", "a", "b", "c");
        }
    }

    @Test
    void emitsOneSequencePerUserAndPaneAtThePanesEnd() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            history.interact("b", 20, 1);
            history.process(interaction("bob", "x", 30, 2));
            history.interact("c", 110, 3);
            history.watermark(FIRST_PANE_CLOSED - 1);
            assertThat(history.sequences()).as("the pane is open").isEmpty();

            history.watermark(FIRST_PANE_CLOSED);
            assertThat(history.trainingRecords())
                    .extracting(
                            record -> record.getTimestamp(),
                            record -> requireNonNull(record.getValue().sequence()).userId(),
                            record -> requireNonNull(record.getValue().sequence()).paneEnd())
                    .containsExactlyInAnyOrder(
                            tuple(FIRST_PANE_CLOSED, USER, 100L),
                            tuple(FIRST_PANE_CLOSED, "bob", 100L));

            history.watermark(SECOND_PANE_CLOSED);
            TrainingSequence second = only(history.sequences());
            assertThat(second.paneEnd()).isEqualTo(200);
            assertThat(second.items()).containsExactly("a", "b", "c");
            assertThat(second.fresh()).containsExactly(2);
            assertThat(second.offsets()).containsExactly(3);
        }
    }

    @Test
    void panesWithoutActivityEmitNothingAndLeaveNoTimers() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            history.interact("b", 20, 1);
            assertThat(history.eventTimeTimers()).isEqualTo(1);
            history.watermark(FIRST_PANE_CLOSED);
            history.sequences();

            history.watermark(5_000);

            assertThat(history.sequences()).isEmpty();
            assertThat(history.eventTimeTimers()).isZero();
        }
    }

    @Test
    void aLateInteractionIsTrainedInTheOldestOpenPane() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            history.interact("a", 10, 0);
            history.interact("c", 30, 1);
            history.watermark(FIRST_PANE_CLOSED);
            history.sequences();

            history.interact("late", 20, 2);
            history.watermark(SECOND_PANE_CLOSED - 1);
            assertThat(history.sequences()).isEmpty();
            history.watermark(SECOND_PANE_CLOSED);

            TrainingSequence sequence = only(history.sequences());
            assertThat(sequence.paneEnd()).isEqualTo(200);
            assertThat(sequence.items()).containsExactly("a", "late");
            assertThat(sequence.fresh()).containsExactly(1);
        }
    }

    @Test
    void aBurstLeavesEarlyInSeveralSequencesAndNothingIsLost() throws Exception {
        int burst = 10 * TestingHistoryConfig.LENGTH + 5;
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            for (int i = 0; i < burst; i++) {
                history.interact("i" + i, 10, i);
            }
            TrainingSequence early = only(history.sequences());
            assertThat(early.fresh()).hasSize(10 * TestingHistoryConfig.LENGTH + 1);
            assertThat(early.paneEnd()).isEqualTo(100);

            history.watermark(FIRST_PANE_CLOSED);
            TrainingSequence rest = only(history.sequences());
            assertThat(rest.offsets()).containsExactly(31, 32, 33, 34);
            assertThat(rest.items()).startsWith("i28", "i29", "i30").hasSize(7);
        }
    }

    @Test
    void aStalledWatermarkDoesNotLetFreshPositionsGrow() throws Exception {
        int most = 10 * TestingHistoryConfig.LENGTH;
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.quiet())) {
            for (int i = 0; i < most + 7; i++) {
                history.interact("i" + i, 100L * i, i);
            }

            assertThat(history.sequences())
                    .hasSize(7)
                    .allSatisfy(sequence -> assertThat(sequence.fresh()).hasSize(1))
                    .extracting(TrainingSequence::paneEnd)
                    .containsExactly(100L, 200L, 300L, 400L, 500L, 600L, 700L);
        }
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
