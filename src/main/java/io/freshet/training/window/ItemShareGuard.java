package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import io.freshet.training.FineTuneState;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Limits what one item that suddenly has a large share of a window can do: an attack, a client that
 * repeats itself, or a real hit. Validation positions can't tell, because they are taken over as
 * well. The excess over a trusted share is weighted down; nothing is dropped or refused. The share
 * that an item had in recent windows is its reference, so a hit counts in full after some windows.
 */
public final class ItemShareGuard {

    /** With fewer interactions, in the window or before, nothing is weighted. */
    static final int FEWEST = 100;

    /** How many times more common than before an item may become without being weighted. */
    private static final double RISE = 3;

    /** What is left of a reference after each window; less after the first ones. */
    private static final double MEMORY = 0.8;

    /** Shares below it are not kept: they are no reference for a large one. */
    private static final double LEAST = 0.01;

    /** No weight is smaller, so that a mean over nothing but such positions exists. */
    private static final double LEAST_WEIGHT = 1e-6;

    private final float mostTrusted;
    private final FineTuneState state;

    /**
     * @param mostTrusted share of a window's interactions that is trusted whatever it was before
     * @param state has the references
     */
    public ItemShareGuard(float mostTrusted, FineTuneState state) {
        this.mostTrusted = mostTrusted;
        this.state = state;
    }

    /**
     * Weights of positions by their item.
     *
     * @param byItem weights below 1; all other items have 1
     * @param reason why, in words and figures; empty if all weights are 1
     */
    public record Weights(Map<String, Float> byItem, String reason) {}

    /**
     * Weighs the items of a window, such that each of them that has more than its trusted share
     * comes down to it, all of them together.
     */
    public Weights weigh(List<TrainingSequence> window) {
        Map<String, Integer> counts = counts(window);
        int all = sum(counts);
        if (all < FEWEST || state.sharedInteractions < FEWEST) {
            return new Weights(Map.of(), "");
        }
        Map<String, Double> trusted = new TreeMap<>();
        counts.forEach(
                (item, count) -> {
                    double share = Math.max(mostTrusted, RISE * before(item));
                    if (count > share * all) {
                        trusted.put(item, share);
                    }
                });
        int others = all - trusted.keySet().stream().mapToInt(counts::get).sum();
        double shares = trusted.values().stream().mapToDouble(share -> share).sum();
        double weighted = others == 0 ? 0 : others / (1 - shares);
        Map<String, Float> weights = new HashMap<>();
        StringJoiner reason = new StringJoiner("; ");
        trusted.forEach(
                (item, share) -> {
                    int count = counts.getOrDefault(item, 0);
                    weights.put(item, (float) Math.max(LEAST_WEIGHT, share * weighted / count));
                    reason.add(reason(item, (double) count / all, share));
                });
        return new Weights(weights, reason.toString());
    }

    private double before(String item) {
        return state.itemShares.getOrDefault(item, 0.0);
    }

    private String reason(String item, double share, double trusted) {
        return String.format(
                Locale.ROOT,
                "item '%s' has %.0f %% of the window's interactions, and had %.0f %% before; it is"
                        + " weighted down to %.0f %% (training.max-item-share)",
                item,
                100 * share,
                100 * before(item),
                100 * trusted);
    }

    /** Enters a window, whatever became of it. */
    public void add(List<TrainingSequence> window) {
        Map<String, Integer> counts = counts(window);
        int all = sum(counts);
        if (all == 0) {
            return;
        }
        state.sharedInteractions += all;
        double memory = Math.min(MEMORY, 1 - (double) all / state.sharedInteractions);
        state.itemShares.replaceAll((item, share) -> memory * share);
        counts.forEach(
                (item, count) ->
                        state.itemShares.merge(item, (1 - memory) * count / all, Double::sum));
        state.itemShares.values().removeIf(share -> share < (1 - MEMORY) * LEAST);
    }

    private static Map<String, Integer> counts(List<TrainingSequence> sequences) {
        Map<String, Integer> counts = new HashMap<>();
        for (TrainingSequence sequence : sequences) {
            for (int fresh : sequence.fresh()) {
                if (sequence.weightAt(fresh) > 0) {
                    counts.merge(sequence.items()[fresh], 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
