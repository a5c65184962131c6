package io.freshet.recommend;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelDelta;
import io.freshet.event.OffsetRange;
import io.freshet.event.RecommendationRequest;
import io.freshet.model.RecommenderModel;
import io.freshet.model.ScoringBatch;
import io.freshet.model.ScoringResult;
import java.util.Arrays;
import java.util.List;

/**
 * The model that scores, a version or an update that follows it, and which row of it is which item
 * of the table.
 */
final class LiveModel implements AutoCloseable {

    private static final int NO_ITEM = -1;

    private final RecommenderModel model;
    private final ItemTable table;
    private ModelCheckpoint checkpoint;
    private int updates;
    private long trainedThrough;
    private int[] itemOfRow = new int[0];
    private int[] rowOfItem = new int[0];

    /** Items that the table does not know are added to it. */
    LiveModel(ModelCheckpoint checkpoint, RecommenderModel model, ItemTable table) {
        this.checkpoint = checkpoint;
        this.model = model;
        this.table = table;
        trainedThrough = trainedThrough(checkpoint);
        learnRows(0, model.itemIds());
    }

    /** Whether a delta is of the update that comes next. */
    boolean precedes(ModelDelta delta) {
        return delta.version() == version() && delta.update() == updates + 1;
    }

    /** Takes over the next update. */
    void apply(ModelDelta delta) {
        if (!precedes(delta)) {
            throw new IllegalArgumentException(
                    "Update %d of version %d does not follow update %d of version %d"
                            .formatted(delta.update(), delta.version(), updates, version()));
        }
        model.apply(delta.weights());
        updates = delta.update();
        trainedThrough = Math.max(trainedThrough, delta.trainedThrough());
        learnRows(delta.weights().firstRow(), delta.weights().itemIds());
    }

    /** Whether a promoted version is what this model has become by updates. */
    boolean became(ModelCheckpoint next) {
        return next.promoted() && next.parent() == version() && next.updates() == updates;
    }

    /** Takes the name of the version that it {@link #became}. */
    void rename(ModelCheckpoint next) {
        checkpoint = next;
        updates = 0;
    }

    private void learnRows(int first, String[] itemIds) {
        itemOfRow = Arrays.copyOf(itemOfRow, Math.max(itemOfRow.length, first + itemIds.length));
        for (int i = 0; i < itemIds.length; i++) {
            itemOfRow[first + i] = itemIds[i].isEmpty() ? NO_ITEM : table.indexOf(itemIds[i]);
        }
        rowOfItem = Arrays.copyOf(rowOfItem, table.size());
        for (int row = first; row < first + itemIds.length; row++) {
            if (itemOfRow[row] != NO_ITEM) {
                rowOfItem[itemOfRow[row]] = row;
            }
        }
    }

    private static long trainedThrough(ModelCheckpoint checkpoint) {
        return checkpoint.trainedOffsets().stream().mapToLong(OffsetRange::last).max().orElse(-1);
    }

    long version() {
        return checkpoint.version();
    }

    /** Highest source offset that it was trained on, -1 if none. */
    long trainedThrough() {
        return trainedThrough;
    }

    /** Item vectors by row, row-major; empty if the model doesn't tell them. */
    float[] itemVectors() {
        return model.itemVectors();
    }

    /** Number of rows, the padding row included. */
    int rows() {
        return itemOfRow.length;
    }

    /** The item's row, 0 if it has none. */
    int row(int item) {
        return item < rowOfItem.length ? rowOfItem[item] : 0;
    }

    /** Whether the user's history has an item of the model's, so that it can be scored. */
    boolean knows(RecommendationRequest request) {
        for (String item : request.items()) {
            if (row(table.indexOf(item)) != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Scores the candidates of all requests in one pass, and adds the model's own best.
     *
     * @param requests requests that the model {@link #knows}
     * @param candidates theirs, in the same order
     * @param top how many of its best the model adds to each
     * @throws IllegalStateException if a score is not a number
     */
    void score(List<RecommendationRequest> requests, List<Candidates> candidates, int top) {
        int width = candidates.stream().mapToInt(Candidates::size).max().orElse(0);
        int best = Math.min(top, model.rows() - 1);
        int length = model.length();
        int[] items = new int[requests.size() * length];
        int[] rows = new int[requests.size() * width];
        for (int b = 0; b < requests.size(); b++) {
            fillSequence(requests.get(b).items(), items, b * length, length);
            for (int c = 0; c < candidates.get(b).size(); c++) {
                rows[b * width + c] = row(candidates.get(b).item(c));
            }
        }
        ScoringResult result =
                model.score(new ScoringBatch(requests.size(), length, items, width, rows, best));
        for (int b = 0; b < requests.size(); b++) {
            takeOver(candidates.get(b), b, width, rows, best, result);
        }
    }

    private void fillSequence(String[] history, int[] items, int offset, int length) {
        int free = offset + length;
        for (int i = history.length - 1; i >= 0 && free > offset; i--) {
            int row = row(table.indexOf(history[i]));
            if (row != 0) {
                items[--free] = row;
            }
        }
        int used = offset + length - free;
        System.arraycopy(items, free, items, offset, used);
        Arrays.fill(items, offset + used, offset + length, 0);
    }

    private void takeOver(
            Candidates candidates, int b, int width, int[] rows, int best, ScoringResult result) {
        int asked = candidates.size();
        for (int c = 0; c < asked; c++) {
            if (rows[b * width + c] != 0) {
                candidates.modelScore(c, checked(result.candidateScores()[b * width + c]));
            }
        }
        for (int k = b * best; k < (b + 1) * best; k++) {
            int item = itemOfRow[result.topRows()[k]];
            if (item != NO_ITEM) {
                candidates.modelScore(candidates.add(item), checked(result.topScores()[k]));
            }
        }
    }

    private float checked(float score) {
        if (!Float.isFinite(score)) {
            throw new IllegalStateException(
                    "Version %d (%s) gave a score of %s"
                            .formatted(checkpoint.version(), checkpoint.path(), score));
        }
        return score;
    }

    @Override
    public void close() {
        model.close();
    }
}
