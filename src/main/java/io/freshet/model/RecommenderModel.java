package io.freshet.model;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A model that learns and scores in one session: what {@link #train} changed, {@link #score}
 * answers with at once. Items are rows of its table; row 0 is padding and never an item.
 *
 * <p>Not thread-safe: one thread at a time. Native memory is freed by {@link #close}.
 */
public interface RecommenderModel extends AutoCloseable {

    /** Longest input sequence, in items. */
    int length();

    /** Rows of the item table, the padding row 0 included. */
    int rows();

    /** Width of an item's frozen content vector; 0 if the model takes none. */
    int featureWidth();

    /**
     * Whether the model learns ratings and predicts them: then positions without a rating teach it
     * nothing, and it needs no negatives.
     */
    default boolean predictsRatings() {
        return false;
    }

    /**
     * What the model was built as, see {@link ModelSpec#architecture}; empty if it is not one that
     * {@link ModelRuntime#create} makes. Of a graph of an earlier release, which can't export its
     * changes, it ends in words that say so: it differs from that of every {@link ModelSpec}.
     */
    default String architecture() {
        return "";
    }

    /** The item id of every row; row 0 and freed rows are the empty string. */
    String[] itemIds();

    /**
     * Item vectors, whose cosine says how alike items are, [rows, width], row-major; empty if the
     * model has no signature for them.
     */
    default float[] itemVectors() {
        return new float[0];
    }

    /**
     * Adds rows for new items, with fresh weights and optimizer slots.
     *
     * @param itemIds ids of the new rows, in order; an empty id makes a free row, to spare
     * @param features content vectors, [itemIds.length, featureWidth], row-major
     * @param seed seed of the fresh weights
     */
    void append(String[] itemIds, float[] features, long seed);

    /**
     * Gives rows to other items, as {@link #append} would have made them: fresh weights and slots.
     *
     * @param rows the rows, each at least 1
     * @param itemIds their new ids; an empty id frees the row
     * @param features content vectors, [rows.length, featureWidth], row-major
     * @param seed seed of the fresh weights
     */
    void recycle(int[] rows, String[] itemIds, float[] features, long seed);

    /**
     * Replaces the content vectors of rows and leaves all that was learned.
     *
     * @param features content vectors, [rows.length, featureWidth], row-major
     */
    void describe(int[] rows, float[] features);

    /**
     * Content vectors of rows, [rows.length, featureWidth], row-major.
     *
     * @param rows rows, each at least 1
     * @throws UnsupportedOperationException if the model has no signature that gives them
     */
    float[] features(int[] rows);

    /** One gradient step. */
    StepResult train(TrainingBatch batch, StepRates rates);

    /** Ranks each target among all rows, without learning from it. */
    EvaluationResult evaluate(EvaluationBatch batch);

    /**
     * What the model says at positions now, as a lesson for what it becomes: a softmax over a
     * sample of rows, without learning from it.
     *
     * @param batch its targets play no part
     * @return probabilities, [M, sample rows] row-major
     * @throws UnsupportedOperationException if the model can't be distilled
     */
    default float[] teach(EvaluationBatch batch, RowSample sample) {
        throw new UnsupportedOperationException(
                getClass().getSimpleName() + " can't be distilled: set training.distillation to 0");
    }

    /** Scores all rows for the position after each sequence. */
    ScoringResult score(ScoringBatch batch);

    /** Whether the model can {@link #exportChanges}: others follow its updates then. */
    default boolean exportsChanges() {
        return false;
    }

    /**
     * All that changed since the last call, or else since the model was made, loaded or restored,
     * optimizer slots included.
     */
    default WeightChanges exportChanges() {
        throw new UnsupportedOperationException(
                getClass().getSimpleName() + " can't export its changes");
    }

    /**
     * Takes over what another model of the same graph exported, which was equal to this one before:
     * afterwards the two are equal bit for bit, optimizer slots included. What was imported does
     * not count as a change of this model.
     *
     * @throws IllegalArgumentException if the changes don't follow on this model's rows or
     *     variables
     */
    default void importChanges(WeightChanges changes) {
        throw new UnsupportedOperationException(
                getClass().getSimpleName() + " can't import changes");
    }

    /**
     * Frees what training alone needs, the optimizer's slots, if the model can: from now on it only
     * scores and imports changes.
     */
    default void serveOnly() {}

    /**
     * Computes ahead what the next import, of these changes, makes of all items, if the model can;
     * the import itself costs what the changes touch then. This is the one method that may be
     * called while another thread uses the model.
     *
     * @throws IllegalArgumentException if the changes don't follow on this model's rows or
     *     variables
     */
    default void prepareImport(WeightChanges changes) {}

    /**
     * Writes a complete SavedModel (graph and variables, optimizer slots included) to a local
     * directory, which is made if missing.
     */
    void save(Path directory) throws IOException;

    /**
     * Takes over the variables of a SavedModel that {@link #save} wrote from a model of the same
     * graph.
     */
    void restore(Path directory) throws IOException;

    @Override
    void close();
}
