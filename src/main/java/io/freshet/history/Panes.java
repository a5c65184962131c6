package io.freshet.history;

import java.time.Duration;

/** Cuts event time into panes of one length, aligned to the epoch. */
final class Panes {

    private final long millis;

    Panes(Duration pane) {
        this.millis = pane.toMillis();
    }

    /**
     * Exclusive end of the pane that an interaction is trained in: the one of its event time, or,
     * when that is closed already, the oldest that is still open. A pane is closed once the
     * watermark reaches its last millisecond.
     *
     * @param timestamp event time of the interaction, milliseconds since the epoch
     * @param watermark the current watermark, milliseconds since the epoch
     */
    long end(long timestamp, long watermark) {
        long time = timestamp > watermark ? timestamp : watermark + 1;
        return (Math.floorDiv(time, millis) + 1) * millis;
    }
}
