package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.Control;
import io.freshet.event.Control.Kind;
import io.freshet.event.ControlReport;
import io.freshet.event.OffsetRange;
import io.freshet.event.Removal;
import io.freshet.event.Removal.Place;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Controls that pause, resume and hasten training, and forget users. */
class FineTuneControlsTest {

    private static final TrainingSequence FEW = sequence("few", 40, 13, 2, "c", "b");

    @TempDir private Path root;
    private TrainingSettings settings;
    private String name;

    @BeforeEach
    void prepare(TestInfo test) {
        settings = TestingSequences.settings(root);
        name = test.getDisplayName();
    }

    @Test
    void a_pause_holds_windows_back_until_training_resumes() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.control(control(Kind.PAUSE));
            assertThat(harness.lastReport().reason()).isEqualTo("training is paused");
            harness.sequences(ANN, BOB, CAT);
            harness.watermark(19);
            assertThat(harness.timeline()).as("event time goes on").containsExactly("watermark 19");
            state = harness.snapshot(1, 1);
        }
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, state)) {
            harness.control(control(Kind.PAUSE));
            assertThat(harness.lastReport().reason()).isEqualTo("training was paused already");
            harness.watermark(19);
            assertThat(harness.contents().pending()).hasSize(3);

            harness.control(control(Kind.RESUME));
            harness.awaitVerdict();
            harness.awaitVerdict();

            assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.APPLIED);
            assertThat(harness.lastReport().reason())
                    .isEqualTo(
                            "training goes on with 3 sequences that waited; 0 more were passed"
                                    + " over");
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 8, 9));
            harness.control(control(Kind.RESUME));
            assertThat(harness.lastReport().reason()).isEqualTo("training was not paused");
        }
    }

    @Test
    void a_pause_lets_the_window_in_training_finish() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.sequences(ANN, BOB, CAT);
            harness.watermark(19);
            harness.awaitTraining(barrier);
            harness.control(control(Kind.PAUSE));
            assertThat(harness.lastReport().reason())
                    .isEqualTo("training is paused; the work in progress is finished first");
            barrier.open();
            harness.awaitVerdict();

            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            assertThat(harness.contents().pending()).containsExactly(CAT);
        }
    }

    @Test
    void what_waits_in_a_pause_beyond_the_bound_is_passed_over() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.control(control(Kind.PAUSE));
            for (int i = 0; i < TestingSequences.MOST_WAITING + 2; i++) {
                harness.sequences(sequence("u" + i, 10, i, 1, "a"));
            }

            assertThat(harness.contents().pending()).hasSize(TestingSequences.MOST_WAITING);
            harness.control(control(Kind.RESUME));
            assertThat(harness.lastReport().reason())
                    .isEqualTo(
                            "training goes on with 1000 sequences that waited; 2 more were passed"
                                    + " over");
        }
    }

    @Test
    void the_bound_holds_while_training_is_slow_as_well() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitTraining(barrier);
            for (int i = 0; i < TestingSequences.MOST_WAITING + 2; i++) {
                harness.sequences(sequence("u" + i, 20, 5 + i, 1, "a"));
            }
            assertThat(harness.contents().pending()).hasSize(TestingSequences.MOST_WAITING);
            barrier.open();
            harness.awaitVerdict();
        }
    }

    @Test
    void train_now_closes_the_window_with_what_is_complete() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(FEW, sequence("later", 50, 15, 1, "a"));
            harness.watermark(39);
            harness.control(control(Kind.TRAIN_NOW));
            assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.APPLIED);
            assertThat(harness.lastReport().reason())
                    .isEqualTo("the window closes with 1 sequences");
            harness.awaitVerdict();

            assertThat(harness.lastCheckpoint().interactions()).isEqualTo(2);
            assertThat(harness.lastCheckpoint().windowEnd()).isEqualTo(40);
            assertThat(harness.contents().pending())
                    .extracting(TrainingSequence::userId)
                    .containsExactly("later");
        }
    }

    @Test
    void train_now_waits_for_the_window_in_training_also_after_a_restore() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
        OperatorSubtaskState state;
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.sequences(ANN, BOB, FEW);
            harness.watermark(39);
            harness.awaitTraining(barrier);
            harness.control(control(Kind.TRAIN_NOW));
            state = harness.snapshot(1, 1);
            barrier.open();
            harness.awaitVerdict();
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().interactions()).isEqualTo(2);
        }
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, state)) {
            harness.awaitVerdict();
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().interactions()).isEqualTo(2);
        }
    }

    @Test
    void train_now_is_refused_where_there_is_nothing_to_train_or_training_is_paused()
            throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(FEW);
            harness.watermark(38);
            harness.control(control(Kind.TRAIN_NOW));
            assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(harness.lastReport().reason()).contains("no sequence of a complete pane");

            harness.watermark(39);
            harness.control(control(Kind.PAUSE));
            harness.control(control(Kind.TRAIN_NOW));
            assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(harness.lastReport().reason()).contains("paused");
        }
    }

    @Test
    void a_job_that_never_trains_refuses_to() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(false, 0, false));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            for (Kind kind : List.of(Kind.PAUSE, Kind.TRAIN_NOW)) {
                harness.control(control(kind));
                assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.REFUSED);
                assertThat(harness.lastReport().reason()).contains("training.enabled");
            }
        }
    }

    @Test
    void forgetting_says_what_was_removed_where() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(2));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.window(CAT, sequence("ann", 20, 20, 1, "c", "a"));
            harness.sequences(sequence("ann", 30, 21, 1, "a", "b"));
            harness.setProcessingTime(77);
            harness.control(Control.forget("f", "ann", 50));

            ControlReport report = harness.lastReport();
            assertThat(report.controlId()).isEqualTo("f");
            assertThat(report.reason()).isEmpty();
            assertThat(report.removed())
                    .extracting(Removal::place, Removal::count, Removal::timestamp)
                    .containsExactly(
                            tuple(Place.PENDING, 1L, 77L),
                            tuple(Place.HELD_OUT, 0L, 77L),
                            tuple(Place.REDO_LOG, 0L, 77L),
                            tuple(Place.REPLAY_BUFFER, 2L, 77L));
            assertThat(harness.contents().pending()).isEmpty();
            assertThat(harness.contents().replayed()).containsExactlyInAnyOrder(BOB, CAT);
        }
    }

    private static Control control(Kind kind) {
        return new Control("c", kind, "", 50, 0);
    }
}
