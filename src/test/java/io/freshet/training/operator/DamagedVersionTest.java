package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.Control;
import io.freshet.event.Control.Kind;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModel;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A live version that can't be read after a restart: left by a rollback, or waited for. */
class DamagedVersionTest {

    private static final TrainingSequence ANN = sequence("ann", 10, 0, 4, "a", "b", "a", "b");
    private static final TrainingSequence BOB = sequence("bob", 20, 4, 4, "b", "c", "b", "c");
    private static final TrainingSequence CAT = sequence("cat", 30, 8, 4, "c", "a", "c", "a");
    private static final TrainingSequence DAN = sequence("dan", 40, 12, 4, "a", "c", "a", "c");

    @TempDir private Path root;
    private TrainingSettings settings;

    @BeforeEach
    void prepare() {
        settings = TestingSequences.settings(root);
    }

    @Test
    void a_rollback_goes_before_a_test_that_waits_for_the_version() throws Exception {
        OperatorSubtaskState state = stateAfter(ANN, BOB);
        damage(2);
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, state)) {
            harness.sequences(CAT);
            harness.watermark(29);
            harness.awaitStoreFailures(1);
            harness.control(rollback(1));
            harness.awaitVerdict();

            ModelCheckpoint rolledBack = harness.lastCheckpoint();
            assertThat(rolledBack.verdict()).isEqualTo(Verdict.ROLLED_BACK);
            assertThat(rolledBack.version()).isEqualTo(1);
            assertThat(rolledBack.parent()).isEqualTo(2);
            assertThat(rolledBack.reason())
                    .contains("to version 1 from version 2", "can't be read")
                    .contains("2/variables/counts is damaged");
            assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.APPLIED);
            assertThat(harness.timeline()).as("held at the window").contains(-29L);

            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(3);
            assertThat(harness.lastCheckpoint().parent()).isEqualTo(1);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 11, 8));
            assertThat(model(3).count("c", "a")).isEqualTo(2);
            assertThat(model(3).count("b", "c")).as("only in version 2").isZero();
        }
    }

    @Test
    void a_rollback_goes_before_the_live_model_is_made_again() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(2));
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB, CAT);
            harness.watermark(29);
            awaitVersion(harness, 2);
            harness.items(item("new"));
            harness.sequences(DAN);
            harness.watermark(39);
            harness.awaitVerdict();
            assertThat(harness.contents().applied()).isNotEmpty();
            state = harness.snapshot(1, 1);
        }
        damage(2);
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, state)) {
            harness.control(control(Kind.PAUSE));
            assertThat(harness.lastReport().reason())
                    .isEqualTo("training is paused; the work in progress is finished first");
            harness.control(control(Kind.RESUME));
            harness.control(Control.forget("f", "dan", 50));
            assertThat(harness.lastReport().reason()).contains("the training in progress ends");
            harness.control(rollback(1));
            harness.awaitVerdict();

            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            assertThat(harness.contents().applied()).isEmpty();
            assertThat(harness.contents().items()).as("in no version").hasSize(1);
        }
    }

    @Test
    void a_rollback_to_a_version_that_is_damaged_as_well_is_refused_and_nothing_is_lost()
            throws Exception {
        OperatorSubtaskState state = stateAfter(ANN, BOB);
        String written = damage(2);
        damage(1);
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, state)) {
            harness.sequences(CAT);
            harness.watermark(29);
            harness.awaitStoreFailures(1);
            for (long version = 1; version <= 2; version++) {
                harness.control(rollback(version));
                harness.awaitReport();
                assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.REFUSED);
                assertThat(harness.lastReport().reason())
                        .contains(version + "/variables/counts is damaged");
            }
            assertThat(harness.contents().pending()).hasSize(1);

            Files.writeString(root.resolve("2/variables/counts"), written);
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(3);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 11, 12));
        }
    }

    @Test
    void a_rollback_that_state_has_is_done_first() throws Exception {
        String name = "rollback in state";
        TestingModelRuntime.Barrier barrier;
        OperatorSubtaskState state;
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.sequences(ANN, BOB);
            harness.watermark(19);
            awaitVersion(harness, 2);
            barrier = TestingModelRuntime.hold(name);
            harness.sequences(CAT);
            harness.watermark(29);
            harness.awaitTraining(barrier);
            harness.control(rollback(1));
            state = harness.snapshot(1, 1);
            barrier.open();
            harness.awaitReport();
        }
        damage(2);
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, state)) {
            awaitVersion(harness, 3);
            assertThat(harness.checkpoints())
                    .extracting(ModelCheckpoint::version, ModelCheckpoint::parent)
                    .first()
                    .hasToString("(1L, 2L)");
        }
    }

    private OperatorSubtaskState stateAfter(TrainingSequence... windows) throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(windows);
            harness.watermark(10L * windows.length - 1);
            awaitVersion(harness, windows.length);
            return harness.snapshot(1, 1);
        }
    }

    private static void awaitVersion(FineTuneHarness harness, long version) throws Exception {
        harness.awaitVerdict();
        while (harness.lastCheckpoint().version() < version) {
            harness.awaitVerdict();
        }
    }

    /** Overwrites some weights; returns what was there. */
    private String damage(long version) throws IOException {
        Path counts = root.resolve(version + "/variables/counts");
        String written = Files.readString(counts);
        Files.writeString(counts, "a b 17");
        return written;
    }

    private static Control control(Kind kind) {
        return new Control("c", kind, "", 50, 0);
    }

    private static Control rollback(long version) {
        return new Control("c", Kind.ROLLBACK, "", 50, version);
    }

    private static EncodedItem item(String id) {
        return new EncodedItem(id, id, true, 0, new float[] {1, 0}, List.of());
    }

    private TestingModel model(long version) throws IOException {
        return (TestingModel) new TestingModelRuntime().load(root.resolve(Long.toString(version)));
    }
}
