package io.freshet.training;

import io.freshet.store.Manifest;
import io.freshet.training.Gate.Decision;
import io.freshet.training.Gate.Ruling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * What there is to say of updates: what they were made of, what training them took, and how the
 * gate decided. Verdicts tell it, and a version's manifest keeps it.
 *
 * @param targets positions trained on, replayed ones included
 * @param millis time spent training, in milliseconds
 * @param loss mean training loss over the last pass; NaN when nothing was trained
 */
record Judgement(
        List<UpdateMark> updates, int targets, long millis, float loss, Decision decision) {

    private static final String INTERACTIONS = "interactions";
    private static final String SEQUENCES = "sequences";
    private static final String TARGETS = "targets";
    private static final String TRAINING_MILLIS = "training_millis";
    private static final String LOSS = "loss";
    private static final String CHAMPION_LOSS = "champion_loss";
    private static final String CHALLENGER_LOSS = "challenger_loss";

    static Judgement of(List<AppliedUpdate> updates, float loss, Decision decision) {
        List<UpdateMark> marks = updates.stream().map(AppliedUpdate::mark).toList();
        long millis = marks.stream().mapToLong(UpdateMark::millis).sum();
        return new Judgement(marks, sum(marks, UpdateMark::targets), millis, loss, decision);
    }

    /** What a version's manifest keeps of the work that made it. */
    static Judgement kept(Manifest manifest, List<AppliedUpdate> updates) {
        return new Judgement(
                updates.stream().map(AppliedUpdate::mark).toList(),
                (int) manifest.count(TARGETS),
                manifest.count(TRAINING_MILLIS),
                manifest.metric(LOSS),
                new Decision(
                        Ruling.PASS,
                        manifest.reason(),
                        manifest.metric(CHAMPION_LOSS),
                        manifest.metric(CHALLENGER_LOSS)));
    }

    /** First event time of the updates, milliseconds since the epoch. */
    long start() {
        return updates.stream().mapToLong(UpdateMark::start).min().orElse(0);
    }

    int interactions() {
        return sum(updates, UpdateMark::interactions);
    }

    int sequences() {
        return sum(updates, UpdateMark::sequences);
    }

    /** The counts that a manifest keeps. */
    Map<String, Long> counts() {
        return Map.of(
                INTERACTIONS, (long) interactions(),
                SEQUENCES, (long) sequences(),
                TARGETS, (long) targets,
                TRAINING_MILLIS, millis);
    }

    /** The metrics that a manifest keeps: those that are known. */
    Map<String, Double> metrics() {
        Map<String, Double> metrics = new HashMap<>();
        put(metrics, LOSS, loss);
        put(metrics, CHAMPION_LOSS, decision.before());
        put(metrics, CHALLENGER_LOSS, decision.after());
        return metrics;
    }

    private static int sum(List<UpdateMark> updates, ToIntFunction<UpdateMark> count) {
        return updates.stream().mapToInt(count).sum();
    }

    private static void put(Map<String, Double> metrics, String name, float value) {
        if (Float.isFinite(value)) {
            metrics.put(name, (double) value);
        }
    }
}
