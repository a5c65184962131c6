package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.DAN;
import static io.freshet.training.TestingSequences.EVE;
import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.TrainingConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelUpdate;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import io.freshet.training.WaitingItem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A restore goes on from the version and the updates in the store, and trains nothing again. */
class FineTuneRestoreTest {

    private static final TrainingSequence FAY = sequence("fay", 50, 17, 4, "c", "b", "c", "b");

    @TempDir private Path root;
    private TrainingSettings settings;
    private TestingStore store;
    private String name;

    @BeforeEach
    void prepare(TestInfo test) {
        settings = TestingSequences.settings(root, TestingSequences.training(3));
        store = new TestingStore(root);
        name = test.getDisplayName();
    }

    @Test
    void updates_since_the_version_are_read_not_trained_and_lead_to_the_same_weights()
            throws Exception {
        OperatorSubtaskState state;
        String undisturbed;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.window(CAT);
            harness.window(DAN);
            state = harness.snapshot(1, 1);
            harness.window(EVE);
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            undisturbed = store.weights(2);
        }
        FileUtils.deleteDirectory(root.resolve("2").toFile());
        Files.delete(store.updates().get(2));

        try (FineTuneHarness second =
                FineTuneHarness.restored(settings, state, new TestingModelRuntime(name))) {
            assertThat(second.contents().applied()).isEmpty();
            assertThat(second.contents().tested()).isEmpty();
            second.window(EVE);

            assertThat(TestingModelRuntime.steps(name)).as("of the new window").isEqualTo(1);
            assertThat(second.lastCheckpoint().version()).isEqualTo(2);
            assertThat(second.lastCheckpoint().updates()).isEqualTo(3);
            assertThat(second.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 16, 17));
            assertThat(second.announced()).containsExactly("update 4 of version 1", "version 2");
            assertThat(store.weights(2)).isEqualTo(undisturbed);
        }
    }

    @Test
    void state_has_no_sequence_that_an_update_has_trained_but_for_the_replay_sample()
            throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.window(CAT);
            TrainingBuffers.Contents contents = harness.contents();

            assertThat(contents.pending()).isEmpty();
            assertThat(contents.tested()).isEmpty();
            assertThat(contents.applied()).isEmpty();
            assertThat(contents.carried()).isEmpty();
            assertThat(contents.replayed()).as("at once").containsExactlyInAnyOrder(ANN, BOB, CAT);
        }
    }

    @Test
    void content_that_updates_brought_is_restored_with_them() throws Exception {
        OperatorSubtaskState state;
        String undisturbed;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.items(item("ahead", 1, 0), item("a", 1, 0));
            harness.window(CAT);
            harness.items(item("late", 1, 1), item("ahead", 0, 1), item("c", 0, 1));
            harness.window(DAN);
            harness.items(item("later", 1, 1), item("c", 1, 0));
            state = harness.snapshot(1, 1);
            harness.window(EVE);
            undisturbed = store.weights(2);
        }
        FileUtils.deleteDirectory(root.resolve("2").toFile());
        Files.delete(store.updates().get(2));

        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.window(EVE);
            assertThat(store.weights(2)).isEqualTo(undisturbed);
            assertThat(store.model(2).itemIds())
                    .containsExactly("", "a", "b", "c", "ahead", "late", "later");
            assertThat(store.model(2).features("ahead")).isEqualTo("[0.0, 1.0]");
            assertThat(store.model(2).features("c")).isEqualTo("[1.0, 0.0]");
            assertThat(second.contents().items()).isEmpty();
        }
    }

    @Test
    void a_restore_during_training_trains_the_window() throws Exception {
        OperatorSubtaskState state = stateDuringTrainingOf(CAT);
        FileUtils.deleteDirectory(root.resolve("updates").toFile());
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.awaitVerdict();

            assertThat(second.lastCheckpoint().windowEnd()).isEqualTo(20);
            assertThat(second.announced()).containsExactly("update 2 of version 1");
            assertThat(store.updateNames()).containsExactly("1-2");
        }
    }

    @Test
    void an_update_written_but_never_announced_is_adopted_not_trained() throws Exception {
        OperatorSubtaskState state = stateDuringTrainingOf(CAT);
        List<Path> written = store.updates();
        assertThat(written).hasSize(1);
        Object modified = Files.getLastModifiedTime(written.get(0));

        try (FineTuneHarness second =
                FineTuneHarness.restored(settings, state, new TestingModelRuntime(name))) {
            second.awaitVerdict();

            assertThat(TestingModelRuntime.steps(name)).isZero();
            assertThat(second.announced()).containsExactly("update 2 of version 1");
            assertThat(second.lastCheckpoint().reason()).contains("adopted");
            assertThat(second.lastCheckpoint().interactions()).isEqualTo(4);
            assertThat(store.updates()).isEqualTo(written);
            assertThat(Files.getLastModifiedTime(written.get(0))).isEqualTo(modified);
            assertThat(written.get(0))
                    .asString()
                    .contains(second.lastUpdate().revision().updateFingerprint());
            second.window(DAN);
            second.window(EVE);
            assertThat(store.model(2).count("c", "b")).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void a_damaged_update_that_was_never_announced_is_trained_anew() throws Exception {
        OperatorSubtaskState state = stateDuringTrainingOf(CAT);
        Path written = store.updates().get(0);
        byte[] bytes = Files.readAllBytes(written);
        bytes[bytes.length - 1] ^= 1;
        Files.write(written, bytes);

        try (FineTuneHarness second =
                FineTuneHarness.restored(settings, state, new TestingModelRuntime(name))) {
            second.awaitVerdict();
            assertThat(TestingModelRuntime.steps(name)).isPositive();
            second.window(DAN);
            second.window(EVE);
            assertThat(second.lastCheckpoint().version()).isEqualTo(2);
        }
    }

    @Test
    void a_version_written_but_never_announced_is_adopted_with_its_update() throws Exception {
        settings = TestingSequences.settings(root);
        OperatorSubtaskState state = stateDuringTrainingOf(CAT);
        ModelCheckpoint lost;
        ModelUpdate lostUpdate;
        try (FineTuneHarness crashed = FineTuneHarness.restored(settings, state)) {
            crashed.awaitVerdict();
            lost = crashed.lastCheckpoint();
            lostUpdate = crashed.lastUpdate();
        }
        Path weights = root.resolve("2/variables/counts");
        Object written = Files.getLastModifiedTime(weights);

        try (FineTuneHarness second =
                FineTuneHarness.restored(settings, state, new TestingModelRuntime(name))) {
            second.awaitVerdict();

            assertThat(second.lastCheckpoint()).isEqualTo(lost);
            assertThat(second.lastUpdate()).isEqualTo(lostUpdate);
            assertThat(TestingModelRuntime.steps(name)).isZero();
            assertThat(Files.getLastModifiedTime(weights)).isEqualTo(written);
            second.window(DAN);
            assertThat(second.lastCheckpoint().parent()).isEqualTo(2);
        }
    }

    @Test
    void a_first_version_written_but_never_announced_is_adopted() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold("held " + name);
        OperatorSubtaskState state;
        try (FineTuneHarness crashed =
                FineTuneHarness.started(settings, new TestingModelRuntime("held " + name))) {
            crashed.items(item("a", 1, 0));
            crashed.sequences(ANN, BOB);
            crashed.watermark(9);
            crashed.awaitTraining(barrier);
            state = crashed.snapshot(1, 1);
            barrier.open();
            crashed.awaitVerdict();
        }
        try (FineTuneHarness second =
                FineTuneHarness.restored(settings, state, new TestingModelRuntime(name))) {
            second.items(item("late", 1, 1));
            second.awaitVerdict();
            assertThat(TestingModelRuntime.steps(name)).isZero();
            assertThat(second.announced()).containsExactly("version 1");
            assertThat(second.contents().items())
                    .as("content that the adopted version does not have waits")
                    .extracting(EncodedItem::itemId)
                    .containsExactly("late");
            second.window(CAT);
            assertThat(second.announced()).endsWith("update 2 of version 1");
            assertThat(second.contents().items()).isEmpty();
        }
    }

    /** Options that decide when something is trained, shown or accepted, but shape no weights. */
    static Stream<TrainingConfig> switched() {
        return Stream.of(
                TestingSequences.training(true, 0, true),
                TestingSequences.training(1),
                TestingSequences.training(5),
                TestingSequences.passes(1, 0.5f, 3));
    }

    @ParameterizedTest
    @MethodSource("switched")
    void written_work_is_adopted_under_other_options_that_shape_no_weights(TrainingConfig other)
            throws Exception {
        OperatorSubtaskState state = stateDuringTrainingOf(CAT);
        List<Path> written = store.updates();
        String runtime = name + other;
        try (FineTuneHarness second =
                FineTuneHarness.restored(
                        TestingSequences.settings(root, other),
                        state,
                        new TestingModelRuntime(runtime))) {
            second.awaitVerdict();

            assertThat(TestingModelRuntime.steps(runtime)).isZero();
            assertThat(store.updates()).isEqualTo(written);
            assertThat(second.announced()).startsWith("update 2 of version 1");
        }
    }

    @Test
    void written_work_is_trained_anew_under_options_that_shape_weights() throws Exception {
        OperatorSubtaskState state = stateDuringTrainingOf(CAT);
        TrainingSettings other =
                TestingSequences.settings(root, TestingSequences.passes(2, 0.02f, 3));
        try (FineTuneHarness second =
                FineTuneHarness.restored(other, state, new TestingModelRuntime(name))) {
            second.awaitVerdict();

            assertThat(TestingModelRuntime.steps(name)).isPositive();
            assertThat(store.updateNames()).containsExactly("1-2", "1-2");
        }
    }

    @Test
    void interactions_of_items_without_a_row_count_though_the_update_is_adopted() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.admitting(3, 3));
        OperatorSubtaskState state = stateDuringTrainingOf(CAT);
        List<WaitingItem> before;
        try (FineTuneHarness harness =
                FineTuneHarness.restored(
                        TestingSequences.settings(root.resolve("none"), settings.training()),
                        state)) {
            before = harness.contents().waiting();
            harness.kill(); // its store has no version
        }
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.awaitVerdict();
            assertThat(second.lastCheckpoint().reason()).contains("adopted");
            assertThat(before)
                    .containsExactlyInAnyOrder(
                            new WaitingItem("a", 2),
                            new WaitingItem("b", 2),
                            new WaitingItem("c", 1));
            assertThat(second.contents().waiting()).containsExactly(new WaitingItem("a", 2));
        }
    }

    @Test
    void a_missing_update_is_waited_for_and_nothing_is_lost() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.window(CAT);
            harness.window(DAN);
            state = harness.snapshot(1, 1);
        }
        Path update = store.updates().get(0);
        Path aside = root.resolve("aside");
        Files.move(update, aside);
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.sequences(EVE);
            second.watermark(35);
            second.awaitStoreFailures(2);
            second.watermark(39);
            assertThat(second.contents().pending()).containsExactly(EVE);
            assertThat(second.timeline()).containsExactly("watermark 29");

            Files.move(aside, update);
            second.awaitVerdict();
            assertThat(second.lastCheckpoint().version()).isEqualTo(2);
            assertThat(second.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 16, 17));
            second.window(FAY);
            assertThat(second.announced()).endsWith("version 2", "update 5 of version 2");
        }
    }

    @Test
    void a_damaged_live_version_is_waited_for_and_nothing_is_lost() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            state = harness.snapshot(1, 1);
        }
        String written = store.damage(1);
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.sequences(CAT);
            second.watermark(19);
            second.awaitStoreFailures(2);
            second.sequences(DAN);
            second.watermark(25);
            assertThat(second.contents().pending()).containsExactly(CAT, DAN);
            assertThat(second.timeline()).containsExactly("watermark 9");

            Files.writeString(root.resolve("1/variables/counts"), written);
            second.awaitVerdict();
            assertThat(second.announced()).containsExactly("update 2 of version 1");
        }
    }

    /**
     * Trains a first version, and takes a checkpoint while the update by a second window is in
     * training; then the update is written, and the task is killed.
     */
    private OperatorSubtaskState stateDuringTrainingOf(TrainingSequence window) throws Exception {
        String held = "held " + name;
        try (FineTuneHarness crashed =
                FineTuneHarness.started(settings, new TestingModelRuntime(held))) {
            crashed.window(ANN, BOB);
            TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(held);
            crashed.sequences(window);
            crashed.watermark(window.paneEnd() - 1);
            crashed.awaitTraining(barrier);
            OperatorSubtaskState state = crashed.snapshot(1, 1);
            barrier.open();
            crashed.awaitVerdict();
            crashed.kill();
            return state;
        }
    }

    private static EncodedItem item(String id, float... vector) {
        return new EncodedItem(id, true, 5, vector, List.of());
    }
}
