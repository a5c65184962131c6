package io.freshet.recommend.model;

import io.freshet.event.ModelRevision;
import io.freshet.event.RecommendationRequest;
import io.freshet.model.RecommenderModel;
import io.freshet.model.ScoringBatch;
import io.freshet.model.ScoringResult;
import io.freshet.model.SequenceAttributes;
import io.freshet.model.WeightChanges;
import io.freshet.recommend.item.Candidates;
import io.freshet.recommend.item.ItemTable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The model that scores, and which row of it is which item of the table. */
public final class LiveModel implements AutoCloseable {

    private static final int NO_ITEM = ItemTable.NONE;
    private static final int PADDING = 0;

    /** Engines prepare their kernels for a shape, so there should be few shapes. */
    private static final int COLUMN_STEP = 8;

    private final RecommenderModel model;
    private final ItemTable table;
    private ModelRevision revision;
    private long trainedThrough;
    private long trainedUntil;
    private int[] itemOfRow = new int[0];
    private int[] rowOfItem = new int[0];

    /** Its items are kept in the table until a change gives their rows away, or the next model. */
    public LiveModel(Target target, RecommenderModel model, ItemTable table) {
        this.model = model;
        this.table = table;
        revision = target.revision();
        trainedThrough = target.trainedThrough();
        trainedUntil = target.trainedUntil();
        String[] itemIds = model.itemIds();
        rename(itemIds.length, IntStream.range(0, itemIds.length).toArray(), itemIds);
        for (int item = 0; item < table.size(); item++) {
            table.inModel(item, row(item) != PADDING);
        }
    }

    /**
     * Scores all items once, after one sequence of items.
     *
     * @throws UnfitModelException if a score is not finite
     */
    static void check(ModelRevision revision, RecommenderModel model) throws UnfitModelException {
        String[] itemIds = model.itemIds();
        int[] rows =
                IntStream.range(1, itemIds.length).filter(r -> !itemIds[r].isEmpty()).toArray();
        if (rows.length == 0) {
            return;
        }
        int[] sequence = Arrays.copyOf(rows, model.length());
        ScoringResult result =
                model.score(new ScoringBatch(1, sequence.length, sequence, rows.length, rows, 1));
        for (float score : result.candidateScores()) {
            requireFinite(revision, score);
        }
    }

    /**
     * Computes ahead what following these changes, the next to be followed, makes of all items. May
     * be called while the task's thread scores.
     *
     * @throws IllegalArgumentException if the changes don't follow on the model
     */
    void prepare(WeightChanges changes) {
        model.prepareImport(changes);
    }

    /**
     * Becomes the target.
     *
     * @param changes what leads to it; null if it is this model by another name
     * @throws IllegalArgumentException if the changes don't follow on the model, which is not
     *     usable then
     */
    public void follow(Target target, @Nullable WeightChanges changes) {
        if (changes != null) {
            model.importChanges(changes);
            rename(changes.rows(), changes.renamedRows(), changes.itemIds());
        }
        revision = target.revision();
        trainedThrough = target.trainedThrough();
        trainedUntil = target.trainedUntil();
    }

    /** Gives rows to other items; an empty id frees a row. */
    private void rename(int size, int[] rows, String[] itemIds) {
        int before = itemOfRow.length;
        if (size != before) {
            itemOfRow = Arrays.copyOf(itemOfRow, size);
            Arrays.fill(itemOfRow, Math.min(before, size), size, NO_ITEM);
        }
        int[] replaced = Arrays.stream(rows).map(row -> itemOfRow[row]).toArray();
        for (int i = 0; i < rows.length; i++) {
            if (replaced[i] != NO_ITEM) {
                rowOfItem[replaced[i]] = PADDING;
            }
            itemOfRow[rows[i]] = itemIds[i].isEmpty() ? NO_ITEM : table.add(itemIds[i]);
        }
        if (rowOfItem.length < table.size()) {
            rowOfItem = Arrays.copyOf(rowOfItem, Math.max(table.size(), 2 * rowOfItem.length));
        }
        for (int row : rows) {
            if (itemOfRow[row] != NO_ITEM) {
                rowOfItem[itemOfRow[row]] = row;
                table.inModel(itemOfRow[row], true);
            }
        }
        for (int item : replaced) {
            if (item != NO_ITEM && row(item) == PADDING) {
                table.inModel(item, false);
            }
        }
    }

    public ModelRevision revision() {
        return revision;
    }

    /** Highest source offset that it was trained on, -1 if none. */
    public long trainedThrough() {
        return trainedThrough;
    }

    /** Event time before which all lies that it was trained on, milliseconds; 0 if not known. */
    public long trainedUntil() {
        return trainedUntil;
    }

    /** Item vectors by row, row-major; empty if the model doesn't export them. */
    public float[] itemVectors() {
        return model.itemVectors();
    }

    /** Number of rows, the padding row included. */
    public int rows() {
        return itemOfRow.length;
    }

    /** The item's row, 0 if it has none. */
    public int row(int item) {
        return item != NO_ITEM && item < rowOfItem.length ? rowOfItem[item] : PADDING;
    }

    /** Whether the user's history has an item of the model's, so that it can be scored. */
    public boolean covers(RecommendationRequest request) {
        for (String item : request.items()) {
            if (row(table.indexOf(item)) != PADDING) {
                return true;
            }
        }
        return false;
    }

    /**
     * Scores the candidates of all requests in one pass, and adds the model's own best.
     *
     * @param requests requests that the model {@link #covers}
     * @param candidates theirs, in the same order
     * @param top how many of its best the model adds to each
     * @throws UnfitModelException if a score is not finite; the candidates are as before then
     */
    public void score(List<RecommendationRequest> requests, List<Candidates> candidates, int top)
            throws UnfitModelException {
        int width = candidates.stream().mapToInt(Candidates::size).max().orElse(0);
        int best = Math.min(top, model.rows() - 1);
        List<Sequence> sequences = requests.stream().map(this::sequence).toList();
        int length = columns(sequences);
        int[] items = new int[requests.size() * length];
        int[] rows = new int[requests.size() * width];
        for (int b = 0; b < requests.size(); b++) {
            int[] sequence = sequences.get(b).rows();
            System.arraycopy(sequence, 0, items, b * length, sequence.length);
            for (int c = 0; c < candidates.get(b).size(); c++) {
                rows[b * width + c] = row(candidates.get(b).item(c));
            }
        }
        ScoringResult result =
                model.score(
                        new ScoringBatch(
                                requests.size(),
                                length,
                                items,
                                SequenceAttributes.of(
                                        length,
                                        sequences.stream().map(Sequence::attributes).toList()),
                                width,
                                rows,
                                best));
        requireFinite(rows, result);
        for (int b = 0; b < requests.size(); b++) {
            addScores(candidates.get(b), b, width, rows, best, result);
        }
    }

    /**
     * The newest items that have a row, as many as the model takes.
     *
     * @param rows theirs, oldest first
     * @param attributes hashes of what else is known, by position; empty for nothing
     */
    private record Sequence(int[] rows, int[][] attributes) {}

    private Sequence sequence(RecommendationRequest request) {
        String[] history = request.items();
        int[] rows = new int[Math.min(history.length, model.length())];
        int[][] attributes = new int[request.attributes().length == 0 ? 0 : rows.length][];
        int free = rows.length;
        for (int i = history.length - 1; i >= 0 && free > 0; i--) {
            int row = row(table.indexOf(history[i]));
            if (row != PADDING) {
                rows[--free] = row;
                if (attributes.length > 0) {
                    attributes[free] = request.attributes()[i];
                }
            }
        }
        return new Sequence(
                Arrays.copyOfRange(rows, free, rows.length),
                attributes.length == 0
                        ? attributes
                        : Arrays.copyOfRange(attributes, free, rows.length));
    }

    /** What the longest sequence needs, for the model computes every column. */
    private int columns(List<Sequence> sequences) {
        int longest = sequences.stream().mapToInt(each -> each.rows().length).max().orElse(1);
        int stepped = (longest + COLUMN_STEP - 1) / COLUMN_STEP * COLUMN_STEP;
        return Math.min(stepped, model.length());
    }

    private void requireFinite(int[] rows, ScoringResult result) throws UnfitModelException {
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] != PADDING) {
                requireFinite(revision, result.candidateScores()[i]);
            }
        }
        for (int i = 0; i < result.topRows().length; i++) {
            if (itemOfRow[result.topRows()[i]] != NO_ITEM) {
                requireFinite(revision, result.topScores()[i]);
            }
        }
    }

    private static void requireFinite(ModelRevision revision, float score)
            throws UnfitModelException {
        if (!Float.isFinite(score)) {
            throw new UnfitModelException(revision, score);
        }
    }

    private void addScores(
            Candidates candidates, int b, int width, int[] rows, int best, ScoringResult result) {
        int asked = candidates.size();
        for (int c = 0; c < asked; c++) {
            if (rows[b * width + c] != PADDING) {
                candidates.modelScore(c, result.candidateScores()[b * width + c]);
            }
        }
        for (int k = b * best; k < (b + 1) * best; k++) {
            int item = itemOfRow[result.topRows()[k]];
            if (item != NO_ITEM) {
                candidates.modelScore(candidates.add(item), result.topScores()[k]);
            }
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
