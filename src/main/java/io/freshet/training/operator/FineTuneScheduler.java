package io.freshet.training.operator;

import io.freshet.runtime.BackgroundThread;
import io.freshet.training.Job;
import io.freshet.training.Outcome;
import io.freshet.training.version.BaseVersion;
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one job after another performed on a thread beside the task's, and settles what became of
 * each. Everything but the performing itself happens on the task's thread.
 */
final class FineTuneScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(FineTuneScheduler.class);

    private final TrainingBuffers buffers;
    private final JobPlanner planner;
    private final FineTuner fineTuner;
    private final Runner runner;
    private final EventTime time;
    private final FineTuneOutput output;
    private final FineTuneMetrics metrics;
    private BackgroundThread.@Nullable Attempts attempts;
    private long passedOver;

    FineTuneScheduler(
            TrainingBuffers buffers,
            JobPlanner planner,
            FineTuner fineTuner,
            Runner runner,
            EventTime time,
            FineTuneOutput output,
            FineTuneMetrics metrics) {
        this.buffers = buffers;
        this.planner = planner;
        this.fineTuner = fineTuner;
        this.runner = runner;
        this.time = time;
        this.output = output;
        this.metrics = metrics;
        this.passedOver = buffers.backlog().passedOver();
    }

    /** Where jobs are performed: beside the task, on whose thread the outcome is received. */
    interface Runner {
        BackgroundThread.Attempts run(
                BackgroundThread.Work<Outcome> work, ThrowingConsumer<Outcome, Exception> done);
    }

    /**
     * Starts the next job, if none is in progress, and lets event time go on. A job that waits for
     * the store is given up for a rollback, and is planned again after it: the store may lack what
     * only the rollback can do without.
     */
    void advance() {
        boolean givenUp = buffers.hasRollbacks() && attempts != null && attempts.giveUp();
        if (givenUp) {
            buffers.giveUp();
        }
        if (givenUp || !isBusy()) {
            Job job = planner.next(time.now());
            if (job != null) {
                start(job);
            }
        }
        time.forward();
        metrics.observe(buffers, time.reached());
    }

    /** Whether a job is in progress. */
    boolean isBusy() {
        return time.isHeld();
    }

    private void start(Job job) {
        buffers.begin(job);
        time.holdBelow(job.end());
        attempts = runner.run(() -> fineTuner.perform(job), this::settle);
    }

    private void settle(Outcome outcome) {
        time.release();
        if (outcome.checkpoint() != null) {
            LOG.info("{}", outcome.checkpoint());
        }
        boolean rolledBack = outcome.job() instanceof Job.RollBack;
        output.emit(
                outcome,
                rolledBack ? Math.max(BaseVersion.TIMESTAMP, time.reached()) : outcome.job().end());
        buffers.settle(outcome);
        metrics.count(outcome);
        logPassedOver();
        advance();
    }

    private void logPassedOver() {
        long all = buffers.backlog().passedOver();
        if (all > passedOver) {
            LOG.warn(
                    "Training is slower than its input, or paused: {} sequences passed over, {} in"
                            + " all (training.max-backlog)",
                    all - passedOver,
                    all);
        }
        passedOver = all;
    }
}
