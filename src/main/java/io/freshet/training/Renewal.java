package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ModelRuntime;
import io.freshet.training.Gate.Decision;
import io.freshet.training.Gate.Ruling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private final Gate gate;
    private final BooleanSupplier stopped;

    /**
     * @param stopped asked between steps; work ends with a CancellationException when it is true
     */
    Renewal(ModelRuntime runtime, TrainingSettings settings, BooleanSupplier stopped) {
        this.runtime = runtime;
        this.settings = settings;
        this.config = settings.training();
        this.evaluator = new Evaluator(stopped);
        this.gate = new Gate(config.gate().tolerance());
        this.stopped = stopped;
    }

    /** Whether a reference model is built as something else than is configured. */
    boolean isOutdated(LoadedModel model) {
        String found = model.model().architecture();
        return !found.isEmpty() && !found.equals(settings.spec().architecture());
    }

    /**
     * A model of the configured architecture.
     *
     * @param decision what there is to say of it: both architectures, and the losses of both models
     */
    record Renewed(LoadedModel model, Decision decision) {}

    /**
     * Builds and warms up a model that takes over from another, which stays as it is.
     *
     * @param task its update has the sequences to warm up with, its judges end that
     * @throws IllegalArgumentException if the item vectors have no place in the new model
     * @throws IllegalStateException if the loss is not finite
     */
    Renewed renew(WindowTask task, LoadedModel before) throws IOException {
        Judges judges = new Judges(List.of(), task.judges());
        float[] losses = evaluator.losses(before, judges);
        LoadedModel model = takeOver(before);
        boolean usable = false;
        try {
            AppliedUpdate update = task.update();
            long window = task.window();
            model.know(
                    update.items(),
                    update.sequences(),
                    settings.seed(window, TrainingSettings.Purpose.NEW_ROWS));
            int targets = warmUp(model, update.sequences(), judges, window);
            Decision judged = gate.judge(judges.items(), losses, evaluator.losses(model, judges));
            usable = true;
            return new Renewed(model, decision(task.standing().version(), before, targets, judged));
        } finally {
            if (!usable) {
                model.close();
            }
        }
    }

    private Decision decision(long parent, LoadedModel before, int targets, Decision judged) {
        String reason =
                ("the options ask for another architecture (%s) than version %d has (%s); warmed up"
                                + " on %d positions: %s")
                        .formatted(
                                settings.spec().architecture(),
                                parent,
                                before.model().architecture(),
                                targets,
                                judged.reason());
        return new Decision(Ruling.PASS, reason, judged.before(), judged.after());
    }

    private LoadedModel takeOver(LoadedModel before) throws IOException {
        Path saved = Files.createTempDirectory("freshet-renewal");
        try {
            before.model().save(saved);
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
    private int warmUp(
            LoadedModel model, List<TrainingSequence> sequences, Judges judges, long window) {
        SequenceBatcher batcher = SequenceBatcher.of(model, sequences, config);
        TrainingLoop loop =
                new TrainingLoop(
                        model.model(),
                        batcher,
                        LearningRateSchedule.bodyOnly(
                                config, config.pretraining().epochs() * batcher.batches()),
                        config.optimizer().clipNorm(),
                        new SplittableRandom(
                                settings.seed(window, TrainingSettings.Purpose.STEPS)));
        double best = Double.POSITIVE_INFINITY;
        int passes =
                judges.sequences().isEmpty()
                        ? config.optimizer().epochs()
                        : config.pretraining().epochs();
        for (int pass = 0; pass < passes && batcher.batches() > 0; pass++) {
            TrainingLoop.Pass done = loop.pass(stopped, (step, loss) -> {});
            if (!done.finite()) {
                throw new IllegalStateException(
                        "The loss of the new body is "
                                + done.loss()
                                + "; a lower training.pretrain-rate may help");
            }
            double reached = loss(model, judges);
            if (reached > best) {
                break;
            }
            best = reached;
        }
        return batcher.targets();
    }

    /** Mean over the judges, infinite if there are none. */
    private double loss(LoadedModel model, Judges judges) {
        double sum = 0;
        int positions = 0;
        for (float loss : evaluator.losses(model, judges)) {
            if (Float.isFinite(loss)) {
                sum += loss;
                positions++;
            }
        }
        return positions == 0 ? Double.POSITIVE_INFINITY : sum / positions;
    }
}
