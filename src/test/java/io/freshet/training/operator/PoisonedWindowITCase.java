package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.TrainingSequence;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.store.ModelStore;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import io.freshet.training.version.Pretraining;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A window in which somebody made one item everybody's next click, on the real model, with the
 * defaults.
 */
class PoisonedWindowITCase {

    private static final int ITEMS = 200;
    private static final int USERS = 120;
    private static final int CLICKS = 4;
    private static final String INJECTED = "injected";

    private final Random random = new Random(5);
    private final List<List<String>> histories = new ArrayList<>();
    private long offset;
    private long pane = 10;

    @TempDir private Path root;

    @Test
    void the_gate_takes_it_back_and_what_comes_next_is_foreseen_as_before() throws Exception {
        TrainingSettings settings = settings();
        for (int user = 0; user < USERS; user++) {
            histories.add(new ArrayList<>(List.of(item(random.nextInt(ITEMS)))));
        }
        try (ModelStore store = new ModelStore(settings.store())) {
            List<TrainingSequence> history = new ArrayList<>();
            for (int window = 0; window < 10; window++) {
                history.addAll(clean());
            }
            new Pretraining(new TensorFlowModelRuntime(1, ""), store, settings, progress -> {})
                    .run(history, List.of());
        }
        pane += 10;
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TensorFlowModelRuntime(1, ""))) {
            for (int window = 0; window < 4; window++) {
                feed(harness, clean());
                harness.awaitVerdict();
                assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.PROMOTED);
            }
            float before = lastLoss(harness);
            feed(harness, poisoned());
            harness.awaitVerdict();
            ModelCheckpoint verdict = harness.lastCheckpoint();
            assertThat(verdict.verdict()).isEqualTo(Verdict.REJECTED);
            assertThat(verdict.reason()).contains("'injected' has 100 % of the window's");
            assertThat(harness.updates().get(harness.updates().size() - 1).delta()).isNull();

            feed(harness, clean());
            harness.awaitVerdict();
            assertThat(lastLoss(harness)).isLessThan(before * 1.1f);
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.PROMOTED);
        }
    }

    private void feed(FineTuneHarness harness, List<TrainingSequence> window) throws Exception {
        harness.sequences(window.toArray(new TrainingSequence[0]));
        harness.watermark(pane - 1);
        pane += 10;
    }

    private static float lastLoss(FineTuneHarness harness) {
        return harness.evaluations().get(harness.evaluations().size() - 1).loss();
    }

    /** Users who mostly go on to the item's one successor. */
    private List<TrainingSequence> clean() {
        return window(
                last -> random.nextInt(5) == 0 ? random.nextInt(ITEMS) : (last * 7 + 3) % ITEMS);
    }

    private List<TrainingSequence> poisoned() {
        return window(last -> ITEMS);
    }

    private List<TrainingSequence> window(IntUnaryOperator next) {
        List<TrainingSequence> sequences = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            List<String> history = new ArrayList<>(histories.get(user));
            for (int click = 0; click < CLICKS; click++) {
                String last = history.get(history.size() - 1);
                int number = last.equals(INJECTED) ? 0 : Integer.parseInt(last.substring(1));
                history.add(item(next.applyAsInt(number)));
            }
            sequences.add(
                    sequence("u" + user, pane, offset, CLICKS, history.toArray(new String[0])));
            offset += CLICKS;
            boolean clean = !history.get(history.size() - 1).equals(INJECTED);
            histories.set(
                    user,
                    clean
                            ? history.subList(Math.max(0, history.size() - 10), history.size())
                            : histories.get(user));
        }
        return sequences;
    }

    private static String item(int number) {
        return number == ITEMS ? INJECTED : "i" + number;
    }

    private TrainingSettings settings() {
        Map<String, String> options =
                Map.of(
                        "store.path", root.toUri().toString(),
                        "encoder.enabled", "false",
                        "training.min-interactions", String.valueOf(USERS * CLICKS),
                        "training.max-interactions", String.valueOf(USERS * CLICKS),
                        "training.updates-per-version", "1");
        return TrainingSettings.of(
                FreshetConfig.from(Configuration.fromMap(options)), TestingSequences.NO_CONTENT);
    }
}
