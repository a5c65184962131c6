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
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
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
    private TestingStore store;

    @BeforeEach
    void prepare() {
        settings = TestingSequences.settings(root);
        store = new TestingStore(root);
    }

    @Test
    void a_rollback_goes_before_work_that_waits_for_the_version() throws Exception {
        OperatorSubtaskState state = stateAfter(ANN, BOB);
        store.damage(2);
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
            assertThat(harness.timeline()).as("held at the window").contains("watermark 29");

            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(3);
            assertThat(harness.lastCheckpoint().parent()).isEqualTo(1);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 11, 8));
            assertThat(store.model(3).count("c", "a")).isEqualTo(2);
            assertThat(store.model(3).count("b", "c")).as("only in version 2").isZero();
        }
    }

    @Test
    void a_rollback_goes_before_the_live_model_is_loaded() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(2));
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN);
            harness.window(BOB);
            harness.window(CAT);
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            harness.items(item("new"));
            harness.window(DAN);
            state = harness.snapshot(1, 1);
        }
        store.damage(2);
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
            assertThat(harness.lastCheckpoint().updates()).isEqualTo(1);
            assertThat(harness.lastReport().reason())
                    .contains("content of items that only later versions have waits");
        }
    }

    @Test
    void a_rollback_to_the_version_leaves_an_update_that_is_damaged() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(5));
        OperatorSubtaskState state = stateAfter(ANN, BOB);
        Files.writeString(store.updates().get(0), "damaged");
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, state)) {
            harness.awaitStoreFailures(1);
            harness.control(rollback(1));
            harness.awaitVerdict();
            assertThat(harness.announced()).containsExactly("version 1");
            harness.window(CAT);
            assertThat(harness.lastCheckpoint().updates()).isEqualTo(1);
            assertThat(harness.announced()).endsWith("update 3 of version 1");
        }
    }

    @Test
    void a_rollback_to_a_version_that_is_damaged_as_well_is_refused_and_nothing_is_lost()
            throws Exception {
        OperatorSubtaskState state = stateAfter(ANN, BOB);
        String written = store.damage(2);
        store.damage(1);
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
            harness.window(ANN);
            harness.window(BOB);
            barrier = TestingModelRuntime.hold(name);
            harness.sequences(CAT);
            harness.watermark(29);
            harness.awaitTraining(barrier);
            harness.control(rollback(1));
            state = harness.snapshot(1, 1);
            barrier.open();
            harness.awaitReport();
        }
        store.damage(2);
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
            for (TrainingSequence window : windows) {
                harness.window(window);
            }
            return harness.snapshot(1, 1);
        }
    }

    private static void awaitVersion(FineTuneHarness harness, long version) throws Exception {
        harness.awaitVerdict();
        while (harness.lastCheckpoint().version() < version) {
            harness.awaitVerdict();
        }
    }

    private static Control control(Kind kind) {
        return new Control("c", kind, "", 50, 0);
    }

    private static Control rollback(long version) {
        return new Control("c", Kind.ROLLBACK, "", 50, version);
    }

    private static EncodedItem item(String id) {
        return new EncodedItem(id, true, 0, new float[] {1, 0}, List.of());
    }
}
