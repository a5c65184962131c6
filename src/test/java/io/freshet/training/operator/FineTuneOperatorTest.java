package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.sequence;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.config.StoreConfig;
import io.freshet.event.Control;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ContentLayout;
import io.freshet.model.TestingModel;
import io.freshet.model.TestingModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import io.freshet.training.WindowSequence;
import io.freshet.training.version.Pretraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class FineTuneOperatorTest {

    private static final TrainingSequence ANN = sequence("ann", 10, 0, 3, "a", "b", "c");
    private static final TrainingSequence BOB = sequence("bob", 10, 3, 2, "a", "b");
    private static final TrainingSequence CAT = sequence("cat", 20, 5, 4, "b", "c", "b", "c");
    private static final TrainingSequence DAN = sequence("dan", 30, 9, 4, "c", "a", "c", "a");

    @TempDir private Path root;
    private TrainingSettings settings;
    private String name;

    @BeforeEach
    void prepare(TestInfo test) {
        settings = TestingSequences.settings(root);
        name = test.getDisplayName();
    }

    @Test
    void a_full_window_becomes_a_version() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitVerdict();

            ModelCheckpoint checkpoint = harness.lastCheckpoint();
            assertThat(checkpoint.verdict()).isEqualTo(Verdict.PROMOTED);
            assertThat(checkpoint.version()).isEqualTo(1);
            assertThat(checkpoint.parent()).isZero();
            assertThat(checkpoint.window()).isEqualTo(1);
            assertThat(checkpoint.windowStart()).isEqualTo(7);
            assertThat(checkpoint.windowEnd()).isEqualTo(10);
            assertThat(checkpoint.interactions()).isEqualTo(5);
            assertThat(checkpoint.sequences()).isEqualTo(2);
            assertThat(checkpoint.targets()).isEqualTo(3);
            assertThat(checkpoint.loss()).isPositive();
            assertThat(checkpoint.trainedOffsets()).containsExactly(new OffsetRange(0, 0, 4, 5));
            assertThat(checkpoint.path()).isEqualTo(root.toUri().getScheme() + ":" + root + "/1");
            assertThat(model(1).count("a", "b")).isEqualTo(2);
            assertThat(manifest(1).trainedThrough()).isEqualTo(9);
        }
    }

    @Test
    void the_next_window_starts_from_the_live_version() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB, CAT);
            harness.watermark(19);
            harness.awaitVerdict();
            harness.awaitVerdict();

            assertThat(harness.checkpoints())
                    .extracting(ModelCheckpoint::version)
                    .containsExactly(1L, 2L);
            assertThat(harness.lastCheckpoint().parent()).isEqualTo(1);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 8, 9));
            assertThat(model(2).count("a", "b")).isGreaterThanOrEqualTo(2);
            assertThat(model(2).count("c", "b")).isEqualTo(1);
        }
    }

    @Test
    void the_watermark_stays_below_the_window_in_training_and_the_verdict_comes_first()
            throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.sequences(ANN, BOB);
            harness.watermark(5);
            harness.watermark(25);
            harness.awaitTraining(barrier);
            harness.watermark(27);
            assertThat(harness.timeline()).containsExactly(-5L, -9L);

            barrier.open();
            harness.awaitVerdict();
            assertThat(harness.timeline()).containsExactly(-5L, -9L, 10L, -27L);
        }
    }

    @Test
    void windows_that_queue_up_are_announced_in_order_each_before_its_end() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(DAN, CAT, BOB, ANN);
            harness.watermark(Long.MAX_VALUE);
            harness.awaitVerdict();
            harness.awaitVerdict();
            harness.awaitVerdict();

            assertThat(harness.timeline())
                    .containsExactly(-9L, 10L, -19L, 20L, -29L, 30L, -Long.MAX_VALUE);
        }
    }

    @Test
    void input_and_checkpoints_go_on_during_training() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitTraining(barrier);
            harness.sequences(CAT);
            harness.snapshot(1, 1);
            harness.watermark(19);
            harness.snapshot(2, 2);
            assertThat(harness.checkpoints()).isEmpty();

            barrier.open();
            harness.awaitVerdict();
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
        }
    }

    @Test
    void a_restore_during_training_trains_the_window_again_at_once() throws Exception {
        OperatorSubtaskState state = stateTakenDuringTraining();

        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.awaitVerdict();

            assertThat(second.lastCheckpoint().version()).isEqualTo(1);
            assertThat(second.lastCheckpoint().windowEnd()).isEqualTo(10);
            assertThat(model(1).count("a", "b")).isEqualTo(2);
            second.watermark(19);
            second.awaitVerdict();
            assertThat(second.lastCheckpoint().version()).isEqualTo(2);
            assertThat(second.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 8, 9));
        }
    }

    @Test
    void a_version_written_but_never_announced_is_adopted_not_trained_again() throws Exception {
        OperatorSubtaskState state = stateTakenDuringTraining();
        ModelCheckpoint lost;
        try (FineTuneHarness crashed = FineTuneHarness.restored(settings, state)) {
            crashed.awaitVerdict();
            lost = crashed.lastCheckpoint();
        }
        Path weights = root.resolve("1/variables/counts");
        Object written = Files.getLastModifiedTime(weights);

        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.awaitVerdict();

            assertThat(second.lastCheckpoint()).isEqualTo(lost);
            assertThat(Files.getLastModifiedTime(weights)).isEqualTo(written);
            second.watermark(19);
            second.awaitVerdict();
            assertThat(second.lastCheckpoint().parent()).isEqualTo(1);
            assertThat(model(2).count("a", "b")).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void content_that_an_adopted_version_does_not_have_waits_for_the_next() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness crashed = FineTuneHarness.started(settings)) {
            crashed.items(item("a", true, 1, 0), item("b", true, 1, 0));
            crashed.sequences(ANN, BOB);
            state = crashed.snapshot(1, 1);
            crashed.watermark(9);
            crashed.awaitVerdict();
        }

        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.items(item("a", true, 0, 1), item("late", true, 1, 1));
            second.watermark(9);
            second.awaitVerdict();
            assertThat(model(1).features("a")).isEqualTo("[1.0, 0.0]");
            assertThat(second.contents().items())
                    .extracting(EncodedItem::itemId)
                    .containsExactlyInAnyOrder("a", "late");

            second.sequences(CAT);
            second.watermark(19);
            second.awaitVerdict();
            assertThat(model(2).features("a")).isEqualTo("[0.0, 1.0]");
            assertThat(model(2).features("late")).isEqualTo("[1.0, 1.0]");
            assertThat(second.contents().items()).isEmpty();
        }
    }

    @Test
    void a_number_that_holds_announced_or_foreign_work_is_passed_over() throws Exception {
        Files.createDirectories(root.resolve("1/assets"));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            harness.snapshot(1, 1);
            harness.notifyOfCompletedCheckpoint(1);
        }
        TrainingSettings other = TestingSequences.settings(root, TestingSequences.training(0.3f));
        OperatorSubtaskState state = stateTakenDuringTraining();
        try (FineTuneHarness harness = FineTuneHarness.restored(other, state)) {
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(3);
            assertThat(root.resolve("1/assets")).exists();
            assertThat(root.resolve("2")).exists();
        }
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
        TrainingSettings other = TestingSequences.settings(root, TestingSequences.training(0.3f));
        try (FineTuneHarness harness = FineTuneHarness.restored(other, state)) {
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
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitVerdict();
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
            harness.kill(); // before it is told that the checkpoint is complete
        }
        assertThat(root.resolve("unannounced/1-written")).exists();
        FineTuneHarness.restored(settings, newest).close();

        assertThat(root.resolve("unannounced")).isEmptyDirectory();
        assertThat(versionOfOtherWorkFrom(older)).isEqualTo(2);
    }

    @Test
    void a_task_that_was_started_again_elsewhere_stops_and_takes_nothing_back() throws Exception {
        OperatorSubtaskState state = stateTakenDuringTraining();
        TrainingSettings other = TestingSequences.settings(root, TestingSequences.training(0.3f));
        try (FineTuneHarness old = FineTuneHarness.restored(settings, state);
                FineTuneHarness next = FineTuneHarness.restored(other, state)) {
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
            assertThat(manifest(written.version()).fingerprint()).isEqualTo(written.fingerprint());
            next.watermark(19);
            next.awaitVerdict();
            assertThat(next.lastCheckpoint().version()).isEqualTo(written.version() + 1);
        }
    }

    @Test
    void a_job_that_does_not_train_leaves_the_store_to_the_one_that_does() throws Exception {
        try (FineTuneHarness training = FineTuneHarness.started(settings)) {
            makeVersions(training, 0, 1);
            Path writing = Files.createDirectory(root.resolve(".writing-2-abc"));
            TrainingSettings still =
                    TestingSequences.settings(root, TestingSequences.training(false, 0, false));
            try (FineTuneHarness other = FineTuneHarness.started(still)) {
                other.snapshot(1, 1);
                other.notifyOfCompletedCheckpoint(1);
            }
            assertThat(writing).exists();
            assertThat(root.resolve("unannounced/1-written")).exists();

            makeVersions(training, 1, 2);
            assertThat(training.lastCheckpoint().version()).isEqualTo(2);
        }
    }

    @Test
    void the_base_version_is_announced_once_and_before_everything() throws Exception {
        makeBase();
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            ModelCheckpoint base = harness.lastCheckpoint();
            assertThat(base.version()).isEqualTo(1);
            assertThat(base.verdict()).isEqualTo(Verdict.PROMOTED);
            assertThat(base.reason()).isEqualTo("base version");
            assertThat(base.path()).endsWith(root + "/1");
            assertThat(harness.timeline()).containsExactly(0L);
            state = harness.snapshot(1, 1);

            try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
                assertThat(second.checkpoints()).isEmpty();
            }
        }
    }

    @Test
    void what_the_base_version_was_trained_on_is_context_only() throws Exception {
        makeBase();
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB);
            harness.sequences(sequence("ann", 20, 5, 4, "c", "d", "e", "d", "e"));
            harness.watermark(19);
            harness.awaitVerdict();

            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            assertThat(harness.lastCheckpoint().windowStart()).isEqualTo(16);
            assertThat(harness.lastCheckpoint().interactions()).isEqualTo(4);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 5, 8, 4));
        }
    }

    @Test
    void a_configured_base_that_is_missing_stops_the_job_with_what_there_is() throws Exception {
        makeBase();
        TrainingSettings wrong =
                new TrainingSettings(
                        settings.model(),
                        settings.history(),
                        settings.training(),
                        new StoreConfig(settings.store().path(), 2, 7),
                        settings.content(),
                        settings.control());

        assertThatThrownBy(() -> FineTuneHarness.started(wrong))
                .hasStackTraceContaining("No version 7")
                .hasStackTraceContaining("[1]");
    }

    @Test
    void a_version_that_takes_other_content_stops_the_job_with_both_layouts() throws Exception {
        makeBase();
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            state = harness.snapshot(1, 1);
        }
        TrainingSettings other =
                new TrainingSettings(
                        settings.model(),
                        settings.history(),
                        settings.training(),
                        settings.store(),
                        new ContentLayout("none", 0, new TreeMap<>(Map.of("audio", 2))),
                        settings.control());

        assertThatThrownBy(() -> FineTuneHarness.started(other))
                .hasStackTraceContaining("Version 1 was trained on item content 'image[2]'")
                .hasStackTraceContaining("the options make 'audio[2]'");
        assertThatThrownBy(() -> FineTuneHarness.restored(other, state))
                .hasStackTraceContaining("Version 1 was trained on item content 'image[2]'");
    }

    @Test
    void a_rejected_window_leaves_the_champion() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(0.5f));
        List<TrainingSequence> good = new ArrayList<>();
        List<TrainingSequence> bad = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            good.add(sequence("u" + i, 10, i * 4L, 4, "a", "b", "a", "b"));
            bad.add(sequence("u" + i, 20, 400 + i * 4L, 4, "a", "b", TestingModel.HARM, "a", "b"));
        }
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(good.toArray(new TrainingSequence[0]));
            harness.watermark(9);
            harness.awaitVerdict();
            double before = model(1).count("a", "b");
            harness.sequences(bad.toArray(new TrainingSequence[0]));
            harness.watermark(19);
            harness.awaitVerdict();

            ModelCheckpoint rejected = harness.lastCheckpoint();
            assertThat(rejected.verdict()).isEqualTo(Verdict.REJECTED);
            assertThat(rejected.version()).isEqualTo(1);
            assertThat(rejected.path()).endsWith("/1");
            assertThat(rejected.challengerMetric()).isGreaterThan(rejected.championMetric());
            assertThat(rejected.reason()).contains("held-out positions").contains("limit");
            assertThat(rejected.trainedOffsets())
                    .isEqualTo(harness.checkpoints().get(0).trainedOffsets());
            assertThat(root.resolve("2")).doesNotExist();

            harness.sequences(sequence("zoe", 30, 800, 4, "b", "a", "b", "a"));
            harness.watermark(29);
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            assertThat(harness.lastCheckpoint().parent()).isEqualTo(1);
            assertThat(model(2).count("a", "b")).isGreaterThanOrEqualTo(before);
            assertThat(model(2).count("b", TestingModel.HARM)).isZero();
        }
    }

    @Test
    void a_loss_that_is_not_finite_fails_the_window_and_the_champion_stays() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB);
            harness.sequences(sequence("eve", 20, 5, 4, "a", "b", TestingModel.POISON, "a"));
            harness.sequences(DAN);
            harness.watermark(29);
            harness.awaitVerdict();
            harness.awaitVerdict();

            ModelCheckpoint failed = harness.lastCheckpoint();
            assertThat(failed.verdict()).isEqualTo(Verdict.FAILED);
            assertThat(failed.version()).isEqualTo(1);
            assertThat(failed.reason()).contains("window 2").contains("not finite");
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.PROMOTED);
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            assertThat(model(2).count("b", TestingModel.POISON)).isZero();
        }
    }

    @Test
    void a_first_window_that_fails_leaves_no_model_and_the_next_starts_anew() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(sequence("eve", 10, 0, 4, "a", "b", TestingModel.POISON, "a"));
            harness.sequences(DAN);
            harness.watermark(29);
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.FAILED);
            assertThat(harness.lastCheckpoint().version()).isZero();
            assertThat(harness.lastCheckpoint().path()).isEmpty();

            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            assertThat(model(1).itemIds()).doesNotContain(TestingModel.POISON);
        }
    }

    @Test
    void arrival_order_within_a_pane_makes_no_difference() throws Exception {
        List<TrainingSequence> pane = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            pane.add(sequence("u" + i, 10, i * 2L, 2, "i" + i % 7, "i" + i % 5, "i" + i % 3));
        }
        List<String> files = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            Collections.shuffle(pane, new Random(run));
            Path store = root.resolve("run" + run);
            try (FineTuneHarness harness =
                    FineTuneHarness.started(TestingSequences.settings(store))) {
                harness.sequences(pane.toArray(new TrainingSequence[0]));
                harness.watermark(9);
                harness.awaitVerdict();
            }
            files.add(
                    Files.readString(store.resolve("1/vocabulary.txt"))
                            + Files.readString(store.resolve("1/variables/counts")));
        }

        assertThat(files.get(1)).isEqualTo(files.get(0));
        assertThat(files.get(2)).isEqualTo(files.get(0));
    }

    @Test
    void a_forgotten_user_is_in_no_version_after() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
        OperatorSubtaskState during;
        OperatorSubtaskState after;
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitTraining(barrier);
            harness.sequences(CAT, sequence("ann", 20, 50, 1, "c", "x"));
            harness.control(Control.forget("c", "ann", 12));
            during = harness.snapshot(1, 1);
            barrier.open();
            harness.awaitVerdict();
            after = harness.snapshot(2, 2);
            harness.notifyOfCompletedCheckpoint(2);
        }
        assertThat(users(during)).containsExactly("bob", "cat");
        assertThat(users(after)).containsExactly("cat", "bob");

        try (FineTuneHarness second = FineTuneHarness.restored(settings, after)) {
            second.watermark(19);
            second.awaitVerdict();
            assertThat(model(2).itemIds()).doesNotContain("x");
        }
    }

    @Test
    void content_makes_items_known_and_is_described_anew() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.items(
                    item("a", true, 1, 0),
                    item("new", true, 0, 1),
                    item("gone", false, 1, 1),
                    item("wide", true, 1, 2, 3),
                    item("plain", true));
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitVerdict();
            assertThat(model(1).itemIds()).containsExactly("", "a", "new", "b", "c");
            assertThat(model(1).features("new")).isEqualTo("[0.0, 1.0]");
            assertThat(model(1).features("b")).isEmpty();

            harness.items(item("b", true, 0.5f, 0.5f));
            harness.sequences(CAT);
            harness.watermark(19);
            harness.awaitVerdict();
            assertThat(model(2).features("b")).isEqualTo("[0.5, 0.5]");
            assertThat(model(2).count("a", "b")).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void content_that_came_during_training_waits_for_the_next_version() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.items(item("a", true, 1, 0));
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitTraining(barrier);
            harness.items(item("a", true, 0, 1), item("late", true, 1, 1));
            barrier.open();
            harness.awaitVerdict();
            assertThat(model(1).features("a")).isEqualTo("[1.0, 0.0]");
            OperatorSubtaskState state = harness.snapshot(1, 1);

            try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
                second.sequences(CAT);
                second.watermark(19);
                second.awaitVerdict();
                assertThat(model(2).features("a")).isEqualTo("[0.0, 1.0]");
                assertThat(model(2).features("late")).isEqualTo("[1.0, 1.0]");
            }
        }
    }

    @Test
    void the_champion_is_tested_on_a_window_before_it_trains_on_it() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB);
            harness.sequences(sequence("cat", 20, 5, 4, "a", "b", "new", "c"));
            harness.watermark(19);
            harness.awaitVerdict();
            harness.awaitVerdict();

            Evaluation evaluation = harness.evaluations().get(0);
            assertThat(evaluation.subject()).isEqualTo(Evaluation.Subject.LIVE_MODEL);
            assertThat(evaluation.window()).isEqualTo(2);
            assertThat(evaluation.modelVersion()).isEqualTo(1);
            assertThat(evaluation.timestamp()).isEqualTo(20);
            assertThat(evaluation.positions()).isEqualTo(3);
            assertThat(evaluation.hitRate()).isEqualTo(2 / 3f);
            assertThat(evaluation.loss()).isPositive();
        }
    }

    @Test
    void the_frozen_baseline_is_tested_beside_the_live_model() throws Exception {
        makeBase();
        settings = TestingSequences.settings(root, TestingSequences.training(true, 0, true));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(CAT, DAN);
            harness.watermark(29);
            harness.awaitVerdict();
            harness.awaitVerdict();

            assertThat(harness.evaluations())
                    .extracting(Evaluation::subject, Evaluation::modelVersion)
                    .containsExactly(
                            tuple(Evaluation.Subject.LIVE_MODEL, 1L),
                            tuple(Evaluation.Subject.FROZEN_MODEL, 1L),
                            tuple(Evaluation.Subject.LIVE_MODEL, 2L),
                            tuple(Evaluation.Subject.FROZEN_MODEL, 1L),
                            tuple(Evaluation.Subject.PAST_WINDOWS, 3L));
        }
    }

    @Test
    void a_new_version_is_tested_on_what_the_windows_before_trained() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitVerdict();
            assertThat(harness.evaluations()).isEmpty();

            harness.sequences(CAT);
            harness.watermark(19);
            harness.awaitVerdict();

            Evaluation past = harness.evaluations().get(1);
            assertThat(past.subject()).isEqualTo(Evaluation.Subject.PAST_WINDOWS);
            assertThat(past.modelVersion()).isEqualTo(2);
            assertThat(past.positions()).isEqualTo(3);
            assertThat(past.hitRate()).isEqualTo(1);
        }
    }

    @Test
    void without_training_windows_are_tested_and_versions_never_change() throws Exception {
        makeBase();
        settings = TestingSequences.settings(root, TestingSequences.training(false, 0, false));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.items(item("a", true, 1, 0));
            harness.sequences(CAT);
            harness.watermark(19);
            harness.awaitTest();

            assertThat(harness.checkpoints()).hasSize(1);
            assertThat(harness.evaluations()).hasSize(1);
            assertThat(harness.timeline()).containsExactly(0L, -19L);
            assertThat(users(harness.snapshot(1, 1))).isEmpty();
            assertThat(new ModelStore(settings.store()).versions()).containsExactly(1L);
        }
    }

    @Test
    void held_out_positions_judge_one_window_and_are_trained_in_the_next() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(0.5f));
        List<TrainingSequence> pane = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            pane.add(sequence("u" + i, 10, i * 3L, 3, "a", "b", "u" + i));
        }
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(pane.toArray(new TrainingSequence[0]));
            harness.watermark(9);
            harness.awaitVerdict();
            long first = harness.lastCheckpoint().trainedOffsets().get(0).count();
            assertThat(first).isBetween(140L, 160L);

            harness.sequences(sequence("zoe", 20, 180, 4, "a", "b", "a", "b"));
            harness.watermark(19);
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().trainedOffsets().get(0).count())
                    .isGreaterThanOrEqualTo(183);
            for (int i = 0; i < 60; i++) {
                assertThat(model(2).count("b", "u" + i)).isGreaterThanOrEqualTo(1);
            }
        }
    }

    @Test
    void a_refused_window_leaves_what_the_one_before_it_held_out_to_the_next() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(0.5f));
        List<TrainingSequence> panes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            panes.add(sequence("u" + i, 10, i * 3L, 3, "a", "b", "u" + i));
            panes.add(sequence("v" + i, 20, 180 + i * 3L, 3, "a", TestingModel.POISON, "v" + i));
            panes.add(sequence("w" + i, 30, 360 + i * 3L, 3, "a", "b", "w" + i));
        }
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(panes.toArray(new TrainingSequence[0]));
            harness.watermark(29);
            for (int window = 1; window <= 3; window++) {
                harness.awaitVerdict();
            }

            assertThat(harness.checkpoints())
                    .extracting(ModelCheckpoint::verdict)
                    .containsExactly(Verdict.PROMOTED, Verdict.FAILED, Verdict.PROMOTED);
            List<TrainingSequence> carried = harness.contents().carried();
            int heldOut = carried.stream().mapToInt(sequence -> sequence.fresh().length).sum();
            assertThat(heldOut).isPositive();
            OffsetRange trained = harness.lastCheckpoint().trainedOffsets().get(0);
            assertThat(trained.count()).isEqualTo(180 + 180 - heldOut);
            for (int i = 0; i < 60; i++) {
                assertThat(model(2).count("b", "u" + i)).as("once, and replayed").isBetween(1d, 2d);
                assertThat(model(2).itemIds()).doesNotContain("v" + i);
            }
            assertThat(harness.contents().judges())
                    .extracting(WindowSequence::window)
                    .containsOnly(1L, 3L);
        }
    }

    @Test
    void a_quiet_catalog_holds_no_event_time_back_and_drives_none() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.catalogWatermark(1000);
            assertThat(harness.timeline()).isEmpty();
            harness.watermark(7);
            assertThat(harness.timeline()).containsExactly(-7L);
        }
    }

    @Test
    void the_output_is_idle_with_the_sequences_but_not_while_a_window_trains() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitTraining(barrier);
            harness.idle(true);
            assertThat(harness.getOutput()).doesNotContain(WatermarkStatus.IDLE);
            barrier.open();
            harness.awaitVerdict();
            assertThat(harness.getOutput()).last().isEqualTo(WatermarkStatus.IDLE);
            harness.idle(false);
            assertThat(harness.getOutput()).last().isEqualTo(WatermarkStatus.ACTIVE);
        }
    }

    @Test
    void the_end_of_the_input_waits_for_the_windows_that_are_due() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB, CAT, sequence("dan", 30, 9, 2, "c", "a"));
            harness.watermark(Long.MAX_VALUE);
            harness.getOperator().finish();

            assertThat(harness.checkpoints())
                    .extracting(ModelCheckpoint::version)
                    .containsExactly(1L, 2L);
            assertThat(users(harness.snapshot(1, 1))).contains("dan");
        }
    }

    @Test
    void old_versions_go_only_when_a_checkpoint_has_completed_that_does_not_need_them()
            throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            for (int window = 0; window < 5; window++) {
                long end = 10 + 10L * window;
                harness.sequences(sequence("ann", end, window * 4L, 4, "a", "b", "a", "b"));
                harness.watermark(end - 1);
                harness.awaitVerdict();
                if (window == 2) {
                    harness.snapshot(1, 1);
                }
            }
            ModelStore store = new ModelStore(settings.store());
            assertThat(store.versions()).containsExactly(1L, 2L, 3L, 4L, 5L);
            harness.completeAndTidyUp(1);
            assertThat(store.versions()).containsExactly(1L, 3L, 4L, 5L);
            harness.snapshot(2, 2);
            harness.completeAndTidyUp(2);
            assertThat(store.versions()).containsExactly(1L, 4L, 5L);
        }
    }

    @Test
    void a_damaged_live_version_is_waited_for_and_nothing_is_lost() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitVerdict();
            state = harness.snapshot(1, 1);
        }
        Path counts = root.resolve("1/variables/counts");
        String written = Files.readString(counts);
        Files.writeString(counts, "a b 7.0");
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.sequences(CAT);
            second.watermark(19);
            second.awaitStoreFailures(2);
            second.sequences(DAN);
            second.watermark(25);
            assertThat(users(second)).contains("cat", "dan");
            assertThat(second.timeline()).last().isEqualTo(-19L);

            Files.writeString(counts, written);
            second.awaitVerdict();
            assertThat(second.lastCheckpoint().version()).isEqualTo(2);
            assertThat(second.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 8, 9));
        }
    }

    @Test
    void a_live_version_of_somebody_else_is_not_trained_on() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitVerdict();
            state = harness.snapshot(1, 1);
        }
        Files.move(root.resolve("1"), root.resolve(".mine"));
        try (FineTuneHarness other = FineTuneHarness.started(settings)) {
            other.sequences(CAT);
            other.watermark(19);
            other.awaitVerdict();
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

    @Test
    void a_savepoint_s_version_stays_however_many_come_after_it() throws Exception {
        OperatorSubtaskState savepoint;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            makeVersions(harness, 0, 2);
            savepoint = harness.savepoint(1);
            makeVersions(harness, 2, 7);
            harness.snapshot(2, 2);
            harness.completeAndTidyUp(2);
        }
        ModelStore store = new ModelStore(settings.store());
        assertThat(store.versions()).containsExactly(1L, 2L, 6L, 7L);

        try (FineTuneHarness second = FineTuneHarness.restored(settings, savepoint)) {
            makeVersions(second, 2, 3);
            assertThat(second.lastCheckpoint().parent()).isEqualTo(2);
            assertThat(second.lastCheckpoint().version()).isEqualTo(8);
        }
    }

    @Test
    void a_savepoint_that_comes_to_nothing_keeps_no_version() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            makeVersions(harness, 0, 1);
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
    void every_checkpoint_that_flink_retains_can_be_started_from() throws Exception {
        List<OperatorSubtaskState> retained = new ArrayList<>();
        try (FineTuneHarness harness = FineTuneHarness.retaining(settings, 3)) {
            for (int version = 1; version <= 7; version++) {
                makeVersions(harness, version - 1, version);
                retained.add(harness.snapshot(version, version));
                harness.notifyOfCompletedCheckpoint(version);
            }
            makeVersions(harness, 7, 9);
        }
        ModelStore store = new ModelStore(settings.store());
        assertThat(store.versions()).containsExactly(1L, 5L, 6L, 7L, 8L, 9L);

        for (OperatorSubtaskState state : retained.subList(4, 7)) {
            try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
                makeVersions(second, 9, 10);
                assertThat(second.lastCheckpoint().version()).isEqualTo(8); // never announced
            }
        }
    }

    @Test
    void what_another_job_was_started_from_stays() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            makeVersions(harness, 0, 2);
            state = harness.snapshot(1, 1);
        }
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            makeVersions(second, 2, 7);
            second.snapshot(2, 2);
            second.completeAndTidyUp(2);
        }
        assertThat(new ModelStore(settings.store()).versions()).containsExactly(1L, 2L, 6L, 7L);
    }

    @Test
    void between_versions_the_recommenders_are_told_each_update() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(2));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB, CAT, DAN);
            harness.watermark(29);
            harness.awaitVerdict();
            harness.awaitVerdict();
            harness.awaitVerdict();

            assertThat(harness.checkpoints())
                    .extracting(
                            ModelCheckpoint::verdict,
                            ModelCheckpoint::version,
                            ModelCheckpoint::updates,
                            ModelCheckpoint::interactions,
                            ModelCheckpoint::windowStart)
                    .containsExactly(
                            tuple(Verdict.PROMOTED, 1L, 1, 5, 7L),
                            tuple(Verdict.UPDATED, 1L, 1, 4, 16L),
                            tuple(Verdict.PROMOTED, 2L, 2, 4, 26L));
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 12, 13));
            assertThat(told(harness))
                    .containsExactly("0+1", "version 1", "1+1", "1+2", "version 2");
            assertThat(requireNonNull(harness.updates().get(2).delta()).trainedThrough())
                    .isEqualTo(8);
        }
    }

    @Test
    void a_restore_between_versions_makes_the_live_model_again_and_tells_it() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(3));
        OperatorSubtaskState state;
        List<RecommenderUpdate> before;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB, CAT, DAN);
            harness.watermark(29);
            harness.awaitVerdict();
            harness.awaitUpdate();
            harness.awaitUpdate();
            state = harness.snapshot(1, 1);
            before = harness.updates();
        }

        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.awaitUpdate();
            assertThat(told(second)).containsExactly("1+1", "1+2");
            assertThat(second.updates())
                    .usingRecursiveComparison()
                    .isEqualTo(before.subList(2, before.size()));
            assertThat(second.evaluations()).isEmpty();

            second.sequences(sequence("eve", 40, 13, 4, "a", "b", "a", "b"));
            second.watermark(39);
            second.awaitVerdict();
            assertThat(second.lastCheckpoint().version()).isEqualTo(2);
            assertThat(second.lastCheckpoint().updates()).isEqualTo(3);
            assertThat(second.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 16, 17));
            assertThat(model(2).count("c", "b")).isEqualTo(1);
        }
    }

    /** Content runs ahead of windows, comes late for them, and is replaced. */
    @Test
    void an_update_is_made_again_with_the_content_that_it_knew() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(3));
        TrainingSequence eve = sequence("eve", 40, 13, 4, "a", "b", "a", "b");
        OperatorSubtaskState state;
        List<RecommenderUpdate> before;
        String undisturbed;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitVerdict();
            harness.items(item("ahead", 1000, 1, 0), item("a", 1000, 1, 0));
            harness.sequences(CAT);
            harness.watermark(19);
            harness.awaitVerdict();
            harness.items(item("late", 5, 1, 1), item("ahead", 1000, 0, 1), item("c", 5, 0, 1));
            harness.sequences(DAN);
            harness.watermark(29);
            harness.awaitVerdict();
            harness.items(item("later", 3, 1, 1), item("c", 3, 1, 0));
            state = harness.snapshot(1, 1);
            before = harness.updates();
            harness.sequences(eve);
            harness.watermark(39);
            harness.awaitVerdict();
            undisturbed = files(2);
        }
        FileUtils.deleteDirectory(root.resolve("2").toFile());

        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.awaitUpdate();
            assertThat(second.updates())
                    .usingRecursiveComparison()
                    .isEqualTo(before.subList(2, before.size()));
            second.sequences(eve);
            second.watermark(39);
            second.awaitVerdict();
            assertThat(files(2)).isEqualTo(undisturbed);
            assertThat(model(2).itemIds())
                    .containsExactly("", "a", "b", "c", "ahead", "late", "later");
            assertThat(model(2).features("ahead")).isEqualTo("[0.0, 1.0]");
            assertThat(model(2).features("c")).isEqualTo("[1.0, 0.0]");
            assertThat(second.contents().items()).isEmpty();
        }
    }

    @Test
    void an_update_that_is_refused_is_taken_back_and_the_ones_before_it_stay() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(4));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB, CAT);
            harness.sequences(sequence("eve", 30, 9, 4, "a", "b", TestingModel.POISON, "a"));
            harness.sequences(sequence("fay", 40, 13, 4, "c", "a", "c", "a"));
            harness.sequences(sequence("gus", 50, 17, 4, "c", "a", "c", "a"));
            harness.sequences(sequence("hal", 60, 21, 4, "c", "a", "c", "a"));
            harness.watermark(59);
            harness.awaitVerdict();
            harness.awaitVerdict();
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.FAILED);
            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            assertThat(harness.lastCheckpoint().updates()).isEqualTo(1);

            harness.awaitVerdict();
            harness.awaitVerdict();
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            assertThat(harness.lastCheckpoint().updates()).isEqualTo(4);
            assertThat(told(harness))
                    .containsExactly("0+1", "version 1", "1+1", "1+2", "1+3", "1+4", "version 2");
            assertThat(model(2).count("c", "b")).isEqualTo(1);
            assertThat(model(2).itemIds()).doesNotContain(TestingModel.POISON);
        }
    }

    @Test
    void updates_that_are_together_worse_than_their_version_are_rolled_back() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.judging(0.5f, 2));
        List<TrainingSequence> good = new ArrayList<>();
        List<TrainingSequence> scattered = new ArrayList<>();
        List<TrainingSequence> later = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            good.add(sequence("g" + i, 10, 4L * i, 4, "x", "y", "x", "y"));
            // what is held out is new to the model, so this update can't be judged by itself
            scattered.add(sequence("s" + i, 20, 400L + i, 1, "x", "new " + i));
        }
        for (int i = 0; i < 400; i++) {
            later.add(sequence("l" + i, 30, 500L + 2 * i, 2, "y", "x", "y"));
        }
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            for (List<TrainingSequence> window : List.of(good, scattered, later)) {
                harness.sequences(window.toArray(new TrainingSequence[0]));
            }
            harness.watermark(29);
            harness.awaitVerdict();
            harness.awaitVerdict();
            harness.awaitVerdict();

            ModelCheckpoint verdict = harness.lastCheckpoint();
            assertThat(verdict.verdict()).isEqualTo(Verdict.ROLLED_BACK);
            assertThat(verdict.version()).isEqualTo(1);
            assertThat(verdict.updates()).isEqualTo(2);
            assertThat(verdict.trainedOffsets())
                    .isEqualTo(harness.checkpoints().get(0).trainedOffsets());
            assertThat(told(harness))
                    .containsExactly("0+1", "version 1", "1+1", "1+2", "version 1");
            assertThat(root.resolve("2")).doesNotExist();

            harness.sequences(sequence("zoe", 40, 1300, 4, "x", "y", "x", "y"));
            harness.watermark(39);
            harness.awaitUpdate();
            assertThat(told(harness)).endsWith("version 1", "1+1");
        }
    }

    /** The number that is given to work from a checkpoint that is cut by other settings. */
    private long versionOfOtherWorkFrom(OperatorSubtaskState state) throws Exception {
        TrainingSettings other = TestingSequences.settings(root, TestingSequences.training(0.3f));
        try (FineTuneHarness harness = FineTuneHarness.restored(other, state)) {
            harness.watermark(29);
            harness.awaitVerdict();
            return harness.lastCheckpoint().version();
        }
    }

    /** Trains windows on the pane after each version, from one up to another. */
    private static void makeVersions(FineTuneHarness harness, int from, int to) throws Exception {
        for (int window = from; window < to; window++) {
            long end = 10 + 10L * window;
            harness.sequences(sequence("ann", end, window * 4L, 4, "a", "b", "a", "b"));
            harness.watermark(end - 1);
            harness.awaitVerdict();
        }
    }

    /** What the recommenders were told: version+update of a delta, or the version of a verdict. */
    private static List<String> told(FineTuneHarness harness) {
        return harness.updates().stream()
                .map(
                        update ->
                                update.delta() != null
                                        ? update.delta().version() + "+" + update.delta().update()
                                        : "version "
                                                + requireNonNull(update.checkpoint()).version())
                .toList();
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

    /**
     * Users in the state's sequences, in order of the lists tested, pending, held out, replayed.
     */
    private List<String> users(OperatorSubtaskState state) throws Exception {
        try (FineTuneHarness reader = FineTuneHarness.restored(settings, state)) {
            return users(reader);
        }
    }

    private static List<String> users(FineTuneHarness harness) {
        FineTuneOperator operator = (FineTuneOperator) harness.getOperator();
        FineTuneLedger.Contents contents = operator.contents();
        List<String> users = new ArrayList<>();
        contents.tested().forEach(sequence -> users.add(sequence.userId()));
        contents.pending().forEach(sequence -> users.add(sequence.userId()));
        contents.carried().forEach(sequence -> users.add(sequence.userId()));
        contents.replayed().forEach(sequence -> users.add(sequence.userId()));
        return users;
    }

    private void makeBase() throws IOException {
        new Pretraining(
                        new TestingModelRuntime(),
                        new ModelStore(settings.store()),
                        settings,
                        progress -> {})
                .run(List.of(ANN, BOB), List.of());
    }

    private TestingModel model(long version) throws IOException {
        return (TestingModel) new TestingModelRuntime().load(root.resolve(Long.toString(version)));
    }

    private Manifest manifest(long version) throws IOException {
        return new ModelStore(settings.store()).verify(version);
    }

    private String files(long version) throws IOException {
        Path directory = root.resolve(Long.toString(version));
        return Files.readString(directory.resolve("vocabulary.txt"))
                + Files.readString(directory.resolve("variables/counts"))
                + Files.readString(directory.resolve("variables/features"));
    }

    private static EncodedItem item(String id, long timestamp, float... vector) {
        return new EncodedItem(id, id, true, timestamp, vector, List.of());
    }

    private static EncodedItem item(String id, boolean available, float... vector) {
        return new EncodedItem(id, id, available, 0, vector, List.of());
    }
}
