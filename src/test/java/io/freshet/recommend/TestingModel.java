package io.freshet.recommend;

import static java.util.Objects.requireNonNull;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.EvaluationResult;
import io.freshet.model.RecommenderModel;
import io.freshet.model.ScoringBatch;
import io.freshet.model.ScoringResult;
import io.freshet.model.SequenceAttributes;
import io.freshet.model.StepRates;
import io.freshet.model.StepResult;
import io.freshet.model.TrainingBatch;
import io.freshet.model.WeightChanges;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model whose scores follow from its version, the last item and the row alone; updates add rows,
 * and their first dense weight to all scores.
 */
public final class TestingModel implements RecommenderModel {

    public static final int LENGTH = 40;

    private final long version;

    /** Imports. */
    public int imported;

    /** Name of the thread that prepared the last import, empty if it was not prepared. */
    public String importPreparedOn = "";

    private volatile @Nullable WeightChanges prepared;
    private volatile String preparedOn = "";

    /** Whether an import fails, as of changes that don't follow on the model. */
    public boolean refusesChanges;

    /** The last item's row of each sequence scored last. */
    public int[] lastItems = {};

    /** What else was known of the positions scored last. */
    public SequenceAttributes attributes = SequenceAttributes.none();

    /** Columns of the sequences scored last. */
    public int columns;

    private String[] itemIds;
    private float offset;
    public int scored;
    public int calls;
    public boolean closed;

    /** Item vectors, [rows, width] row-major; none unless a test sets them. */
    public float[] vectors = {};

    public TestingModel(long version, String... items) {
        this(version, 0, items);
    }

    public TestingModel(long version, float offset, String... items) {
        this.version = version;
        this.offset = offset;
        itemIds = new String[items.length + 1];
        itemIds[0] = "";
        System.arraycopy(items, 0, itemIds, 1, items.length);
    }

    /** Score of a row after a history that ends with {@code last}. */
    public float score(int last, int row) {
        return offset - Math.floorMod(row * 31 + last * 17 + version * 7, 97) / 10f;
    }

    @Override
    public ScoringResult score(ScoringBatch batch) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        calls++;
        scored += batch.size();
        columns = batch.length();
        attributes = batch.attributes();
        lastItems = new int[batch.size()];
        int[] topRows = new int[batch.size() * batch.top()];
        float[] topScores = new float[topRows.length];
        float[] candidateScores = new float[batch.size() * batch.candidateWidth()];
        for (int b = 0; b < batch.size(); b++) {
            int last = last(batch, b);
            lastItems[b] = last;
            List<Integer> ranked =
                    IntStream.range(1, rows())
                            .boxed()
                            .sorted(Comparator.comparing(row -> -score(last, row)))
                            .toList();
            for (int k = 0; k < batch.top(); k++) {
                topRows[b * batch.top() + k] = ranked.get(k);
                topScores[b * batch.top() + k] = score(last, ranked.get(k));
            }
            for (int c = b * batch.candidateWidth(); c < (b + 1) * batch.candidateWidth(); c++) {
                int row = batch.candidates()[c];
                candidateScores[c] = row == 0 ? 0 : score(last, row);
            }
        }
        return new ScoringResult(topRows, topScores, candidateScores);
    }

    private static int last(ScoringBatch batch, int b) {
        int last = 0;
        for (int t = 0; t < batch.length(); t++) {
            int row = batch.items()[b * batch.length() + t];
            last = row == 0 ? last : row;
        }
        return last;
    }

    @Override
    public int length() {
        return LENGTH;
    }

    @Override
    public int rows() {
        return itemIds.length;
    }

    @Override
    public int featureWidth() {
        return 0;
    }

    @Override
    public String[] itemIds() {
        return itemIds.clone();
    }

    @Override
    public float[] itemVectors() {
        return vectors;
    }

    @Override
    public void close() {
        if (closed) {
            throw new IllegalStateException("closed twice");
        }
        closed = true;
    }

    @Override
    public void append(String[] itemIds, float[] features, long seed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void recycle(int[] rows, String[] itemIds, float[] features, long seed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void describe(int[] rows, float[] features) {
        throw new UnsupportedOperationException();
    }

    @Override
    public float[] features(int[] rows) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StepResult train(TrainingBatch batch, StepRates rates) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EvaluationResult evaluate(EvaluationBatch batch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void prepareImport(WeightChanges changes) {
        preparedOn = Thread.currentThread().getName();
        prepared = changes;
    }

    @Override
    public void importChanges(WeightChanges changes) {
        importPreparedOn = changes == prepared ? preparedOn : "";
        if (refusesChanges || changes.rows() < itemIds.length) {
            throw new IllegalArgumentException("changes don't follow");
        }
        int before = itemIds.length;
        itemIds = Arrays.copyOf(itemIds, changes.rows());
        Arrays.fill(itemIds, before, itemIds.length, "");
        for (int i = 0; i < changes.renamedRows().length; i++) {
            itemIds[changes.renamedRows()[i]] = changes.itemIds()[i];
        }
        offset += requireNonNull(changes.denseTensors().get("offset")).values()[0];
        imported++;
    }

    @Override
    public void save(Path directory) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void restore(Path directory) {
        throw new UnsupportedOperationException();
    }
}
