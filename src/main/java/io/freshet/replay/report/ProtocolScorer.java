package io.freshet.replay.report;

import io.freshet.event.Interaction;
import io.freshet.event.RecommendedItem.Source;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ranks tested positions by protocol P, row by row in file order, and notes where predictions break
 * it.
 *
 * <p>Tested are positions from N/2 on that the stride divides, whose user has an earlier row, and,
 * where items are consumed once, whose item the user has not had. Candidates are the items of
 * earlier rows, where items are consumed once less the user's own; weights must be older than the
 * position that they score.
 */
final class ProtocolScorer {

    private final int half;
    private final int stride;
    private final boolean excludeSeen;
    private final Map<Integer, Prediction> predictions = new HashMap<>();
    private final Map<String, Integer> rowsByItem = new HashMap<>();
    private final Map<String, Integer> rowsByUser = new HashMap<>();
    private final Map<String, Set<String>> itemsByUser = new HashMap<>();
    private final Set<String> itemsOfBase = new HashSet<>();
    private @Nullable String problem;

    /**
     * @param half the first position that may be tested, N/2
     */
    ProtocolScorer(int half, int stride, boolean excludeSeen) {
        this.half = half;
        this.stride = stride;
        this.excludeSeen = excludeSeen;
    }

    /** Takes a prediction, before the row of its position is ranked. */
    void predicted(Prediction prediction) {
        if (predictions.put(prediction.position(), prediction) != null) {
            note(prediction.position(), "it is predicted twice");
        }
    }

    /** Takes the next row; null unless its position is tested and predicted. */
    @Nullable TestedPosition row(Interaction row) {
        int position = Math.toIntExact(row.offset());
        String item = row.itemId();
        Set<String> seen = itemsByUser.computeIfAbsent(row.userId(), user -> new HashSet<>());
        boolean tested = isTested(position, item, seen);
        Prediction prediction = predictions.get(position);
        TestedPosition outcome = null;
        if (tested && prediction != null) {
            check(prediction, seen);
            outcome = outcome(row, prediction);
        } else if (tested) {
            note(position, "it is tested and has no prediction");
        } else if (prediction != null) {
            note(position, "it is predicted and not to be tested");
        }
        rowsByItem.merge(item, 1, Integer::sum);
        rowsByUser.merge(row.userId(), 1, Integer::sum);
        seen.add(item);
        if (position < half) {
            itemsOfBase.add(item);
        }
        return outcome;
    }

    /** The first breach of the protocol, if there was any. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private TestedPosition outcome(Interaction row, Prediction prediction) {
        return new TestedPosition(
                prediction,
                prediction.items().indexOf(row.itemId()) + 1,
                rowsByItem.getOrDefault(row.itemId(), 0),
                itemsOfBase.contains(row.itemId()),
                rowsByUser.getOrDefault(row.userId(), 0));
    }

    private boolean isTested(int position, String item, Set<String> seen) {
        return position >= half
                && position % stride == 0
                && !seen.isEmpty()
                && !(excludeSeen && seen.contains(item));
    }

    private void check(Prediction prediction, Set<String> seen) {
        int position = prediction.position();
        List<String> items = prediction.items();
        if (items.size() > Prediction.SIZE || new HashSet<>(items).size() != items.size()) {
            note(position, "more than ten items, or one twice: " + items);
        }
        for (String item : items) {
            if (!rowsByItem.containsKey(item)) {
                note(position, "item " + item + " had not occurred yet");
            } else if (excludeSeen && seen.contains(item)) {
                note(position, "item " + item + " is one that the user already has");
            }
        }
        if (prediction.trainedThrough() >= position) {
            note(position, "scored by weights trained through " + prediction.trainedThrough());
        }
    }

    private void note(int position, String what) {
        if (problem == null) {
            problem = "position " + position + ": " + what;
        }
    }

    /**
     * A tested position, how it came out, and how much was known before it.
     *
     * @param prediction what was predicted
     * @param rank rank of its item in the list, from 1; 0 if it was not there
     * @param itemRows earlier rows of its item
     * @param itemInBase whether the item is in a row that the base model could be made of
     * @param userRows earlier rows of its user, 1 or more
     */
    record TestedPosition(
            Prediction prediction, int rank, int itemRows, boolean itemInBase, int userRows) {

        int position() {
            return prediction.position();
        }

        /** What spoke most for the item, null if it was not listed. */
        @Nullable Source hitBy() {
            return rank == 0 ? null : prediction.sources().get(rank - 1);
        }
    }
}
