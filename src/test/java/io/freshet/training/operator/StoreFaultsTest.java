package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.testing.FaultyFileSystem;
import io.freshet.testing.FaultyFileSystem.Call;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store that is full, or that nobody answers for, and that comes back. */
class StoreFaultsTest {

    private static final int FRESH = 4;

    @TempDir private Path root;
    private TrainingSettings settings;
    private int windows;

    @BeforeEach
    void prepare() {
        settings = TestingSequences.on(FaultyFileSystem.uri(root));
    }

    @AfterEach
    void heal() {
        FaultyFileSystem.heal(root);
    }

    static Stream<Set<Call>> faults() {
        return Stream.of(
                EnumSet.of(Call.WRITE),
                EnumSet.of(Call.LOOK),
                EnumSet.of(Call.WRITE, Call.DELETE),
                EnumSet.allOf(Call.class));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void an_update_waits_for_the_store_and_nothing_is_lost(Set<Call> fault) throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            window(harness);
            harness.awaitVerdict();
            FaultyFileSystem.fail(root, fault);
            window(harness);
            harness.awaitStoreFailures(2);
            assertThat(harness.checkpoints()).hasSize(1);
            assertThat(harness.contents().tested()).hasSize(1);
            assertThat(harness.timeline()).endsWith("watermark 19");

            FaultyFileSystem.heal(root);
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            assertThat(harness.lastCheckpoint().trainedOffsets()).containsExactly(allOffsets());
            assertThat(new TestingStore(root).updateNames()).containsOnly("1-2");
        }
    }

    static Stream<Set<Call>> versionFaults() {
        return Stream.of(EnumSet.of(Call.WRITE), EnumSet.of(Call.WRITE, Call.DELETE));
    }

    @ParameterizedTest
    @MethodSource("versionFaults")
    void a_version_is_delayed_and_the_next_has_every_update(Set<Call> fault) throws Exception {
        Path writing = root.resolve("2");
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            window(harness);
            harness.awaitVerdict();
            FaultyFileSystem.fail(writing, fault);
            window(harness);
            harness.awaitVerdict();
            ModelCheckpoint delayed = harness.lastCheckpoint();
            assertThat(delayed.verdict()).isEqualTo(Verdict.DELAYED);
            assertThat(delayed.version()).isEqualTo(1);
            assertThat(delayed.reason())
                    .containsAnyOf("No space left on device", "Connection refused")
                    .contains("a later version will hold them");
            assertThat(harness.announced()).as("it is live").endsWith("update 2 of version 1");
            for (int i = 0; i < 3; i++) {
                window(harness);
                harness.awaitVerdict();
                assertThat(harness.lastCheckpoint().verdict())
                        .as("not asked with every window")
                        .isIn(Verdict.UPDATED, Verdict.DELAYED);
            }

            FaultyFileSystem.heal(writing);
            while (!harness.lastCheckpoint().promoted()) {
                window(harness);
                harness.awaitVerdict();
            }
            ModelCheckpoint promoted = harness.lastCheckpoint();
            assertThat(promoted.version()).isEqualTo(2);
            assertThat(promoted.updates()).isEqualTo(windows - 1);
            assertThat(promoted.trainedOffsets()).containsExactly(allOffsets());
            assertThat(new TestingStore(root).manifest(2).fingerprint())
                    .isEqualTo(promoted.fingerprint());
            assertThat(new TestingStore(root).model(2).count("a", "b"))
                    .isGreaterThanOrEqualTo(2.0 * windows - 1);
        } finally {
            FaultyFileSystem.heal(writing);
        }
    }

    @Test
    void the_first_version_waits_as_well() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            FaultyFileSystem.fill(root);
            window(harness);
            harness.awaitStoreFailures(2);
            assertThat(harness.checkpoints()).isEmpty();

            FaultyFileSystem.heal(root);
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            assertThat(harness.lastCheckpoint().trainedOffsets()).containsExactly(allOffsets());
        }
    }

    @Test
    void a_job_restarts_without_the_store_and_goes_on_when_it_is_back() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            window(harness);
            harness.awaitVerdict();
            FaultyFileSystem.cutOff(root);
            window(harness);
            harness.awaitStoreFailures(1);
            state = harness.snapshot(1, 1);
            harness.kill();
        }

        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.awaitStoreFailures(3);
            OperatorSubtaskState waiting = second.snapshot(2, 2);
            assertThat(second.checkpoints()).isEmpty();

            FaultyFileSystem.heal(root);
            second.awaitVerdict();
            assertThat(second.lastCheckpoint().version()).isEqualTo(2);
            assertThat(second.lastCheckpoint().trainedOffsets()).containsExactly(allOffsets());
            try (FineTuneHarness third = FineTuneHarness.restored(settings, waiting)) {
                third.awaitVerdict();
                assertThat(third.lastCheckpoint()).isEqualTo(second.lastCheckpoint());
            }
        }
    }

    @Test
    void a_savepoint_fails_whose_version_can_not_be_marked_and_the_job_goes_on() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            window(harness);
            harness.awaitVerdict();
            FaultyFileSystem.fill(root);
            assertThatThrownBy(() -> harness.savepoint(1))
                    .hasStackTraceContaining("No space left on device");
            harness.snapshot(2, 2);

            FaultyFileSystem.heal(root);
            harness.savepoint(3);
            assertThat(root.resolve("kept")).isDirectoryContaining("glob:**1-savepoint-3-*");
        }
    }

    @Test
    void a_finished_input_waits_for_the_store() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            window(harness);
            harness.awaitVerdict();
            state = harness.snapshot(1, 1);
        }
        FaultyFileSystem.cutOff(root);
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            window(second);
            second.awaitStoreFailures(2);
            FaultyFileSystem.heal(root);
            second.getOperator().finish();

            assertThat(second.lastCheckpoint().version()).isEqualTo(2);
        }
    }

    @Test
    void attempts_to_write_an_update_leave_nothing() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            window(harness);
            harness.awaitVerdict();
            FaultyFileSystem.fill(root);
            window(harness);
            harness.awaitStoreFailures(2);
            assertThat(names()).noneMatch(name -> name.startsWith(".writing"));
            FaultyFileSystem.heal(root);
            harness.awaitVerdict();
        }
    }

    @Test
    void what_a_failed_write_left_is_tidied_up() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            FaultyFileSystem.fail(root.resolve("1"), EnumSet.of(Call.WRITE, Call.DELETE));
            window(harness);
            harness.awaitStoreFailures(1);
            assertThat(names()).contains("1");
            harness.kill();
        } finally {
            FaultyFileSystem.heal(root.resolve("1"));
        }
        try (FineTuneHarness second = FineTuneHarness.started(settings)) {
            window(second);
            second.awaitVerdict();

            assertThat(names()).containsExactlyInAnyOrder("1", "unannounced", "writer");
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private void window(FineTuneHarness harness) throws Exception {
        long end = TestingSequences.PANE * (windows + 1);
        harness.sequences(sequence("ann", end, (long) windows * FRESH, FRESH, "a", "b", "a", "b"));
        windows++;
        harness.watermark(end - 1);
    }

    private OffsetRange allOffsets() {
        return new OffsetRange(0, 0, (long) windows * FRESH - 1, windows * FRESH);
    }
}
