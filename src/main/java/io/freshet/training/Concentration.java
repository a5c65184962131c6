package io.freshet.training;

import io.freshet.event.TrainingSequence;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds windows that one item has taken over: an attack, or a client that repeats itself. Held-out
 * positions can't tell, because they are taken over as well. What is common in the window is
 * compared with what was common in the replayed sequences, so that a shop of three items is not
 * suspicious.
 */
final class Concentration {

    /** With fewer interactions on one of the two sides nothing is said. */
    static final int FEWEST = 100;

    /** How many times more common an item has to be than it was. */
    private static final double RISE = 3;

    private final float most;

    /**
     * @param most share of a window's interactions that one item may have without suspicion
     */
    Concentration(float most) {
        this.most = most;
    }

    /** Why a window is not to be trusted, or null. */
    @Nullable String suspicion(List<TrainingSequence> window, List<TrainingSequence> replayed) {
        Map<String, Integer> now = counts(window);
        Map<String, Integer> before = counts(replayed);
        int all = sum(now);
        int allBefore = sum(before);
        if (all < FEWEST || allBefore < FEWEST) {
            return null;
        }
        for (Map.Entry<String, Integer> item : now.entrySet()) {
            double share = (double) item.getValue() / all;
            double shareBefore = (double) before.getOrDefault(item.getKey(), 0) / allBefore;
            if (share > most && share > RISE * shareBefore) {
                return String.format(
                        Locale.ROOT,
                        "item '%s' has %.0f %% of the window's interactions, and had %.0f %% before;"
                                + " at most %.0f %% are trusted (training.max-item-share)",
                        item.getKey(),
                        100 * share,
                        100 * shareBefore,
                        100 * most);
            }
        }
        return null;
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
