package io.freshet.history;

import io.freshet.runtime.RecentHistogram;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts interactions by what they became. Each is counted once, so that the six sum up to the
 * events of the source.
 */
final class HistoryMetrics {

    private final Counter accepted;
    private final Counter late;
    private final Histogram lateMillis;
    private final Counter duplicates;
    private final Counter exposures;
    private final Counter rejections;
    private final Counter forgotten;

    HistoryMetrics(MetricGroup group) {
        // interactions that became history, in time
        accepted = group.counter("accepted");
        // interactions that became history, though the watermark had passed them
        late = group.counter("late");
        // how far the watermark had passed those, milliseconds
        lateMillis = RecentHistogram.register(group, "lateMillis");
        // interactions with one of the user's last event ids
        duplicates = group.counter("duplicates");
        // interactions in which a user was only shown an item
        exposures = group.counter("exposures");
        // interactions in which a user rejected an item
        rejections = group.counter("rejections");
        // interactions of forgotten users, from before they were forgotten
        forgotten = group.counter("forgottenInteractions");
    }

    /**
     * @param timestamp the interaction's event time, milliseconds since the epoch
     * @param watermark event time, milliseconds since the epoch
     */
    void accepted(long timestamp, long watermark) {
        if (timestamp > watermark) {
            accepted.inc();
        } else {
            late.inc();
            lateMillis.update(watermark - timestamp);
        }
    }

    void duplicate() {
        duplicates.inc();
    }

    void exposure() {
        exposures.inc();
    }

    void rejection() {
        rejections.inc();
    }

    void forgotten() {
        forgotten.inc();
    }
}
