package io.freshet.training;

import io.freshet.event.ModelCheckpoint;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** What the fine-tuner tells Flink's metric reporters. */
final class FineTuneMetrics {

    /** Windows trained, whatever became of them. */
    private final Counter windows;

    /** Versions made. */
    private final Counter promoted;

    /** Updates taken back because they were worse. */
    private final Counter rejected;

    /** Updates taken back because their loss was not finite. */
    private final Counter failed;

    /** Times that a version was due and could not be told better or worse. */
    private final Counter held;

    /** Times that an earlier version became live again. */
    private final Counter rolledBack;

    /** Times that a version was due and the store did not take it. */
    private final Counter delayed;

    /** Times that work could not go on because the store could not be read. */
    private final Counter storeFailures;

    /** Time spent training updates that were applied, in milliseconds. */
    private final Counter trainingMillis;

    /** Training sequences passed over because too many waited in a pause. */
    private volatile long passedOver;

    /** Content vectors passed over because their width is not the model's. */
    private final Counter ignoredVectors;

    private volatile float lastLoss = Float.NaN;
    private volatile int backlog;
    private volatile int windowSize;
    private volatile int updates;
    private volatile long liveVersion;
    private volatile boolean paused;

    FineTuneMetrics(MetricGroup group) {
        this.windows = group.counter("windowsTrained");
        this.promoted = group.counter("versionsPromoted");
        this.held = group.counter("versionsHeld");
        this.rolledBack = group.counter("versionsRolledBack");
        this.delayed = group.counter("versionsDelayed");
        this.storeFailures = group.counter("storeFailures");
        this.rejected = group.counter("updatesRejected");
        this.failed = group.counter("updatesFailed");
        this.trainingMillis = group.counter("trainingMillis");
        this.ignoredVectors = group.counter("ignoredVectors");
        group.gauge("lastLoss", (Gauge<Float>) () -> lastLoss);
        group.gauge("backlogSequences", (Gauge<Integer>) () -> backlog);
        group.gauge("windowInteractions", (Gauge<Integer>) () -> windowSize);
        group.gauge("updatesSinceVersion", (Gauge<Integer>) () -> updates);
        group.gauge("liveVersion", (Gauge<Long>) () -> liveVersion);
        group.gauge("trainingPaused", (Gauge<Integer>) () -> paused ? 1 : 0);
        group.gauge("sequencesPassedOver", (Gauge<Long>) () -> passedOver);
    }

    void stands(FineTuneLedger ledger) {
        Standing standing = ledger.lineage().standing();
        updates = standing.applied().size();
        liveVersion = standing.version();
        Backlog waiting = ledger.backlog();
        backlog = waiting.size();
        windowSize = waiting.windowSize();
        paused = waiting.isPaused();
        passedOver = waiting.passedOver();
    }

    void settled(RollbackOutcome outcome) {
        if (outcome.checkpoint() != null) {
            rolledBack.inc();
        }
    }

    long storeFailures() {
        return storeFailures.getCount();
    }

    void storeFailed() {
        storeFailures.inc();
    }

    void settled(WindowOutcome outcome) {
        ignoredVectors.inc(outcome.ignoredVectors());
        windows.inc();
        if (outcome.update() != null) {
            trainingMillis.inc(outcome.update().mark().millis());
        }
        ModelCheckpoint checkpoint = outcome.checkpoint();
        if (checkpoint == null) {
            return;
        }
        lastLoss = checkpoint.loss();
        switch (checkpoint.verdict()) {
            case PROMOTED -> promoted.inc();
            case REJECTED -> rejected.inc();
            case FAILED -> failed.inc();
            case HELD -> held.inc();
            case ROLLED_BACK -> rolledBack.inc();
            case DELAYED -> delayed.inc();
        }
    }
}
