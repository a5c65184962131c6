package io.freshet.training.learn;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.EvaluationBatch;
import io.freshet.model.ModelRuntime;
import io.freshet.model.RowSample;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.Trainer.FitJob;
import io.freshet.training.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a window of other habits leaves of the old ones, on the real model. */
class DistillationITCase {

    private static final int ITEMS = 20;
    private static final ModelRuntime RUNTIME = new TensorFlowModelRuntime(1);

    @TempDir private Path root;

    @Test
    void a_distilled_model_stays_closer_to_the_probabilities_before_the_window() {
        double free = drift("free", 0);
        double held = drift("held", 5);

        assertThat(free).isPositive();
        assertThat(held).isLessThan(free / 2);
    }

    /** Mean divergence of the second version from the first after items of the old habits. */
    private double drift(String name, float distillation) {
        List<TrainingSequence> old = window(10, 0, 1);
        List<TrainingSequence> changed = window(20, 1000, 7);
        try (LocalTrainer trainer =
                new LocalTrainer(
                        RUNTIME,
                        settings(name, distillation),
                        new TestingRevisions(root.resolve(name)),
                        () -> false)) {
            trainer.fit(job(1, old, List.of()));
            float[] before = probabilities(trainer);
            trainer.fit(job(2, changed, old));
            float[] after = probabilities(trainer);
            double divergence = 0;
            for (int i = 0; i < before.length; i++) {
                divergence += before[i] * Math.log(before[i] / after[i]);
            }
            return divergence / ITEMS;
        }
    }

    private static float[] probabilities(LocalTrainer trainer) {
        int[] all = IntStream.rangeClosed(1, ITEMS).toArray();
        int[] positions = IntStream.range(0, ITEMS).toArray();
        return trainer.model()
                .model()
                .teach(
                        new EvaluationBatch(ITEMS, 1, all, positions, new int[ITEMS]),
                        new RowSample(all, new float[ITEMS]));
    }

    /** Users whose next item is always {@code stride} further. */
    private static List<TrainingSequence> window(long end, long offset, int stride) {
        List<TrainingSequence> sequences = new ArrayList<>();
        for (int user = 0; user < 40; user++) {
            String[] items = new String[6];
            for (int i = 0; i < items.length; i++) {
                items[i] = "i" + (user + i * stride) % ITEMS;
            }
            sequences.add(sequence("u" + user, end, offset + user * 6L, 6, items));
        }
        return sequences;
    }

    private static FitJob job(
            long window, List<TrainingSequence> trained, List<TrainingSequence> replayed) {
        return new FitJob(
                window,
                10 * window,
                trained,
                replayed,
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                20);
    }

    private TrainingSettings settings(String name, float distillation) {
        Map<String, String> options =
                Map.of(
                        "store.path", root.resolve(name).toUri().toString(),
                        "encoder.enabled", "false",
                        "model.width", "16",
                        "training.epochs", "20",
                        "training.holdout", "0",
                        "training.head-rate", "0.01",
                        "training.body-rate", "0.01",
                        "training.distillation", String.valueOf(distillation));
        return TrainingSettings.of(
                FreshetConfig.from(Configuration.fromMap(options)), TestingSequences.NO_CONTENT);
    }
}
