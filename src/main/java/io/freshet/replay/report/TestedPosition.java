package io.freshet.replay.report;

import io.freshet.event.RecommendedItem.Source;
import org.jspecify.annotations.Nullable;

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
