package io.freshet.recommend.operator;

import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;

/**
 * How far event time has come: the input's, and what of it goes on downstream. A list bears its
 * request's timestamp, so downstream time stays behind the earliest element that still waits, or
 * the list would be late.
 */
final class EventTimeProgress {

    private final Recommender recommender;
    private final EventTimeMerge merge;
    private final Output<?> output;
    private long input = Long.MIN_VALUE;
    private long passedOn = Long.MIN_VALUE;

    EventTimeProgress(Recommender recommender, EventTimeMerge merge, Output<?> output) {
        this.recommender = recommender;
        this.merge = merge;
        this.output = output;
    }

    /** The watermark of both inputs, milliseconds since the epoch. */
    long input() {
        return input;
    }

    /** Takes the watermark of both inputs; {@link #passOn} tells it on. */
    void reach(Watermark mark) {
        input = mark.getTimestamp();
    }

    /** Tells downstream what is certain now, if that is more than before. */
    void passOn() {
        long earliest = Math.min(recommender.earliest(), merge.earliest());
        long bound = earliest == Long.MAX_VALUE ? earliest : earliest - 1;
        long next = Math.min(input, bound);
        if (next > passedOn) {
            passedOn = next;
            output.emitWatermark(new Watermark(next));
        }
    }
}
