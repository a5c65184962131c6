package io.freshet.training;

import io.freshet.event.ModelCheckpoint;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** What the fine-tuner tells Flink's metric reporters. */
final class FineTuneMetrics {

    /** Windows with a verdict. */
    private final Counter windows;

    /** Windows whose version went live. */
    private final Counter promoted;

    /** Windows whose version was worse than the champion. */
    private final Counter rejected;

    /** Windows whose loss was not finite. */
    private final Counter failed;

    /** Time spent training, in milliseconds. */
    private final Counter trainingMillis;

    /** Content vectors passed over because their width is not the model's. */
    private final Counter ignoredVectors;

    private volatile float lastLoss = Float.NaN;
    private volatile int backlog;
    private volatile long liveVersion;

    FineTuneMetrics(MetricGroup group) {
        this.windows = group.counter("windowsTrained");
        this.promoted = group.counter("windowsPromoted");
        this.rejected = group.counter("windowsRejected");
        this.failed = group.counter("windowsFailed");
        this.trainingMillis = group.counter("trainingMillis");
        this.ignoredVectors = group.counter("ignoredVectors");
        group.gauge("lastLoss", (Gauge<Float>) () -> lastLoss);
        group.gauge("backlogSequences", (Gauge<Integer>) () -> backlog);
        group.gauge("liveVersion", (Gauge<Long>) () -> liveVersion);
    }

    void stands(FineTuneLedger ledger) {
        backlog = ledger.backlog();
        liveVersion = ledger.state().live;
    }

    void settled(WindowOutcome outcome) {
        ignoredVectors.inc(outcome.ignoredVectors());
        ModelCheckpoint checkpoint = outcome.checkpoint();
        if (checkpoint == null) {
            return;
        }
        windows.inc();
        trainingMillis.inc(checkpoint.trainingMillis());
        lastLoss = checkpoint.loss();
        switch (checkpoint.verdict()) {
            case PROMOTED -> promoted.inc();
            case REJECTED -> rejected.inc();
            case FAILED -> failed.inc();
        }
    }
}
