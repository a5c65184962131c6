package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ModelRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.apache.flink.util.FileUtils;

/**
 * Moves the live model into a graph of the configured architecture: item vectors stay as they are,
 * and a body that is new learns to read them from the sequences that the fine-tuner remembers.
 */
final class Renewal {

    private final ModelRuntime runtime;
    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final Evaluator evaluator;
    private final BooleanSupplier stopped;

    /**
     * @param stopped asked between steps; work ends with a CancellationException when it is true
     */
    Renewal(ModelRuntime runtime, TrainingSettings settings, BooleanSupplier stopped) {
        this.runtime = runtime;
        this.settings = settings;
        this.config = settings.training();
        this.evaluator = new Evaluator(stopped);
        this.stopped = stopped;
    }

    /** Whether a reference model is built as something else than is configured. */
    boolean isOutdated(LoadedModel model) {
        String found = model.model().architecture();
        return !found.isEmpty() && !found.equals(wanted());
    }

    /** What is configured. */
    String wanted() {
        return settings.spec().architecture();
    }

    /**
     * A new model with the old one's item vectors.
     *
     * @throws IllegalArgumentException if they have no place in it
     */
    LoadedModel renew(LoadedModel model) throws IOException {
        Path saved = Files.createTempDirectory("freshet-renewal");
        try {
            model.model().save(saved);
            return LoadedModel.of(runtime.renew(settings.spec(), saved));
        } finally {
            FileUtils.deleteDirectoryQuietly(saved.toFile());
        }
    }

    /**
     * Trains the body, and nothing else, pass by pass until the judges are predicted no better any
     * more.
     *
     * @return positions in a pass
     * @throws IllegalStateException if the loss is not finite
     */
    int warmUp(LoadedModel model, List<TrainingSequence> sequences, Judges judges, long window) {
        SequenceBatcher batcher = SequenceBatcher.of(model, sequences, config);
        TrainingLoop loop =
                new TrainingLoop(
                        model.model(),
                        batcher,
                        LearningRateSchedule.bodyOnly(
                                config, config.pretrainEpochs() * batcher.batches()),
                        config.clipNorm(),
                        new SplittableRandom(
                                settings.seed(window, TrainingSettings.Purpose.STEPS)));
        double best = loss(model, judges);
        for (int pass = 0; pass < config.pretrainEpochs() && batcher.batches() > 0; pass++) {
            TrainingLoop.Pass done = loop.pass(stopped, (step, loss) -> {});
            if (!done.finite()) {
                throw new IllegalStateException(
                        "The loss of the new body is "
                                + done.loss()
                                + "; a lower training.pretrain-rate may help");
            }
            double reached = loss(model, judges);
            if (!(reached < best)) {
                break;
            }
            best = reached;
        }
        return batcher.targets();
    }

    /** Loss of each judging position. */
    float[] losses(LoadedModel model, Judges judges) {
        return evaluator.newestLosses(model.model(), model.vocabulary(), judges.sequences());
    }

    private double loss(LoadedModel model, Judges judges) {
        List<Float> finite = new ArrayList<>();
        for (float loss : losses(model, judges)) {
            if (Float.isFinite(loss)) {
                finite.add(loss);
            }
        }
        return finite.stream().mapToDouble(loss -> loss).average().orElse(Double.POSITIVE_INFINITY);
    }
}
