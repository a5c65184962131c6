package io.freshet.training.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which versions and updates stay in the store; it retains two versions. */
class RetainedVersionsTest {

    @TempDir private Path root;
    private TrainingSettings settings;
    private TestingStore store;

    @BeforeEach
    void prepare() {
        settings = TestingSequences.settings(root);
        store = new TestingStore(root);
    }

    @Test
    void old_versions_go_with_their_updates_when_no_completed_checkpoint_needs_them()
            throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.trainPanes(0, 3);
            harness.snapshot(1, 1);
            harness.trainPanes(3, 5);
            assertThat(store.versions()).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(store.updateNames()).containsExactly("1-2", "2-3", "3-4", "4-5");
            harness.completeAndTidyUp(1);
            assertThat(store.versions()).containsExactly(1L, 3L, 4L, 5L);
            assertThat(store.updateNames()).containsExactly("1-2", "3-4", "4-5");
            harness.snapshot(2, 2);
            harness.completeAndTidyUp(2);
            assertThat(store.versions()).containsExactly(1L, 4L, 5L);
            assertThat(store.updateNames()).containsExactly("1-2", "4-5");
        }
    }

    @Test
    void a_savepoint_s_version_stays_however_many_come_after_it() throws Exception {
        OperatorSubtaskState savepoint;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.trainPanes(0, 2);
            savepoint = harness.savepoint(1);
            harness.trainPanes(2, 7);
            harness.snapshot(2, 2);
            harness.completeAndTidyUp(2);
        }
        assertThat(store.versions()).containsExactly(1L, 2L, 6L, 7L);

        try (FineTuneHarness second = FineTuneHarness.restored(settings, savepoint)) {
            second.trainPanes(2, 3);
            assertThat(second.lastCheckpoint().parent()).isEqualTo(2);
            assertThat(second.lastCheckpoint().version()).isEqualTo(8);
        }
    }

    @Test
    void a_savepoint_that_comes_to_nothing_keeps_no_version() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.trainPanes(0, 1);
            harness.savepoint(1);
            harness.savepoint(11);
            assertThat(root.resolve("kept")).isDirectoryContaining("glob:**/1-savepoint-1-of-*");
            harness.getOperator().notifyCheckpointAborted(1);
            harness.runMail();

            try (Stream<Path> kept = Files.list(root.resolve("kept"))) {
                assertThat(kept).singleElement().asString().contains("/1-savepoint-11-of-job-");
            }
        }
    }

    @Test
    void the_oldest_checkpoint_that_flink_retains_can_be_started_from() throws Exception {
        List<OperatorSubtaskState> retained = new ArrayList<>();
        try (FineTuneHarness harness = FineTuneHarness.retaining(settings, 3)) {
            for (int version = 1; version <= 7; version++) {
                harness.trainPanes(version - 1, version);
                retained.add(harness.snapshot(version, version));
                harness.notifyOfCompletedCheckpoint(version);
            }
            harness.trainPanes(7, 9);
        }
        assertThat(store.versions()).containsExactly(1L, 5L, 6L, 7L, 8L, 9L);

        try (FineTuneHarness second = FineTuneHarness.restored(settings, retained.get(4))) {
            second.trainPanes(9, 10);
            assertThat(second.lastCheckpoint().parent()).isEqualTo(5);
            assertThat(second.lastCheckpoint().version()).as("never announced").isEqualTo(8);
        }
    }

    @Test
    void what_another_job_was_started_from_stays() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.trainPanes(0, 2);
            state = harness.snapshot(1, 1);
        }
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.trainPanes(2, 7);
            second.snapshot(2, 2);
            second.completeAndTidyUp(2);
        }
        assertThat(store.versions()).containsExactly(1L, 2L, 6L, 7L);
    }
}
