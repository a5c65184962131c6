package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import io.freshet.training.WaitingItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Counts the interactions of items that the catalog does not name, until one has enough to be given
 * a row: most of what is seen once is never seen again.
 */
public final class AdmissionCounts {

    /** Most items that wait; beyond it those that were not seen for longest are dropped. */
    private static final int MOST = 100_000;

    private final int admission;
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    /**
     * @param admission interactions after which an item gets a row
     * @param waiting what {@link #waiting} gave
     */
    public AdmissionCounts(int admission, List<WaitingItem> waiting) {
        this.admission = admission;
        waiting.forEach(item -> counts.put(item.itemId(), item.count()));
    }

    /**
     * Counts the fresh positions of a window.
     *
     * @param hasRow whether an item has a row, and is not counted
     * @return items that have enough interactions now, in the order in which they got them
     */
    public List<String> admit(List<TrainingSequence> window, Predicate<String> hasRow) {
        List<String> admitted = new ArrayList<>();
        for (TrainingSequence sequence : window) {
            for (int fresh : sequence.fresh()) {
                String item = sequence.items()[fresh];
                if (!hasRow.test(item)) {
                    Integer before = counts.remove(item); // to become the newest
                    int count = before == null ? 1 : before + 1;
                    counts.put(item, count);
                    if (count == admission) {
                        admitted.add(item);
                    }
                }
            }
        }
        admitted.forEach(counts::remove);
        while (counts.size() > MOST) {
            counts.remove(counts.keySet().iterator().next());
        }
        return admitted;
    }

    /** Items that wait, with their interactions so far; the one that was seen last comes last. */
    public List<WaitingItem> waiting() {
        return counts.entrySet().stream()
                .map(item -> new WaitingItem(item.getKey(), item.getValue()))
                .toList();
    }
}
