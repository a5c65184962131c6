package io.freshet.training.learn;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.training.FineTuneState;
import io.freshet.training.TestingSequences;
import io.freshet.training.Trainer.FitJob;
import io.freshet.training.TrainingSettings;
import io.freshet.training.window.ItemShareGuard;
import java.io.IOException;
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
 * A window in which somebody made one item everybody's next click, on the real model: its weights
 * come from {@link ItemShareGuard}.
 */
class PoisonedWindowITCase {

    private static final int ITEMS = 200;
    private static final int USERS = 120;
    private static final int CLICKS = 4;
    private static final int CLEAN_WINDOWS = 10;
    private static final String INJECTED = "injected";

    private final Random random = new Random(5);
    private final List<List<String>> histories = new ArrayList<>();
    private long offset;
    private long pane = 10;

    @TempDir private Path root;

    @Test
    void an_item_that_takes_a_window_over_gets_few_of_the_first_ranks() throws IOException {
        double trusting = hitRate(1);
        double guarded = hitRate(0.3f);

        assertThat(trusting).isGreaterThan(0.5);
        assertThat(guarded).isLessThan(0.1);
    }

    /** Share of users for whom the injected item is among the first ten after its window. */
    private double hitRate(float mostTrusted) throws IOException {
        histories.clear();
        random.setSeed(5);
        for (int user = 0; user < USERS; user++) {
            histories.add(new ArrayList<>(List.of(item(random.nextInt(ITEMS)))));
        }
        FineTuneState state = new FineTuneState();
        ItemShareGuard guard = new ItemShareGuard(mostTrusted, state);
        try (LocalTrainer trainer =
                new LocalTrainer(
                        new TensorFlowModelRuntime(1),
                        settings(),
                        new TestingRevisions(root),
                        () -> false)) {
            List<TrainingSequence> replayed = List.of();
            for (int window = 1; window <= CLEAN_WINDOWS; window++) {
                replayed = clean();
                fit(trainer, guard, window, replayed, List.of());
            }
            List<TrainingSequence> half = replayed.subList(0, USERS / 2);
            fit(trainer, guard, CLEAN_WINDOWS + 1, poisoned(), half);
            return trainer.score(replayed.stream().map(PoisonedWindowITCase::askingForIt).toList())
                    .hitRate();
        }
    }

    private void fit(
            LocalTrainer trainer,
            ItemShareGuard guard,
            long window,
            List<TrainingSequence> trained,
            List<TrainingSequence> replayed) {
        Map<String, Float> weights = guard.weigh(trained).byItem();
        guard.add(trained);
        trainer.fit(
                new FitJob(
                        window,
                        pane,
                        trained,
                        replayed,
                        List.of(),
                        List.of(),
                        weights,
                        List.of(),
                        settings().training().optimizer().epochs()));
        pane += 10;
    }

    /** A user's history before the poisoned window, with the injected item as the next. */
    private static TrainingSequence askingForIt(TrainingSequence sequence) {
        List<String> items = new ArrayList<>(List.of(sequence.items()));
        items.add(INJECTED);
        return sequence(sequence.userId(), 10, 0, 1, items.toArray(new String[0]));
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
                        "training.epochs", "20",
                        "training.head-rate", "0.01",
                        "training.body-rate", "0.01",
                        "training.min-interactions", String.valueOf(USERS * CLICKS),
                        "training.max-interactions", String.valueOf(USERS * CLICKS),
                        "training.updates-per-version", "1");
        return TrainingSettings.of(
                FreshetConfig.from(Configuration.fromMap(options)), TestingSequences.NO_CONTENT);
    }
}
