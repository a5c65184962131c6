package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.DAN;
import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Windows become updates of the live model and versions, in event time. */
class FineTuneOperatorTest {

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
    void the_first_window_becomes_a_version_without_an_update() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);

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
            assertThat(checkpoint.reason())
                    .isEqualTo("first version; no gate: training.holdout is 0");
            assertThat(checkpoint.trainedOffsets()).containsExactly(new OffsetRange(0, 0, 4, 5));
            assertThat(checkpoint.path()).isEqualTo(root.toUri().getScheme() + ":" + root + "/1");
            assertThat(store.model(1).count("a", "b")).isEqualTo(2);
            assertThat(store.manifest(1).trainedThrough()).isEqualTo(9);
            assertThat(store.updates()).isEmpty();
            assertThat(harness.announced()).containsExactly("version 1");
        }
    }

    @Test
    void the_next_window_updates_the_live_version_and_becomes_one() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.window(CAT);

            ModelCheckpoint checkpoint = harness.lastCheckpoint();
            assertThat(checkpoint.version()).isEqualTo(2);
            assertThat(checkpoint.parent()).isEqualTo(1);
            assertThat(checkpoint.trainedOffsets()).containsExactly(new OffsetRange(0, 0, 8, 9));
            assertThat(store.model(2).count("a", "b")).isGreaterThanOrEqualTo(2);
            assertThat(store.model(2).count("c", "b")).isEqualTo(1);
            assertThat(harness.announced())
                    .containsExactly("version 1", "update 2 of version 1", "version 2");
            assertThat(checkpoint.updateFingerprint())
                    .as("by which a recommender has the version already")
                    .isEqualTo(harness.lastUpdate().revision().updateFingerprint());
        }
    }

    @Test
    void between_versions_each_update_is_a_file_of_the_store_and_announced() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.training(2));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.window(CAT);
            ModelRevision version =
                    ModelRevision.ofVersion(1, harness.lastCheckpoint().fingerprint());
            assertThat(harness.lastUpdate().parent()).isEqualTo(version);
            assertThat(harness.lastUpdate().timestamp()).isEqualTo(20);
            assertThat(harness.lastUpdate().trainedThrough()).isEqualTo(8);
            ModelRevision first = harness.lastUpdate().revision();
            harness.window(DAN);
            assertThat(harness.lastUpdate().parent()).isEqualTo(first);

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
            assertThat(harness.announced())
                    .containsExactly(
                            "version 1",
                            "update 2 of version 1",
                            "update 3 of version 1",
                            "version 2");
            assertThat(store.updateNames()).containsExactly("1-2", "1-3");
            assertThat(store.updates().get(0))
                    .hasFileName("1-2-" + first.updateFingerprint() + ".safetensors");
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
            assertThat(harness.timeline()).containsExactly("watermark 5", "watermark 9");

            barrier.open();
            harness.awaitVerdict();
            assertThat(harness.timeline())
                    .containsExactly("watermark 5", "watermark 9", "verdict at 10", "watermark 27");
        }
    }

    @Test
    void windows_that_queue_up_are_announced_in_order_each_before_its_end() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(DAN, CAT, BOB, ANN);
            harness.watermark(Long.MAX_VALUE);
            harness.getOperator().finish();

            assertThat(harness.timeline())
                    .containsExactly(
                            "watermark 9",
                            "verdict at 10",
                            "watermark 19",
                            "verdict at 20",
                            "watermark 29",
                            "verdict at 30",
                            "end of input");
        }
    }

    @Test
    void a_pane_that_brings_too_much_makes_several_windows() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.windows(4, 8));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            for (int user = 0; user < 5; user++) {
                harness.sequences(sequence("u" + user, 10, 4L * user, 4, "a", "b", "a", "b"));
            }
            harness.watermark(9);
            for (int window = 0; window < 3; window++) {
                harness.awaitVerdict();
            }

            assertThat(harness.checkpoints())
                    .extracting(ModelCheckpoint::interactions)
                    .containsExactly(8, 8, 4);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 19, 20));
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
    void arrival_order_within_a_pane_makes_no_difference() throws Exception {
        List<TrainingSequence> pane = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            pane.add(sequence("u" + i, 10, i * 2L, 2, "i" + i % 7, "i" + i % 5, "i" + i % 3));
        }
        List<String> weights = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            Collections.shuffle(pane, new Random(run));
            Path own = root.resolve("run" + run);
            try (FineTuneHarness harness =
                    FineTuneHarness.started(TestingSequences.settings(own))) {
                harness.window(pane.toArray(new TrainingSequence[0]));
            }
            weights.add(new TestingStore(own).weights(1));
        }

        assertThat(weights).containsOnly(weights.get(0));
    }

    @Test
    void a_quiet_catalog_holds_no_event_time_back_and_drives_none() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.catalogWatermark(1000);
            assertThat(harness.timeline()).isEmpty();
            harness.watermark(7);
            assertThat(harness.timeline()).containsExactly("watermark 7");
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
            assertThat(harness.timeline()).doesNotContain("idle");
            barrier.open();
            harness.awaitVerdict();
            assertThat(harness.timeline()).endsWith("watermark 9", "verdict at 10", "idle");
            harness.idle(false);
            assertThat(harness.timeline()).endsWith("idle", "active");
        }
    }

    @Test
    void the_end_of_the_input_waits_for_the_windows_that_are_due() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            TrainingSequence few = sequence("dan", 30, 9, 2, "c", "a");
            harness.sequences(ANN, BOB, CAT, few);
            harness.watermark(Long.MAX_VALUE);
            harness.getOperator().finish();

            assertThat(harness.checkpoints())
                    .extracting(ModelCheckpoint::version)
                    .containsExactly(1L, 2L);
            assertThat(harness.contents().pending()).containsExactly(few);
        }
    }
}
