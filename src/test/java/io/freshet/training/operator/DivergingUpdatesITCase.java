package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.FreshetConfig;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.TrainingSequence;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.store.ModelStore;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import io.freshet.training.version.Pretraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Learning rates at which the real model diverges, with hardly a position to validate by. */
class DivergingUpdatesITCase {

    private static final int ITEMS = 20;
    private static final int USERS = 60;
    private static final int FEWEST_FOR_A_COMPARISON = 20;

    @TempDir private Path root;
    private final List<List<String>> histories = new ArrayList<>();
    private int window;

    @ParameterizedTest
    @ValueSource(floats = {0.05f, 0})
    void updates_that_diverge_are_refused_and_never_announced(float holdout) throws Exception {
        try (FineTuneHarness harness = started(holdout, 0.003f)) {
            harness.window(clicks());
            assertThat(harness.announced()).containsExactly("version 1");
        }
        try (FineTuneHarness harness = started(holdout, 10)) {
            for (int i = 0; i < 3; i++) {
                harness.window(clicks());
            }
            List<ModelCheckpoint> verdicts = harness.checkpoints();
            assertThat(harness.contents().validation().size()).isLessThan(FEWEST_FOR_A_COMPARISON);
            assertThat(verdicts.subList(1, 4))
                    .extracting(ModelCheckpoint::verdict)
                    .containsOnly(Verdict.FAILED);
            assertThat(verdicts.get(1).reason()).contains("the model diverged");
            assertThat(harness.announced()).as("what lists follow").isEqualTo(List.of("version 1"));
            assertThat(harness.evaluations())
                    .filteredOn(evaluation -> evaluation.subject() == Evaluation.Subject.LIVE_MODEL)
                    .extracting(Evaluation::loss)
                    .hasSizeGreaterThan(2)
                    .allMatch(loss -> loss < 6);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0.05f, 0})
    void a_first_model_that_diverges_is_none(float holdout) throws Exception {
        try (FineTuneHarness harness = started(holdout, 10)) {
            harness.window(clicks());

            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.FAILED);
            assertThat(harness.lastCheckpoint().version()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0.125f, 0})
    void a_pre_trained_model_that_diverges_is_not_written(float holdout) throws IOException {
        TrainingSettings settings = settings(holdout, 10);
        clicks();
        List<TrainingSequence> users = List.of(clicks());
        try (ModelStore store = new ModelStore(settings.store())) {
            Pretraining pretraining =
                    new Pretraining(new TensorFlowModelRuntime(1), store, settings, p -> {});

            assertThatThrownBy(() -> pretraining.run(users, List.of()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("The model diverged")
                    .hasMessageContaining("training.pretrain-rate");
            assertThat(store.versions()).isEmpty();
        }
    }

    /** A click of every user on the successor of the item before. */
    private TrainingSequence[] clicks() {
        window++;
        TrainingSequence[] clicks = new TrainingSequence[USERS];
        for (int user = 0; user < USERS; user++) {
            if (histories.size() <= user) {
                histories.add(new ArrayList<>(List.of("i" + user % ITEMS)));
            }
            List<String> history = histories.get(user);
            String last = history.get(history.size() - 1);
            history.add("i" + (Integer.parseInt(last.substring(1)) + 1) % ITEMS);
            clicks[user] =
                    sequence(
                            "u" + user,
                            10L * window,
                            (long) USERS * window + user,
                            1,
                            history.toArray(new String[0]));
        }
        return clicks;
    }

    private FineTuneHarness started(float holdout, float rate) throws Exception {
        return FineTuneHarness.started(settings(holdout, rate), new TensorFlowModelRuntime(1));
    }

    private TrainingSettings settings(float holdout, float rate) {
        Map<String, String> options = new HashMap<>();
        options.put("store.path", root.toUri().toString());
        options.put("encoder.enabled", "false");
        options.put("training.holdout", String.valueOf(holdout));
        options.put("training.head-rate", String.valueOf(rate));
        options.put("training.body-rate", String.valueOf(rate));
        options.put("training.min-interactions", String.valueOf(USERS));
        options.put("training.max-interactions", String.valueOf(USERS));
        options.put("training.updates-per-version", "2");
        options.put("vocabulary.admission-interactions", "1");
        options.put("training.pretrain-rate", String.valueOf(rate));
        options.put("training.pretrain-epochs", "2");
        return TrainingSettings.of(
                FreshetConfig.from(Configuration.fromMap(options)), TestingSequences.NO_CONTENT);
    }
}
