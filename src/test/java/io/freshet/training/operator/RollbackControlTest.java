package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.DAN;
import static io.freshet.training.TestingSequences.EVE;
import static io.freshet.training.TestingSequences.sequence;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.Control;
import io.freshet.event.Control.Kind;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelRevision;
import io.freshet.event.ModelUpdate;
import io.freshet.event.OffsetRange;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Controls that roll back to a version or to an update; most windows make a version. */
class RollbackControlTest {

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
    void a_rollback_makes_the_version_live_and_training_goes_on_from_it() throws Exception {
        try (FineTuneHarness harness = withThreeVersions(new TestingModelRuntime())) {
            harness.control(rollback(1));
            harness.awaitVerdict();

            ModelCheckpoint verdict = harness.lastCheckpoint();
            assertThat(verdict.verdict()).isEqualTo(Verdict.ROLLED_BACK);
            assertThat(verdict.version()).isEqualTo(1);
            assertThat(verdict.parent()).isEqualTo(3);
            assertThat(verdict.window()).isEqualTo(3);
            assertThat(verdict.controlId()).isEqualTo("c");
            assertThat(verdict.path()).endsWith("/1");
            assertThat(verdict.trainedOffsets()).containsExactly(new OffsetRange(0, 0, 4, 5));
            assertThat(verdict.reason()).contains("to version 1 from version 3 and 0 updates");
            assertThat(requireNonNull(last(harness.updates()).checkpoint())).isEqualTo(verdict);
            assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.APPLIED);
            assertThat(harness.contents().replayed())
                    .as("of the past that the version has")
                    .containsExactlyInAnyOrder(ANN, BOB);

            harness.sequences(EVE);
            harness.watermark(39);
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(4);
            assertThat(harness.lastCheckpoint().parent()).isEqualTo(1);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 16, 9));
            assertThat(store.model(4).count("a", "b")).isPositive();
            assertThat(store.model(4).count("c", "a")).as("learned by version 3").isZero();
        }
    }

    @Test
    void a_rollback_undoes_updates_that_are_in_no_version_yet() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(2));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.window(CAT);
            harness.control(rollback(1));
            harness.awaitVerdict();

            assertThat(harness.lastCheckpoint().updates()).isEqualTo(1);
            assertThat(harness.announced())
                    .containsExactly("version 1", "update 2 of version 1", "version 1");
            harness.control(rollback(1));
            harness.awaitReport();
            assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.APPLIED);
            assertThat(harness.lastReport().reason()).isEqualTo("version 1 is live already");
            harness.window(DAN);
            harness.window(EVE);
            assertThat(store.model(2).count("c", "b"))
                    .as("of the update undone and EVE's, just hers")
                    .isEqualTo(2);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .as("all but CAT's")
                    .containsExactly(new OffsetRange(0, 0, 16, 13));
        }
    }

    @Test
    void a_rollback_to_an_update_makes_it_live_bit_for_bit() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(5));
        OperatorSubtaskState state;
        ModelUpdate target;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.window(CAT);
            target = harness.lastUpdate();
            harness.window(DAN);
            harness.window(EVE);
            harness.control(rollback(1, 2));
            harness.awaitVerdict();

            ModelCheckpoint verdict = harness.lastCheckpoint();
            assertThat(verdict.verdict()).isEqualTo(Verdict.ROLLED_BACK);
            assertThat(verdict.version()).isEqualTo(1);
            assertThat(verdict.updates()).as("before").isEqualTo(3);
            assertThat(verdict.windowEnd()).isEqualTo(20);
            assertThat(verdict.reason()).contains("to version 1, update 2 from version 1");
            assertThat(harness.announced())
                    .endsWith("update 4 of version 1", "version 1", "update 2 of version 1");
            assertThat(harness.lastUpdate().revision()).isEqualTo(target.revision());
            assertThat(harness.lastUpdate().trainedThrough()).isEqualTo(8);
            assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.APPLIED);
            assertThat(harness.contents().replayed()).containsExactlyInAnyOrder(ANN, BOB, CAT);
            state = harness.snapshot(1, 1);
        }
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, state)) {
            harness.control(rollback(1, 2));
            harness.awaitReport();
            assertThat(harness.lastReport().reason()).contains("is live already");
            harness.window(sequence("fay", 50, 17, 4, "a", "b", "a", "b"));

            assertThat(harness.lastUpdate().parent()).isEqualTo(target.revision());
            assertThat(harness.lastCheckpoint().updates()).isEqualTo(2);
            assertThat(store.updateNames()).containsExactly("1-2", "1-3", "1-4", "1-5");
        }
    }

    @Test
    void an_update_that_the_version_does_not_have_is_refused() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(5));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.window(CAT);
            harness.control(rollback(1, 7));
            harness.awaitReport();

            assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(harness.lastReport().reason())
                    .isEqualTo("Version 1 has 0 updates of number 7, expected one; it has [2]");
            assertThat(harness.announced()).endsWith("update 2 of version 1");
        }
    }

    @Test
    void content_that_only_later_versions_had_is_learned_again() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.items(item("a", 1, 0));
            harness.window(ANN, BOB);
            harness.items(item("a", 0, 1), item("new", 0.5f, 0.5f));
            harness.window(CAT);
            harness.control(rollback(1));
            harness.awaitVerdict();
            harness.window(DAN);

            assertThat(harness.lastCheckpoint().parent()).isEqualTo(1);
            assertThat(store.model(3).features("a")).isEqualTo("[0.0, 1.0]");
            assertThat(store.model(3).features("new")).isEqualTo("[0.5, 0.5]");
        }
    }

    @Test
    void a_rollback_that_waited_for_training_is_done_after_a_restore() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = withThreeVersions(new TestingModelRuntime(name))) {
            TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
            harness.sequences(EVE);
            harness.watermark(39);
            harness.awaitTraining(barrier);
            harness.control(rollback(2));
            state = harness.snapshot(1, 1);
            barrier.open();
            harness.awaitVerdict();
            harness.awaitVerdict();
            assertThat(harness.checkpoints()).extracting(ModelCheckpoint::version).endsWith(4L, 2L);
        }
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, state)) {
            harness.awaitVerdict();
            harness.awaitVerdict();

            assertThat(harness.checkpoints())
                    .extracting(
                            ModelCheckpoint::version,
                            ModelCheckpoint::parent,
                            ModelCheckpoint::verdict)
                    .containsExactly(
                            tuple(2L, 3L, Verdict.ROLLED_BACK), tuple(4L, 2L, Verdict.PROMOTED));

            harness.control(rollback(5));
            harness.awaitReport();
            assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(harness.lastReport().reason())
                    .contains("Version 5 was never announced by this job", "[1, 2, 3, 4]");
        }
    }

    @Test
    void a_version_that_a_rollback_waits_for_is_not_deleted() throws Exception {
        try (FineTuneHarness harness = withThreeVersions(new TestingModelRuntime(name))) {
            harness.sequences(EVE);
            harness.watermark(39);
            harness.awaitVerdict();
            TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
            harness.sequences(sequence("fay", 50, 17, 4, "c", "b", "c", "b"));
            harness.watermark(49);
            harness.awaitTraining(barrier);
            harness.control(rollback(2));
            harness.snapshot(1, 1);
            harness.notifyOfCompletedCheckpoint(1);
            barrier.open();
            harness.awaitReport();

            assertThat(harness.lastReport().reason()).contains("rolled back to version 2");
        }
    }

    @Test
    void a_version_that_is_missing_foreign_or_damaged_is_refused_and_the_live_one_stays()
            throws Exception {
        try (FineTuneHarness harness = withThreeVersions(new TestingModelRuntime())) {
            assertThat(refusal(harness, 9)).contains("never announced", "newest is 3");
            Files.writeString(root.resolve("1/variables/counts"), "a b 17");
            assertThat(refusal(harness, 1)).contains("1/variables/counts is damaged");
            Files.delete(root.resolve("1/manifest.json"));
            assertThat(refusal(harness, 1)).contains("has no manifest.json");
            Files.move(root.resolve("2"), root.resolve("elsewhere"));
            assertThat(refusal(harness, 2)).contains("No version 2 in", "which has [3]");

            assertThat(harness.checkpoints()).hasSize(3);
            harness.sequences(EVE);
            harness.watermark(39);
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().parent()).isEqualTo(3);
        }
    }

    @Test
    void of_two_updates_of_a_number_the_live_one_is_returned_to() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(5));
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            state = harness.snapshot(1, 1);
            harness.window(CAT);
            harness.kill();
        }
        TrainingSettings other =
                TestingSequences.settings(root, TestingSequences.passes(2, 0.02f, 5));
        try (FineTuneHarness harness = FineTuneHarness.restored(other, state)) {
            harness.window(CAT);
            ModelRevision live = harness.lastUpdate().revision();
            harness.window(DAN);
            assertThat(store.updateNames()).containsExactly("1-2", "1-2", "1-3");
            harness.control(rollback(1, 2));
            harness.awaitVerdict();

            assertThat(harness.lastUpdate().revision()).isEqualTo(live);
        }
    }

    private FineTuneHarness withThreeVersions(TestingModelRuntime runtime) throws Exception {
        FineTuneHarness harness = FineTuneHarness.started(settings, runtime);
        harness.window(ANN, BOB);
        harness.window(CAT);
        harness.window(DAN);
        return harness;
    }

    private static String refusal(FineTuneHarness harness, long version) throws Exception {
        harness.control(rollback(version));
        harness.awaitReport();
        assertThat(harness.lastReport().outcome()).isEqualTo(Outcome.REFUSED);
        return harness.lastReport().reason();
    }

    private static Control rollback(long version) {
        return rollback(version, 0);
    }

    private static Control rollback(long version, long update) {
        return new Control("c", Kind.ROLLBACK, "", 50, version, update);
    }

    private static EncodedItem item(String id, float... vector) {
        return new EncodedItem(id, true, (long) (vector[0] * 10), vector, List.of());
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }
}
