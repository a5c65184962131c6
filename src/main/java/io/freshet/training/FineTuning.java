package io.freshet.training;

import io.freshet.config.TrainingConfig;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** Trains a model on one update: as it comes first, and once more as it was. */
final class FineTuning {

    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final BooleanSupplier stopped;

    /**
     * @param stopped asked between steps; work ends with a CancellationException when it is true
     */
    FineTuning(TrainingSettings settings, BooleanSupplier stopped) {
        this.settings = settings;
        this.config = settings.training();
        this.stopped = stopped;
    }

    /** What the passes over a window brought. */
    record Fit(int passes, int targets, float loss, boolean finite) {}

    /**
     * Makes an update's items known to the model.
     *
     * @return content vectors that were passed over because their width is not the model's
     */
    int know(LoadedModel model, AppliedUpdate update) {
        long seed = settings.seed(update.mark().window(), TrainingSettings.Purpose.NEW_ROWS);
        return model.know(update.items(), update.sequences(), seed);
    }

    /**
     * Passes over an update.
     *
     * @param enough asked between passes, whether this one was the last
     */
    Fit fit(LoadedModel model, AppliedUpdate update, BooleanSupplier enough) {
        return fit(model, update, config.optimizer().epochs(), enough);
    }

    /** Trains an update as it was trained first, with as many passes. */
    void redo(LoadedModel model, AppliedUpdate update) {
        know(model, update);
        int passes = update.mark().passes();
        fit(model, update, passes == 0 ? config.optimizer().epochs() : passes, () -> false);
    }

    private Fit fit(LoadedModel model, AppliedUpdate update, int most, BooleanSupplier enough) {
        long window = update.mark().window();
        SequenceBatcher batcher =
                SequenceBatcher.fineTuning(
                        model,
                        update.trained(),
                        update.replayed(),
                        config,
                        settings.seed(window, TrainingSettings.Purpose.TEACHER),
                        stopped);
        int steps = config.optimizer().epochs() * batcher.batches();
        TrainingLoop loop =
                new TrainingLoop(
                        model.model(),
                        batcher,
                        LearningRateSchedule.fineTuning(config, steps),
                        config.optimizer().clipNorm(),
                        new SplittableRandom(
                                settings.seed(window, TrainingSettings.Purpose.STEPS)));
        TrainingLoop.Pass pass = loop.pass(stopped, (step, loss) -> {});
        int passes = 1;
        while (passes < most && pass.finite() && !enough.getAsBoolean()) {
            pass = loop.pass(stopped, (step, loss) -> {});
            passes++;
        }
        return new Fit(passes, batcher.targets(), pass.loss(), pass.finite());
    }
}
