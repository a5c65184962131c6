package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.DAN;
import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.Evaluation.Subject;
import io.freshet.event.TrainingSequence;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What models are evaluated on, and when. */
class FineTuneEvaluationTest {

    @TempDir private Path root;
    private TrainingSettings settings;

    @BeforeEach
    void prepare() {
        settings = TestingSequences.settings(root);
    }

    @Test
    void the_live_model_is_evaluated_on_a_window_before_it_trains_on_it() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            assertThat(harness.evaluations()).as("no model yet").isEmpty();
            harness.window(sequence("cat", 20, 5, 4, "a", "b", "new", "c"));

            Evaluation evaluation = harness.evaluations().get(0);
            assertThat(evaluation.subject()).isEqualTo(Subject.LIVE_MODEL);
            assertThat(evaluation.window()).isEqualTo(2);
            assertThat(evaluation.modelVersion()).isEqualTo(1);
            assertThat(evaluation.timestamp()).isEqualTo(20);
            assertThat(evaluation.positions()).isEqualTo(3);
            assertThat(evaluation.hitRate()).isEqualTo(2 / 3f);
            assertThat(evaluation.loss()).isPositive();
        }
    }

    @Test
    void the_frozen_baseline_is_evaluated_beside_the_live_model() throws Exception {
        try (FineTuneHarness base = FineTuneHarness.started(settings)) {
            base.window(ANN, BOB);
        }
        settings = TestingSequences.settings(root, TestingSequences.training(true, 0, true));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(CAT);
            harness.window(DAN);

            assertThat(harness.evaluations())
                    .extracting(Evaluation::subject, Evaluation::modelVersion)
                    .containsExactly(
                            tuple(Subject.LIVE_MODEL, 1L),
                            tuple(Subject.FROZEN_MODEL, 1L),
                            tuple(Subject.LIVE_MODEL, 2L),
                            tuple(Subject.FROZEN_MODEL, 1L));
            assertThat(harness.evaluations().get(1).loss())
                    .as("the same model")
                    .isEqualTo(harness.evaluations().get(0).loss());
            assertThat(harness.evaluations().get(3).loss())
                    .isNotEqualTo(harness.evaluations().get(2).loss());
        }
    }

    @Test
    void a_version_is_evaluated_on_what_windows_before_trained_and_none_replays() throws Exception {
        TrainingSequence[] many =
                IntStream.range(0, 80)
                        .mapToObj(i -> sequence("u" + i, 10, 2L * i, 2, "a", "b"))
                        .toArray(TrainingSequence[]::new);
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(many);
            harness.window(CAT);

            Evaluation past = harness.evaluations().get(1);
            assertThat(past.subject()).isEqualTo(Subject.PAST_WINDOWS);
            assertThat(past.modelVersion()).isEqualTo(2);
            assertThat(past.positions()).as("about a tenth of 80").isBetween(2, 20);
            assertThat(past.hitRate()).isEqualTo(1);
        }
    }

    @Test
    void without_training_windows_are_evaluated_and_versions_never_change() throws Exception {
        try (FineTuneHarness base = FineTuneHarness.started(settings)) {
            base.window(ANN, BOB);
        }
        settings = TestingSequences.settings(root, TestingSequences.training(false, 0, false));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.items(new EncodedItem("a", true, 0, new float[] {1, 0}, List.of()));
            harness.sequences(CAT);
            harness.watermark(19);
            harness.awaitEvaluation();

            assertThat(harness.announced()).containsExactly("version 1");
            assertThat(harness.evaluations()).hasSize(1);
            assertThat(harness.timeline()).containsExactly("verdict at 0", "watermark 19");
            TrainingBuffers.Contents contents = harness.contents();
            assertThat(contents.pending()).isEmpty();
            assertThat(contents.tested()).isEmpty();
            assertThat(contents.items()).isEmpty();
            assertThat(new TestingStore(root).versions()).containsExactly(1L);
        }
    }
}
