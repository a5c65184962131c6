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
 * <p>Tested are {@link TestedRows}. Candidates are the items of earlier rows that are not ignored,
 * exposures among them, where items are consumed once less the user's own; weights must be older
 * than the position that they score. What was known of an item or a user are rows of history.
 */
final class ProtocolScorer {

    private final int half;
    private final TestedRows rows;
    private final Map<Integer, Prediction> predictions = new HashMap<>();
    private final Map<String, Integer> rowsByItem = new HashMap<>();
    private final Map<String, Integer> rowsByUser = new HashMap<>();
    private final Set<String> occurred = new HashSet<>();
    private final Set<String> itemsOfBase = new HashSet<>();
    private @Nullable String problem;

    /**
     * @param half the first position that may be tested, N/2
     * @param rows which are tested; none was added yet
     */
    ProtocolScorer(int half, TestedRows rows) {
        this.half = half;
        this.rows = rows;
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
        boolean tested = rows.isTested(row);
        Prediction prediction = predictions.get(position);
        TestedPosition outcome = null;
        if (tested && prediction != null) {
            check(prediction, row.userId());
            outcome = outcome(row, prediction);
        } else if (tested) {
            note(position, "it is tested and has no prediction");
        } else if (prediction != null) {
            note(position, "it is predicted and not to be tested");
        }
        add(row);
        return outcome;
    }

    private void add(Interaction row) {
        rows.add(row);
        if (rows.makesKnown(row)) {
            occurred.add(row.itemId());
        }
        if (!rows.isHistory(row)) {
            return;
        }
        rowsByItem.merge(row.itemId(), 1, Integer::sum);
        rowsByUser.merge(row.userId(), 1, Integer::sum);
        if (row.offset() < half) {
            itemsOfBase.add(row.itemId());
        }
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

    private void check(Prediction prediction, String user) {
        int position = prediction.position();
        List<String> items = prediction.items();
        if (items.size() > Prediction.SIZE || new HashSet<>(items).size() != items.size()) {
            note(position, "more than ten items, or one twice: " + items);
        }
        for (String item : items) {
            if (!occurred.contains(item)) {
                note(position, "item " + item + " had not occurred yet");
            } else if (rows.isConsumed(user, item)) {
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
     * @param itemRows earlier interactions with its item
     * @param itemInBase whether the item is in an interaction that the base model could be made of
     * @param userRows earlier interactions of its user, 1 or more
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
