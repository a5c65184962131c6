package io.freshet.training.operator;

import io.freshet.event.Evaluation;
import io.freshet.event.Evaluation.Subject;
import io.freshet.event.ModelCheckpoint;
import io.freshet.runtime.ConstantNames;
import io.freshet.runtime.MovingMean;
import io.freshet.runtime.ProcessMemory;
import io.freshet.runtime.RecentHistogram;
import io.freshet.training.Outcome;
import io.freshet.training.Trainer.RowChanges;
import io.freshet.training.UpdateStats;
import io.freshet.training.version.StoreTimes;
import io.freshet.training.window.Backlog;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;

/** The fine-tuner's metrics. */
final class FineTuneMetrics {

    private static final double MILLIS_PER_SECOND = 1000;

    /** What the fine-tuner evaluates; the rest is other stages'. */
    private static final Set<Evaluation.Subject> MODELS =
            EnumSet.of(Subject.LIVE_MODEL, Subject.FROZEN_MODEL, Subject.PAST_WINDOWS);

    /** Windows trained, whatever became of them. */
    private final Counter windows;

    /** Versions made. */
    private final Counter promoted;

    /** Updates undone because they were worse. */
    private final Counter rejected;

    /** Updates undone because their loss was not finite. */
    private final Counter failed;

    /** Times that a version was due and could not be found better or worse. */
    private final Counter held;

    /** Times that an earlier version became live again. */
    private final Counter rolledBack;

    /** Times that a version was due and the store did not take it. */
    private final Counter delayed;

    /** Times that a job could not go on because the store could not be read or written. */
    private final Counter storeFailures;

    /** Time spent training updates that were applied, in milliseconds. */
    private final Counter trainingMillis;

    /** Content vectors passed over because their width is not the model's. */
    private final Counter ignoredVectors;

    /** Rows of the item table that were given to other items. */
    private final Counter rowsRecycled;

    /** Times that an item got no row because the table was at its cap. */
    private final Counter rowsRefused;

    /** Time from the newest event that a version has learned to the version, milliseconds. */
    private final Histogram eventToVersion;

    /** Time from the newest event that an update has learned to the update, milliseconds. */
    private final Histogram eventToUpdate;

    /** Time spent training a window, whatever became of it, milliseconds. */
    private final Histogram windowTrainingMillis;

    /** Positions trained on, replayed ones included, each counted once however many passes. */
    private final Counter targetsTrained;

    private final Map<Evaluation.Subject, SubjectScore> scores =
            new EnumMap<>(Evaluation.Subject.class);
    private final StoreTimes storeTimes;
    private final LongSupplier clock;

    private volatile float lastLoss = Float.NaN;
    private volatile float championLoss = Float.NaN;
    private volatile float challengerLoss = Float.NaN;
    private volatile double targetsPerSecond = Double.NaN;
    private volatile long backlogBytes;
    private volatile long backlogBehind;
    private volatile float detectableChange = Float.NaN;
    private volatile int rows;
    private volatile int unlisted;
    private volatile int backlog;
    private volatile int windowSize;
    private volatile int updates;
    private volatile long liveVersion;
    private volatile long passedOver;
    private volatile long contentDropped;
    private volatile boolean paused;

    /**
     * @param maxRows most rows of the item table
     * @param clock wall-clock time, milliseconds since the epoch
     */
    FineTuneMetrics(MetricGroup group, int maxRows, LongSupplier clock) {
        this.clock = clock;
        this.eventToVersion = RecentHistogram.register(group, "eventToVersionMillis");
        this.eventToUpdate = RecentHistogram.register(group, "eventToUpdateMillis");
        this.windowTrainingMillis = RecentHistogram.register(group, "windowTrainingMillis");
        this.storeTimes =
                new StoreTimes(
                        System::nanoTime,
                        RecentHistogram.register(group, "storeReadMillis")::update,
                        RecentHistogram.register(group, "storeWriteMillis")::update);
        this.windows = group.counter("windowsTrained");
        this.promoted = group.counter("versionsPromoted");
        this.held = group.counter("versionsHeld");
        this.rolledBack = group.counter("versionsRolledBack");
        this.delayed = group.counter("versionsDelayed");
        this.storeFailures = group.counter("storeFailures");
        this.rejected = group.counter("updatesRejected");
        this.failed = group.counter("updatesFailed");
        this.trainingMillis = group.counter("trainingMillis");
        this.targetsTrained = group.counter("targetsTrained");
        this.ignoredVectors = group.counter("ignoredVectors");
        this.rowsRecycled = group.counter("rowsRecycled");
        this.rowsRefused = group.counter("rowsRefused");
        group.gauge("lastLoss", (Gauge<Float>) () -> lastLoss);
        group.gauge("detectableChange", (Gauge<Float>) () -> detectableChange);
        group.gauge("championLoss", (Gauge<Float>) () -> championLoss);
        group.gauge("challengerLoss", (Gauge<Float>) () -> challengerLoss);
        group.gauge("targetsPerSecond", (Gauge<Double>) () -> targetsPerSecond);
        group.gauge("itemRows", (Gauge<Integer>) () -> rows);
        group.gauge("itemRowsMax", (Gauge<Integer>) () -> maxRows);
        group.gauge("itemRowsWithoutCatalog", (Gauge<Integer>) () -> unlisted);
        group.gauge("backlogSequences", (Gauge<Integer>) () -> backlog);
        group.gauge("backlogBytes", (Gauge<Long>) () -> backlogBytes);
        group.gauge("backlogOldestMillis", (Gauge<Long>) () -> backlogBehind);
        group.gauge("windowInteractions", (Gauge<Integer>) () -> windowSize);
        group.gauge("updatesSinceVersion", (Gauge<Integer>) () -> updates);
        group.gauge("liveVersion", (Gauge<Long>) () -> liveVersion);
        group.gauge("trainingPaused", (Gauge<Integer>) () -> paused ? 1 : 0);
        group.gauge("sequencesPassedOver", (Gauge<Long>) () -> passedOver);
        group.gauge("contentDropped", (Gauge<Long>) () -> contentDropped);
        for (Evaluation.Subject subject : MODELS) {
            scores.put(
                    subject,
                    new SubjectScore(group.addGroup("subject", ConstantNames.of(subject))));
        }
        ProcessMemory.register(group);
    }

    /** How well a model did, moving averages over about so many positions. */
    private static final class SubjectScore {

        private static final int POSITIONS = 1000;

        private final MovingMean loss = new MovingMean(POSITIONS);
        private final MovingMean hitRate = new MovingMean(POSITIONS);

        SubjectScore(MetricGroup group) {
            group.gauge("evaluationLoss", (Gauge<Double>) loss::get);
            group.gauge("evaluationHitRate", (Gauge<Double>) hitRate::get);
        }

        void add(Evaluation evaluation) {
            loss.add(evaluation.loss(), evaluation.positions());
            hitRate.add(evaluation.hitRate(), evaluation.positions());
        }
    }

    /** Measures the store into these metrics. */
    StoreTimes storeTimes() {
        return storeTimes;
    }

    /**
     * @param reached event time of the sequences, milliseconds since the epoch
     */
    void observe(TrainingBuffers buffers, long reached) {
        updates = buffers.updates();
        liveVersion = buffers.revision().version();
        Backlog waiting = buffers.backlog();
        backlog = waiting.size();
        backlogBytes = waiting.bytes();
        backlogBehind = waiting.behind(reached);
        windowSize = waiting.windowSize();
        paused = waiting.isPaused();
        passedOver = waiting.passedOver();
        contentDropped = buffers.content().dropped();
    }

    long storeFailures() {
        return storeFailures.getCount();
    }

    void storeFailed() {
        storeFailures.inc();
    }

    void count(Outcome outcome) {
        for (Evaluation evaluation : outcome.evaluations()) {
            Objects.requireNonNull(scores.get(evaluation.subject())).add(evaluation);
        }
        Outcome.Fitted fitted = outcome.fitted();
        if (fitted != null) {
            windows.inc();
            trainingMillis.inc(fitted.applied() ? fitted.stats().millis() : 0);
            countTraining(fitted.stats());
            if (fitted.applied()) {
                update(eventToUpdate, fitted.stats().newestEvent());
            }
            count(fitted.rows());
        }
        if (outcome.checkpoint() != null) {
            count(outcome.checkpoint());
        }
    }

    private void countTraining(UpdateStats stats) {
        lastLoss = stats.loss();
        windowTrainingMillis.update(stats.millis());
        targetsTrained.inc(stats.targets());
        targetsPerSecond = stats.targets() * MILLIS_PER_SECOND / Math.max(1, stats.millis());
    }

    private void update(Histogram age, long event) {
        if (event > 0) {
            age.update(clock.getAsLong() - event);
        }
    }

    private void count(RowChanges changes) {
        rows = changes.rows();
        unlisted = changes.unlisted();
        rowsRecycled.inc(changes.recycled());
        rowsRefused.inc(changes.refused());
        ignoredVectors.inc(changes.ignoredVectors());
    }

    private void count(ModelCheckpoint checkpoint) {
        detectableChange = checkpoint.detectable();
        if (checkpoint.validationPositions() > 0) {
            championLoss = checkpoint.championMetric();
            challengerLoss = checkpoint.challengerMetric();
        }
        if (checkpoint.promoted()) {
            update(eventToVersion, checkpoint.newestEvent());
        }
        switch (checkpoint.verdict()) {
            case PROMOTED -> promoted.inc();
            case REJECTED -> rejected.inc();
            case FAILED -> failed.inc();
            case HELD -> held.inc();
            case ROLLED_BACK -> rolledBack.inc();
            case DELAYED -> delayed.inc();
            case UPDATED -> {} // a window, counted above
        }
    }
}
