package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.DAN;
import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.TrainingConfig;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModel;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import io.freshet.training.WindowSequence;
import io.freshet.training.window.ValidationBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of updates that break down, or are worse on positions that nobody trained on. */
class GateVerdictsTest {

    private static final int USERS = 100;

    @TempDir private Path root;
    private TestingStore store;

    @BeforeEach
    void prepare() {
        store = new TestingStore(root);
    }

    @Test
    void an_update_that_is_worse_is_undone() throws Exception {
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(TestingSequences.training(0.5f)))) {
            harness.window(users(i -> sequence("u" + i, 10, i * 4L, 4, "x", "y", "x", "y")));
            double before = store.model(1).count("x", "y");
            harness.window(scattered("bad", 300, 20, 400));

            ModelCheckpoint rejected = harness.lastCheckpoint();
            assertThat(rejected.verdict()).isEqualTo(Verdict.REJECTED);
            assertThat(rejected.version()).isEqualTo(1);
            assertThat(rejected.path()).endsWith("/1");
            assertThat(rejected.challengerMetric()).isGreaterThan(rejected.championMetric());
            assertThat(rejected.reason()).contains("validation positions").contains("limit");
            assertThat(rejected.validationPositions()).isPositive();
            assertThat(rejected.trainedOffsets())
                    .isEqualTo(harness.checkpoints().get(0).trainedOffsets());
            assertThat(harness.announced()).containsExactly("version 1");
            assertThat(store.updates()).isEmpty();
            assertThat(store.versions()).containsExactly(1L);

            harness.window(sequence("zoe", 30, 800, 4, "y", "x", "y", "x"));
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            assertThat(harness.lastCheckpoint().parent()).isEqualTo(1);
            assertThat(store.model(2).count("x", "y")).isGreaterThanOrEqualTo(before);
            assertThat(store.model(2).itemIds()).hasSize(3);
        }
    }

    @Test
    void a_training_loss_that_is_not_finite_fails_the_update() throws Exception {
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(TestingSequences.training()))) {
            harness.window(ANN, BOB);
            harness.window(poisoned(20, 5));

            ModelCheckpoint failed = harness.lastCheckpoint();
            assertThat(failed.verdict()).isEqualTo(Verdict.FAILED);
            assertThat(failed.version()).isEqualTo(1);
            assertThat(failed.reason()).contains("window 2").contains("not finite");
            assertThat(store.updates()).isEmpty();
            harness.window(DAN);
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.PROMOTED);
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            assertThat(store.model(2).itemIds()).doesNotContain(TestingModel.POISON);
        }
    }

    @Test
    void validation_losses_that_are_not_finite_any_more_fail_the_update() throws Exception {
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(TestingSequences.training(0.5f)))) {
            harness.window(users(i -> sequence("u" + i, 10, i * 4L, 4, "a", "b", "a", "b")));
            harness.window(
                    users(
                            i ->
                                    sequence(
                                            "u" + i,
                                            20,
                                            400 + i * 4L,
                                            4,
                                            "a",
                                            TestingModel.RUIN,
                                            "a",
                                            "b")));

            ModelCheckpoint failed = harness.lastCheckpoint();
            assertThat(failed.verdict()).isEqualTo(Verdict.FAILED);
            assertThat(failed.loss()).as("of training").isFinite();
            assertThat(failed.reason()).contains("validation positions is not finite any more");
            assertThat(harness.announced()).containsExactly("version 1");
            harness.window(sequence("zoe", 30, 800, 4, "b", "a", "b", "a"));
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.PROMOTED);
        }
    }

    @Test
    void a_first_window_that_fails_leaves_no_model_and_the_next_starts_anew() throws Exception {
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(TestingSequences.training()))) {
            harness.window(poisoned(10, 0));
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.FAILED);
            assertThat(harness.lastCheckpoint().version()).isZero();
            assertThat(harness.lastCheckpoint().path()).isEmpty();

            harness.window(DAN);
            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            assertThat(store.model(1).itemIds()).doesNotContain(TestingModel.POISON);
        }
    }

    @Test
    void the_updates_before_one_that_fails_stay() throws Exception {
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(TestingSequences.training(4)))) {
            harness.window(ANN, BOB);
            harness.window(CAT);
            harness.window(poisoned(30, 9));
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.FAILED);
            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            assertThat(harness.lastCheckpoint().updates()).isEqualTo(1);

            harness.window(sequence("fay", 40, 13, 4, "c", "a", "c", "a"));
            harness.window(sequence("gus", 50, 17, 4, "c", "a", "c", "a"));
            harness.window(sequence("hal", 60, 21, 4, "c", "a", "c", "a"));
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            assertThat(harness.lastCheckpoint().updates()).isEqualTo(4);
            assertThat(harness.announced())
                    .containsExactly(
                            "version 1",
                            "update 2 of version 1",
                            "update 4 of version 1",
                            "update 5 of version 1",
                            "update 6 of version 1",
                            "version 2");
            assertThat(store.model(2).count("c", "b")).isPositive();
            assertThat(store.model(2).itemIds()).doesNotContain(TestingModel.POISON);
        }
    }

    @Test
    void updates_that_are_together_worse_than_their_version_are_rolled_back() throws Exception {
        TrainingSettings settings = settings(TestingSequences.judging(0.5f, 0.6f, 2));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(users(i -> sequence("g" + i, 10, 4L * i, 4, "x", "y", "x", "z")));
            // each makes y and z after x less likely, by less than the tolerance
            harness.window(scattered("m", 160, 20, 400));
            harness.window(scattered("n", 160, 30, 600));

            ModelCheckpoint verdict = harness.lastCheckpoint();
            assertThat(verdict.verdict()).isEqualTo(Verdict.ROLLED_BACK);
            assertThat(verdict.version()).isEqualTo(1);
            assertThat(verdict.updates()).isEqualTo(2);
            assertThat(verdict.trainedOffsets())
                    .isEqualTo(harness.checkpoints().get(0).trainedOffsets());
            assertThat(harness.announced())
                    .containsExactly(
                            "version 1",
                            "update 2 of version 1",
                            "update 3 of version 1",
                            "version 1");
            assertThat(store.versions()).containsExactly(1L);
            assertThat(harness.contents().replayed())
                    .as("what the version is not trained on is not replayed")
                    .isNotEmpty()
                    .allMatch(sequence -> sequence.userId().startsWith("g"));

            harness.window(sequence("zoe", 40, 1300, 4, "x", "y", "x", "z"));
            assertThat(harness.announced()).endsWith("version 1", "update 4 of version 1");
        }
    }

    @Test
    void an_item_with_a_sudden_share_is_weighted_down_and_nothing_is_refused() throws Exception {
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(TestingSequences.training()))) {
            harness.window(users(i -> sequence("u" + i, 10, 2L * i, 2, "a" + i, "b" + i)));
            harness.window(users(i -> sequence("v" + i, 20, 200L + 2 * i, 2, "a" + i, "hit")));

            ModelCheckpoint made = harness.lastCheckpoint();
            assertThat(made.verdict()).isEqualTo(Verdict.PROMOTED);
            assertThat(made.reason())
                    .contains("item 'hit' has 50 % of the window's interactions")
                    .contains("weighted down to 30 %");
            assertThat(store.model(2).count("a7", "hit")).isPositive();
        }
    }

    @Test
    void held_out_positions_validate_eight_windows_and_are_trained_in_the_ninth() throws Exception {
        TrainingSequence[] first = users(i -> sequence("u" + i, 10, i * 3L, 3, "a", "b", "u" + i));
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(TestingSequences.training(0.5f)))) {
            harness.window(first);
            long heldOut = harness.contents().validation().size();
            assertThat(heldOut).as("of 200 with an item before").isBetween(80L, 120L);
            assertThat(trained(harness)).isEqualTo(3 * USERS - heldOut);
            for (int window = 2; window <= 1 + ValidationBuffer.WINDOWS; window++) {
                assertThat(heldOutBy(1, harness)).isEqualTo(heldOut);
                harness.window(alone(window));
                assertThat(trained(harness)).isLessThan(3L * USERS + 4L * window - heldOut);
            }

            harness.window(alone(2 + ValidationBuffer.WINDOWS));
            assertThat(heldOutBy(1, harness)).isZero();
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.PROMOTED);
            TestingModel model = store.model(harness.lastCheckpoint().version());
            for (int i = 0; i < USERS; i++) {
                assertThat(model.count("b", "u" + i)).isGreaterThanOrEqualTo(1);
            }
        }
    }

    @Test
    void a_refused_window_leaves_what_was_released_to_it_to_the_next() throws Exception {
        TrainingSequence[] first = users(i -> sequence("u" + i, 10, i * 3L, 3, "a", "b", "u" + i));
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(TestingSequences.training(0.5f)))) {
            harness.window(first);
            long heldOut = heldOutBy(1, harness);
            for (int window = 2; window <= 1 + ValidationBuffer.WINDOWS; window++) {
                harness.window(alone(window));
            }
            long tenth = 2 + ValidationBuffer.WINDOWS;
            harness.window(users(i -> poisoned("eve" + i, 10 * tenth, 2000 + 4L * i)));
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.FAILED);
            assertThat(heldOutBy(1, harness)).isEqualTo(heldOut);

            harness.window(alone((int) tenth + 1));
            assertThat(heldOutBy(1, harness)).isZero();
            assertThat(trained(harness))
                    .as("once, but for what is still held out")
                    .isEqualTo(3 * USERS + 4 * 9 - harness.contents().validation().size());
        }
    }

    private TrainingSettings settings(TrainingConfig training) {
        return TestingSequences.settings(root, training);
    }

    private static TrainingSequence[] users(IntFunction<TrainingSequence> sequence) {
        return IntStream.range(0, USERS).mapToObj(sequence).toArray(TrainingSequence[]::new);
    }

    private static TrainingSequence alone(int window) {
        return sequence("zoe" + window, 10L * window, 996 + 4L * window, 4, "a", "b", "a", "b");
    }

    private static TrainingSequence poisoned(long paneEnd, long offset) {
        return poisoned("eve", paneEnd, offset);
    }

    private static TrainingSequence poisoned(String user, long paneEnd, long offset) {
        return sequence(user, paneEnd, offset, 4, "a", "b", TestingModel.POISON, "a");
    }

    /** Users who come from x to an item of their own, which nothing else can be validated by. */
    private static TrainingSequence[] scattered(
            String prefix, int users, long paneEnd, long offset) {
        return IntStream.range(0, users)
                .mapToObj(i -> sequence(prefix + i, paneEnd, offset + i, 1, "x", prefix + i))
                .toArray(TrainingSequence[]::new);
    }

    private static long heldOutBy(long window, FineTuneHarness harness) {
        List<WindowSequence> heldOut = harness.contents().validation();
        return heldOut.stream().filter(each -> each.window() == window).count();
    }

    private static long trained(FineTuneHarness harness) {
        return harness.lastCheckpoint().trainedOffsets().stream()
                .mapToLong(OffsetRange::count)
                .sum();
    }
}
