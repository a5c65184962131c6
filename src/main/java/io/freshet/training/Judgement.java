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
 * gate decided. A version's manifest keeps all of it; a verdict tells the newest update's part.
 *
 * @param updates at least one
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
        return new Judgement(marks, sum(marks, UpdateMark::targets), millis(marks), loss, decision);
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

    /** The newest update alone, with its share of the work. */
    UpdateMark newest() {
        List<UpdateMark> earlier = updates.subList(0, updates.size() - 1);
        UpdateMark last = updates.get(updates.size() - 1);
        return last.trained(
                targets - sum(earlier, UpdateMark::targets),
                millis - millis(earlier),
                last.passes());
    }

    /** The counts that a manifest keeps. */
    Map<String, Long> counts() {
        return Map.of(
                INTERACTIONS, (long) sum(updates, UpdateMark::interactions),
                SEQUENCES, (long) sum(updates, UpdateMark::sequences),
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

    private static long millis(List<UpdateMark> updates) {
        return updates.stream().mapToLong(UpdateMark::millis).sum();
    }

    private static void put(Map<String, Double> metrics, String name, float value) {
        if (Float.isFinite(value)) {
            metrics.put(name, (double) value);
        }
    }
}
