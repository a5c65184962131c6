package io.freshet.training;

import io.freshet.event.TrainingSequence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one update of the live model was made of, and what training it took.
 *
 * @param window number of its training window, from 1
 * @param start first event time of the window, milliseconds since the epoch
 * @param end exclusive end of the window in event time, milliseconds since the epoch
 * @param interactions interactions that the window brought
 * @param sequences sequences they came in
 * @param targets positions trained on, replayed ones included
 * @param millis time spent training, in milliseconds
 * @param loss mean training loss over the last pass; NaN when nothing was trained
 * @param newestEvent event time of the newest position trained on, milliseconds since the epoch; 0
 *     if not known
 */
public record UpdateStats(
        long window,
        long start,
        long end,
        int interactions,
        int sequences,
        int targets,
        long millis,
        float loss,
        long newestEvent) {

    private static final String INTERACTIONS = "interactions";
    private static final String SEQUENCES = "sequences";
    private static final String TARGETS = "targets";
    private static final String MILLIS = "training_millis";
    private static final String LOSS = "loss";
    private static final String NEWEST_EVENT = "newest_event_ms";

    /** A window that is not trained yet. */
    public static UpdateStats untrained(
            long window, long start, long end, int interactions, int sequences) {
        return new UpdateStats(window, start, end, interactions, sequences, 0, 0, Float.NaN, 0);
    }

    /**
     * The same window, trained.
     *
     * @param data what the window trained
     */
    public UpdateStats trained(
            List<TrainingSequence> data, int newTargets, long newMillis, float newLoss) {
        return new UpdateStats(
                window,
                start,
                end,
                interactions,
                sequences,
                newTargets,
                newMillis,
                newLoss,
                newest(data));
    }

    private static long newest(List<TrainingSequence> data) {
        long newest = 0;
        for (TrainingSequence sequence : data) {
            for (int position : sequence.fresh()) {
                newest = Math.max(newest, sequence.timestamps()[position]);
            }
        }
        return newest;
    }

    /** What an update's file holds as metrics, by name. */
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new HashMap<>();
        metrics.put(INTERACTIONS, (double) interactions);
        metrics.put(SEQUENCES, (double) sequences);
        metrics.put(TARGETS, (double) targets);
        metrics.put(MILLIS, (double) millis);
        metrics.put(NEWEST_EVENT, (double) newestEvent);
        if (Float.isFinite(loss)) {
            metrics.put(LOSS, (double) loss);
        }
        return metrics;
    }

    /** Reads what {@link #metrics} gave. */
    public static UpdateStats of(long window, long start, long end, Map<String, Double> metrics) {
        return new UpdateStats(
                window,
                start,
                end,
                metrics.getOrDefault(INTERACTIONS, 0.0).intValue(),
                metrics.getOrDefault(SEQUENCES, 0.0).intValue(),
                metrics.getOrDefault(TARGETS, 0.0).intValue(),
                metrics.getOrDefault(MILLIS, 0.0).longValue(),
                metrics.getOrDefault(LOSS, Double.NaN).floatValue(),
                metrics.getOrDefault(NEWEST_EVENT, 0.0).longValue());
    }
}
