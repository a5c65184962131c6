package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.sequence;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.EvaluationBatch;
import io.freshet.model.ModelRuntime;
import io.freshet.model.RecommenderModel;
import io.freshet.model.RowSample;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.store.ModelStore;
import io.freshet.training.TestingSequences;
import io.freshet.training.Trainer;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateMark;
import java.io.IOException;
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
    private static final ModelRuntime RUNTIME = new TensorFlowModelRuntime(1, "");

    @TempDir private Path root;

    @Test
    void a_distilled_version_stays_closer_to_what_the_version_before_it_said() throws IOException {
        double free = drift("free", 0);
        double held = drift("held", 5);

        assertThat(free).isPositive();
        assertThat(held).isLessThan(free / 2);
    }

    /** Mean divergence of the second version from the first after items of the old habits. */
    private double drift(String name, float distillation) throws IOException {
        TrainingSettings settings = settings(name, distillation);
        List<TrainingSequence> old = window(10, 0, 1);
        List<TrainingSequence> changed = window(20, 1000, 7);
        try (ModelStore store = new ModelStore(settings.store());
                Trainer trainer =
                        new Trainer(RUNTIME, store, settings, () -> false, System::nanoTime)) {
            requireNonNull(trainer.train(task(1, old, List.of())).checkpoint());
            requireNonNull(trainer.train(task(2, changed, old)).checkpoint());
            float[] before = said(store.localCopy(1, null));
            float[] after = said(store.localCopy(2, null));
            double divergence = 0;
            for (int i = 0; i < before.length; i++) {
                divergence += before[i] * Math.log(before[i] / after[i]);
            }
            return divergence / ITEMS;
        }
    }

    private static float[] said(Path version) throws IOException {
        int[] all = IntStream.rangeClosed(1, ITEMS).toArray();
        int[] positions = IntStream.range(0, ITEMS).toArray();
        try (RecommenderModel model = RUNTIME.load(version)) {
            return model.teach(
                    new EvaluationBatch(ITEMS, 1, all, positions, new int[ITEMS]),
                    new RowSample(all, new float[ITEMS]));
        }
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

    private static WindowTask task(
            long window, List<TrainingSequence> sequences, List<TrainingSequence> replayed) {
        UpdateMark mark =
                new UpdateMark(
                        window,
                        0,
                        10,
                        sequences.size(),
                        sequences.size(),
                        replayed.size(),
                        0,
                        0,
                        0);
        return new WindowTask(
                new Standing(window - 1, null, 0, List.of()),
                new AppliedUpdate(mark, sequences, replayed, List.of()),
                List.of(),
                List.of(),
                true,
                List.of(),
                window,
                List.of());
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
