package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import io.freshet.training.FineTuneState;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

    /** What is left of a reference after each window. */
    private static final double MEMORY = 0.8;

    /** Shares below it are not kept: they are no reference for a large one. */
    private static final double LEAST = 0.01;

    private final float most;
    private final FineTuneState state;

    /**
     * @param most share of a window's interactions that is trusted whatever it was before
     * @param state has the references
     */
    public ItemShareGuard(float most, FineTuneState state) {
        this.most = most;
        this.state = state;
    }

    /**
     * Weights of positions by their item.
     *
     * @param byItem weights below 1; all other items have 1
     * @param reason why, in words and figures; empty if all weights are 1
     */
    public record Weights(Map<String, Float> byItem, String reason) {}

    /** Weighs the items of a window. */
    public Weights weigh(List<TrainingSequence> window) {
        Map<String, Integer> counts = counts(window);
        int all = sum(counts);
        Map<String, Float> weights = new HashMap<>();
        StringBuilder reason = new StringBuilder();
        if (all < FEWEST || state.sharedInteractions < FEWEST) {
            return new Weights(weights, "");
        }
        counts.forEach(
                (item, count) -> {
                    double share = (double) count / all;
                    double before = state.itemShares.getOrDefault(item, 0.0);
                    double trusted = Math.max(most, RISE * before);
                    if (share > trusted) {
                        double weight = trusted * (all - count) / (count * (1 - trusted));
                        weights.put(item, (float) Math.max(weight, Float.MIN_NORMAL));
                        reason.append(reason.isEmpty() ? "" : "; ")
                                .append(reason(item, share, before, trusted));
                    }
                });
        return new Weights(weights, reason.toString());
    }

    private static String reason(String item, double share, double before, double trusted) {
        return String.format(
                Locale.ROOT,
                "item '%s' has %.0f %% of the window's interactions, and had %.0f %% before; it is"
                        + " weighted down to %.0f %% (training.max-item-share)",
                item,
                100 * share,
                100 * before,
                100 * trusted);
    }

    /** Enters a window, whatever became of it. */
    public void add(List<TrainingSequence> window) {
        Map<String, Integer> counts = counts(window);
        int all = sum(counts);
        if (all == 0) {
            return;
        }
        state.itemShares.replaceAll((item, share) -> MEMORY * share);
        counts.forEach(
                (item, count) ->
                        state.itemShares.merge(item, (1 - MEMORY) * count / all, Double::sum));
        state.itemShares.values().removeIf(share -> share < (1 - MEMORY) * LEAST);
        state.sharedInteractions += all;
    }

    private static Map<String, Integer> counts(List<TrainingSequence> sequences) {
        Map<String, Integer> counts = new HashMap<>();
        for (TrainingSequence sequence : sequences) {
            for (int fresh : sequence.fresh()) {
                counts.merge(sequence.items()[fresh], 1, Integer::sum);
            }
        }
        return counts;
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
