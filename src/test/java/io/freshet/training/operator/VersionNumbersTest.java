package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.DAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.event.Control;
import io.freshet.event.ModelCheckpoint;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Which numbers versions get, and who may write them. */
class VersionNumbersTest {

    @TempDir private Path root;
    private TrainingSettings settings;
    private TestingStore store;
    private String name;

    @BeforeEach
    void prepare(TestInfo test) {
        settings = TestingSequences.settings(root);
        store = new TestingStore(root);
        name = test.getDisplayName();
    }

    @Test
    void only_a_number_whose_path_is_taken_is_passed_over() throws Exception {
        Files.createDirectories(root.resolve("1/assets"));
        Files.createDirectories(root.resolve("20261129"));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.trainPanes(0, 2);

            assertThat(harness.checkpoints())
                    .extracting(ModelCheckpoint::version)
                    .containsExactly(2L, 3L);
            assertThat(root.resolve("1/assets")).exists();
        }
    }

    @Test
    void a_number_that_holds_announced_work_is_passed_over() throws Exception {
        OperatorSubtaskState state = stateTakenDuringTraining();
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.snapshot(1, 1);
            harness.notifyOfCompletedCheckpoint(1);
        }
        assertThat(versionOfOtherWorkFrom(state)).isEqualTo(2);
        assertThat(root.resolve("1")).exists();
    }

    @Test
    void numbers_of_other_work_that_was_never_announced_are_given_again() throws Exception {
        OperatorSubtaskState state = stateTakenDuringTraining();
        try (FineTuneHarness crashed = FineTuneHarness.restored(settings, state)) {
            crashed.awaitVerdict();
            crashed.watermark(19);
            crashed.awaitVerdict();
            assertThat(crashed.lastCheckpoint().version()).isEqualTo(2);
        }
        Object written = Files.getLastModifiedTime(root.resolve("1"));
        try (FineTuneHarness harness = FineTuneHarness.restored(otherSettings(), state)) {
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            assertThat(Files.getLastModifiedTime(root.resolve("1"))).isNotEqualTo(written);
            assertThat(root.resolve("2")).doesNotExist();
        }
    }

    @Test
    void a_number_is_announced_for_good_with_the_checkpoint_s_notice_however_long_training_takes()
            throws Exception {
        OperatorSubtaskState older = stateTakenDuringTraining();
        try (FineTuneHarness harness =
                FineTuneHarness.restored(settings, older, new TestingModelRuntime(name))) {
            harness.awaitVerdict();
            TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
            harness.watermark(19);
            harness.awaitTraining(barrier);
            harness.snapshot(2, 2);
            harness.notifyOfCompletedCheckpoint(2);
            harness.runMail();

            assertThat(root.resolve("unannounced")).isEmptyDirectory();
            barrier.open();
        }
        assertThat(versionOfOtherWorkFrom(older)).as("1 was announced").isEqualTo(2);
    }

    @Test
    void a_number_rolled_back_from_before_the_next_checkpoint_is_announced_all_the_same()
            throws Exception {
        OperatorSubtaskState older;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.sequences(CAT);
            older = harness.snapshot(1, 1);
            harness.completeAndTidyUp(1);

            harness.watermark(19);
            harness.awaitVerdict();
            harness.control(new Control("c", Control.Kind.ROLLBACK, "", 20, 1));
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            harness.snapshot(2, 2);
            harness.completeAndTidyUp(2);
        }
        assertThat(root.resolve("unannounced")).isEmptyDirectory();
        assertThat(versionOfOtherWorkFrom(older)).as("2 was announced").isEqualTo(3);
    }

    @Test
    void what_a_restored_checkpoint_has_announced_is_so_for_good_from_the_start() throws Exception {
        OperatorSubtaskState older = stateTakenDuringTraining();
        OperatorSubtaskState newest;
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, older)) {
            harness.awaitVerdict();
            newest = harness.snapshot(2, 2);
            harness.kill(); // before the notice that the checkpoint is complete
        }
        assertThat(root.resolve("unannounced/1-written")).exists();
        FineTuneHarness.restored(settings, newest).close();

        assertThat(root.resolve("unannounced")).isEmptyDirectory();
        assertThat(versionOfOtherWorkFrom(older)).isEqualTo(2);
    }

    @Test
    void a_task_that_was_started_again_elsewhere_stops_and_takes_nothing_back() throws Exception {
        OperatorSubtaskState state = stateTakenDuringTraining();
        try (FineTuneHarness old = FineTuneHarness.restored(settings, state);
                FineTuneHarness next = FineTuneHarness.restored(otherSettings(), state)) {
            next.awaitVerdict();
            ModelCheckpoint written = next.lastCheckpoint();

            assertThatThrownBy(
                            () -> {
                                old.awaitVerdict();
                                old.watermark(19);
                                old.awaitVerdict();
                            })
                    .hasStackTraceContaining("names another writer: found 'job ");
            old.kill();
            assertThat(store.manifest(written.version()).fingerprint())
                    .isEqualTo(written.fingerprint());
            next.watermark(19);
            next.awaitVerdict();
            assertThat(next.lastCheckpoint().version()).isEqualTo(written.version() + 1);
        }
    }

    @Test
    void a_job_that_does_not_train_leaves_the_store_to_the_one_that_does() throws Exception {
        try (FineTuneHarness training = FineTuneHarness.started(settings)) {
            training.trainPanes(0, 1);
            Path writing = Files.createDirectory(root.resolve(".writing-2-abc"));
            TrainingSettings still =
                    TestingSequences.settings(root, TestingSequences.training(false, 0, false));
            try (FineTuneHarness other = FineTuneHarness.started(still)) {
                other.snapshot(1, 1);
                other.notifyOfCompletedCheckpoint(1);
            }
            assertThat(writing).exists();
            assertThat(root.resolve("unannounced/1-written")).exists();

            training.trainPanes(1, 2);
            assertThat(training.lastCheckpoint().version()).isEqualTo(2);
        }
    }

    @Test
    void a_live_version_of_somebody_else_is_not_trained_on() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            state = harness.snapshot(1, 1);
        }
        Files.move(root.resolve("1"), root.resolve(".mine"));
        try (FineTuneHarness other = FineTuneHarness.started(settings)) {
            other.window(CAT);
            assertThat(other.lastCheckpoint().version()).isEqualTo(1);
        }
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.sequences(DAN);
            second.watermark(29);
            second.awaitStoreFailures(2);
            assertThat(second.checkpoints()).isEmpty();
            second.kill();
        }
    }

    /** The number that work gets which starts from a checkpoint with other settings. */
    private long versionOfOtherWorkFrom(OperatorSubtaskState state) throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.restored(otherSettings(), state)) {
            harness.watermark(29);
            harness.awaitVerdict();
            return harness.lastCheckpoint().version();
        }
    }

    /** Settings that make other weights of the same data. */
    private TrainingSettings otherSettings() {
        return TestingSequences.settings(root, TestingSequences.training(0.3f));
    }

    private OperatorSubtaskState stateTakenDuringTraining() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold("held " + name);
        Path elsewhere = Files.createTempDirectory(root, ".elsewhere");
        try (FineTuneHarness harness =
                FineTuneHarness.started(
                        TestingSequences.settings(elsewhere),
                        new TestingModelRuntime("held " + name))) {
            harness.sequences(ANN, BOB, CAT);
            harness.watermark(12);
            harness.awaitTraining(barrier);
            OperatorSubtaskState state = harness.snapshot(1, 1);
            barrier.open();
            return state;
        }
    }
}
