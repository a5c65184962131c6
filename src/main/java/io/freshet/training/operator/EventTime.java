package io.freshet.training.operator;

import io.freshet.training.FineTuneState;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Event time on its way through the fine-tuner. It comes from the sequences alone; the catalog's
 * watermarks are dropped, because a catalog that is quiet for a day must not hold versions back
 * (but a replay aligns the catalog too, to be repeatable). It goes on downstream, but stays below
 * the end of the work in progress, whose results leave with that end as timestamp.
 */
final class EventTime {

    private static final long NOT_HELD = Long.MAX_VALUE;

    private final FineTuneState state;
    private final Output<?> output;
    private long sequences;
    private long catalog;
    private long limit = NOT_HELD;
    private long emitted = Long.MIN_VALUE;
    private boolean inputIdle;
    private boolean outputIdle;

    /**
     * @param state keeps the watermark of the sequences
     */
    EventTime(FineTuneState state, Output<?> output, boolean aligned) {
        this.state = state;
        this.output = output;
        this.sequences = state.watermark;
        this.catalog = aligned ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** Enters a watermark of the sequences; that of the end of the input is not kept. */
    void sequences(long watermark) {
        sequences = watermark;
        if (watermark != Long.MAX_VALUE) {
            state.watermark = Math.max(state.watermark, watermark);
        }
    }

    /** Enters a watermark of the catalog; only if that is aligned. */
    void catalog(long watermark) {
        catalog = watermark;
    }

    /** Enters whether the sequences are idle. */
    void idle(boolean idle) {
        inputIdle = idle;
        forwardStatus();
    }

    /** Up to which panes are complete. */
    long now() {
        return Math.min(sequences, catalog);
    }

    /** The newest watermark of the sequences, of this or of an earlier run. */
    long reached() {
        return state.watermark;
    }

    /**
     * Work is in progress: time stays below its end, and the output is not idle. If other work was
     * given up for it, time stays below the end of that as well.
     */
    void holdBelow(long end) {
        limit = Math.min(limit, end - 1);
    }

    /** The work in progress is done. */
    void release() {
        limit = NOT_HELD;
    }

    /** Whether work is in progress. */
    boolean isHeld() {
        return limit != NOT_HELD;
    }

    /** Lets time go on as far as it may. */
    void forward() {
        long allowed = Math.min(now(), limit);
        if (allowed > emitted) {
            emitted = allowed;
            output.emitWatermark(new Watermark(allowed));
        }
        forwardStatus();
    }

    private void forwardStatus() {
        boolean idle = inputIdle && !isHeld();
        if (idle != outputIdle) {
            outputIdle = idle;
            output.emitWatermarkStatus(idle ? WatermarkStatus.IDLE : WatermarkStatus.ACTIVE);
        }
    }
}
