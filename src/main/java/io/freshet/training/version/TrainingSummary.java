package io.freshet.training.version;

import io.freshet.store.Manifest;
import io.freshet.training.UpdateStats;
import io.freshet.training.learn.Gate.Decision;
import io.freshet.training.learn.Gate.Ruling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What there is to say of updates: what they were made of, what training them took, and how the
 * gate decided. A version's manifest holds all of it, a verdict the newest update's part.
 *
 * @param updates at least one
 */
public record TrainingSummary(List<UpdateStats> updates, Decision decision) {

    private static final String CHAMPION_LOSS = "champion_loss";
    private static final String CHALLENGER_LOSS = "challenger_loss";

    /** What a version's manifest holds of the work that made it. */
    static TrainingSummary of(Manifest manifest, List<UpdateStats> updates) {
        return new TrainingSummary(
                updates,
                new Decision(
                        Ruling.PASS,
                        manifest.reason(),
                        manifest.metric(CHAMPION_LOSS),
                        manifest.metric(CHALLENGER_LOSS),
                        (int) manifest.count("validation_positions"),
                        manifest.metric("detectable_change")));
    }

    /** First event time of the updates, milliseconds since the epoch. */
    long start() {
        return updates.stream().mapToLong(UpdateStats::start).min().orElse(0);
    }

    /** Event time of the newest position trained on, milliseconds; 0 if not known. */
    long newestEvent() {
        return updates.stream().mapToLong(UpdateStats::newestEvent).max().orElse(0);
    }

    /** The newest update. */
    UpdateStats newest() {
        return updates.get(updates.size() - 1);
    }

    /** The counts that a manifest holds. */
    Map<String, Long> counts() {
        return Map.of(
                "interactions", sum(UpdateStats::interactions),
                "sequences", sum(UpdateStats::sequences),
                "targets", sum(UpdateStats::targets),
                "training_millis", sum(UpdateStats::millis),
                "validation_positions", (long) decision.positions());
    }

    /** The metrics that a manifest holds: those that are finite. */
    Map<String, Double> metrics() {
        Map<String, Double> metrics = new HashMap<>();
        metrics.put("loss", (double) newest().loss());
        metrics.put(CHAMPION_LOSS, (double) decision.champion());
        metrics.put(CHALLENGER_LOSS, (double) decision.challenger());
        metrics.put("detectable_change", (double) decision.detectable());
        metrics.values().removeIf(value -> !Double.isFinite(value));
        return metrics;
    }

    private long sum(ToLongFunction<UpdateStats> count) {
        return updates.stream().mapToLong(count).sum();
    }
}
