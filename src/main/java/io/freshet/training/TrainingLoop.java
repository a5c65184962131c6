package io.freshet.training;

import io.freshet.model.RecommenderModel;
import io.freshet.model.StepRates;
import io.freshet.model.StepResult;
import io.freshet.model.TrainingBatch;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** Takes steps: pass after pass over a batcher's chunks, along a schedule. */
final class TrainingLoop {

    /** Told of every step. */
    @FunctionalInterface
    interface Listener {
        void step(int step, float loss);
    }

    /**
     * What one pass brought.
     *
     * @param loss mean loss over the pass's positions; NaN if there were none
     * @param finite whether every step's loss and gradient were finite
     */
    record Pass(float loss, boolean finite) {}

    private final RecommenderModel model;
    private final SequenceBatcher batcher;
    private final LearningRateSchedule schedule;
    private final float clipNorm;
    private final SplittableRandom batches;
    private final SplittableRandom dropout;
    private int step;

    TrainingLoop(
            RecommenderModel model,
            SequenceBatcher batcher,
            LearningRateSchedule schedule,
            float clipNorm,
            SplittableRandom random) {
        this.model = model;
        this.batcher = batcher;
        this.schedule = schedule;
        this.clipNorm = clipNorm;
        this.batches = random.split();
        this.dropout = random.split();
    }

    /** Trains one pass; ends at the first step whose loss or gradient is not finite. */
    Pass pass(BooleanSupplier stopped, Listener listener) {
        double sum = 0;
        long positions = 0;
        for (int[] group : batcher.pass(batches)) {
            Stopped.throwIf(stopped);
            TrainingBatch batch = batcher.batch(group, batches);
            StepRates rates =
                    new StepRates(
                            schedule.head(step),
                            schedule.body(step),
                            schedule.layerDecay(),
                            clipNorm,
                            dropout.nextLong());
            StepResult result = model.train(batch, rates);
            step++;
            if (!Float.isFinite(result.loss()) || !Float.isFinite(result.gradientNorm())) {
                return new Pass(result.loss(), false);
            }
            sum += (double) result.loss() * batch.labels().length;
            positions += batch.labels().length;
            listener.step(step, result.loss());
        }
        return new Pass(positions == 0 ? Float.NaN : (float) (sum / positions), true);
    }
}
