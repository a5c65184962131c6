package io.freshet.training;

import io.freshet.event.EncodedItem;
import io.freshet.event.ModelRevision;
import io.freshet.event.TrainingSequence;
import io.freshet.model.WeightChanges;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model and its arithmetic. It has no part in windows, gates, the store or verdicts: it is
 * brought to a revision, fitted to a job, and scores positions. Not thread-safe.
 */
public interface Trainer extends AutoCloseable {

    /**
     * Brings the model to a revision. After a {@link #fit} the revision that its changes were
     * written as is reached without reading anything; any other undoes the fit.
     *
     * @throws IOException if the version or an update is missing or damaged
     */
    void sync(ModelRevision revision) throws IOException;

    /** Fits the model to a job, from the revision that it was brought to. */
    Fit fit(FitJob job);

    /**
     * Scores the fresh positions of sequences with the model as it is, without learning from them.
     */
    Score score(List<TrainingSequence> sequences);

    @Override
    void close();

    /**
     * What a model is fitted to: pure data.
     *
     * @param window number of the training window, from 1; seeds are derived from it
     * @param windowEnd exclusive end of the window in event time, milliseconds since the epoch
     * @param trained sequences whose fresh positions are new
     * @param replayed sequences that were trained before
     * @param items content that the model does not have yet
     * @param waiting interactions so far of items that have no row yet
     * @param itemWeights weight of positions whose target is such an item, in (0, 1]; others have 1
     * @param validation sequences with one fresh position each, none of which the model was or is
     *     trained on
     * @param passes most passes
     */
    record FitJob(
            long window,
            long windowEnd,
            List<TrainingSequence> trained,
            List<TrainingSequence> replayed,
            List<EncodedItem> items,
            List<WaitingItem> waiting,
            Map<String, Float> itemWeights,
            List<TrainingSequence> validation,
            int passes) {

        /** Everything that the steps see. */
        public List<TrainingSequence> sequences() {
            return java.util.stream.Stream.concat(trained.stream(), replayed.stream()).toList();
        }
    }

    /**
     * What a fit brought.
     *
     * @param passes passes made
     * @param targets positions in a pass, replayed ones included
     * @param loss mean training loss over the last pass; NaN if there was no position
     * @param finite whether every step's loss and gradient were finite
     * @param before loss of each validation sequence before the fit, NaN where it can't be scored
     * @param after the same after it
     * @param freshBefore mean loss of a sample of the trained sequences before the fit, NaN where
     *     none can be scored
     * @param freshAfter the same after it
     * @param rows what became of the item table
     * @param changes what the fit changed; null if the model can't export it, or the fit is not
     *     finite
     */
    record Fit(
            int passes,
            int targets,
            float loss,
            boolean finite,
            float[] before,
            float[] after,
            float freshBefore,
            float freshAfter,
            RowChanges rows,
            @Nullable WeightChanges changes) {}

    /**
     * What became of the item table.
     *
     * @param rows rows that have an item
     * @param unlisted those of them that the catalog does not name
     * @param recycled rows that were taken from their items
     * @param refused items that got no row because the table is at its cap
     * @param ignoredVectors content vectors passed over because their width is not the model's
     * @param waiting interactions so far of items that have no row yet
     * @param lastUsed event time of the last use of items, as far as it changed, milliseconds since
     *     the epoch
     */
    record RowChanges(
            int rows,
            int unlisted,
            int recycled,
            int refused,
            int ignoredVectors,
            List<WaitingItem> waiting,
            Map<String, Long> lastUsed) {}
}
