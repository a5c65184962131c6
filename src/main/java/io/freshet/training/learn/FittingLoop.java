package io.freshet.training.learn;

import io.freshet.model.RecommenderModel;
import io.freshet.model.StepRates;
import io.freshet.model.StepResult;
import io.freshet.model.TrainingBatch;
import java.util.Arrays;
import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Takes gradient steps: pass after pass over a batcher's chunks, along a schedule, until a pass
 * says that it was the last or its loss is not finite. The next batch is made while the engine is
 * at a step.
 */
public final class FittingLoop {

    private final RecommenderModel model;
    private final SequenceBatcher batcher;
    private final LearningRateSchedule schedule;
    private final float clipNorm;
    private final BooleanSupplier stopped;
    private final SplittableRandom batches;
    private final SplittableRandom dropout;
    private int step;

    /**
     * @param stopped asked between steps; fitting ends with a CancellationException when it is true
     */
    public FittingLoop(
            IndexedModel model,
            SequenceBatcher batcher,
            LearningRateSchedule schedule,
            float clipNorm,
            long seed,
            BooleanSupplier stopped) {
        SplittableRandom random = new SplittableRandom(seed);
        this.model = model.model();
        this.batcher = batcher;
        this.schedule = schedule;
        this.clipNorm = clipNorm;
        this.stopped = stopped;
        this.batches = random.split();
        this.dropout = random.split();
    }

    /**
     * What passes brought.
     *
     * @param passes passes made
     * @param loss mean loss over the last pass's positions; NaN if there were none
     * @param finite whether every step's loss and gradient were finite
     */
    public record Fitted(int passes, float loss, boolean finite) {}

    /** Follows the passes. */
    @FunctionalInterface
    public interface PassListener {

        /**
         * Called after each pass whose loss is finite.
         *
         * @param pass number of the pass, from 1
         * @param loss mean loss over its positions
         * @return whether it was the last
         */
        boolean isLast(int pass, float loss);
    }

    /** Follows the steps. */
    @FunctionalInterface
    public interface StepListener {

        /**
         * Called after each step.
         *
         * @param pass number of the pass, from 1
         * @param step number of the step in all passes, from 1
         */
        void step(int pass, int step, float loss);
    }

    /** Makes passes, {@code most} at most and at least one. */
    public Fitted run(int most, PassListener afterPass) {
        return run(most, (pass, step, loss) -> {}, afterPass);
    }

    /** Makes passes, {@code most} at most and at least one. */
    public Fitted run(int most, StepListener afterStep, PassListener afterPass) {
        int passes = 0;
        Fitted fitted;
        do {
            fitted = pass(++passes, afterStep);
        } while (passes < most && fitted.finite() && !afterPass.isLast(passes, fitted.loss()));
        return fitted;
    }

    private Fitted pass(int number, StepListener afterStep) {
        double sum = 0;
        long positions = 0;
        try (Prefetch<TrainingBatch> prefetched = new Prefetch<>(batches())) {
            TrainingBatch batch = prefetched.next();
            while (batch != null) {
                Cancellation.throwIf(stopped);
                StepResult result = model.train(batch, rates());
                step++;
                if (!Float.isFinite(result.loss()) || !Float.isFinite(result.gradientNorm())) {
                    return new Fitted(number, result.loss(), false);
                }
                sum += (double) result.loss() * batch.labels().length;
                positions += batch.labels().length;
                afterStep.step(number, step, result.loss());
                batch = prefetched.next();
            }
        }
        return new Fitted(number, positions == 0 ? Float.NaN : (float) (sum / positions), true);
    }

    private Iterator<TrainingBatch> batches() {
        return Arrays.stream(batcher.pass(batches))
                .map(group -> batcher.batch(group, batches))
                .iterator();
    }

    private StepRates rates() {
        return new StepRates(
                schedule.head(step),
                schedule.body(step),
                schedule.layerDecay(),
                clipNorm,
                dropout.nextLong());
    }
}
