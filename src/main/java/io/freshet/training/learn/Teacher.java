package io.freshet.training.learn;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.Lesson;
import io.freshet.model.RowSample;
import io.freshet.training.learn.SequenceChunker.Chunk;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The model's own probabilities at replayed positions before its first step: the previous revision
 * as a teacher, without a second copy of it. It scores a sample of the rows that it had, drawn
 * once; the probabilities are kept in memory until the window is trained, a kilobyte a position.
 */
final class Teacher {

    /** Rows drawn for the sample. */
    private static final int SAMPLE = 256;

    /** Positions scored at once. */
    private static final int MOST_POSITIONS = 4096;

    private final float weight;
    private final RowSample sample;
    private final int first;
    private final float[][] probabilities;

    private Teacher(float weight, RowSample sample, int first, float[][] probabilities) {
        this.weight = weight;
        this.sample = sample;
        this.first = first;
        this.probabilities = probabilities;
    }

    /**
     * Scores replayed chunks with a model as it is now.
     *
     * @param chunks what is replayed
     * @param first index of the first of them among all chunks of the window
     * @param weight what a position's divergence counts beside its loss
     * @param seed of the sample
     * @param stopped asked between batches
     * @return null if there is nothing to teach: no chunk, or no row in the sample that it had
     *     before
     */
    static @Nullable Teacher of(
            IndexedModel model,
            List<Chunk> chunks,
            int first,
            float weight,
            long seed,
            BooleanSupplier stopped) {
        RowSample sample = sample(model, chunks, seed);
        int width = sample.rows().length;
        if (chunks.isEmpty() || width == 0) {
            return null;
        }
        float[][] probabilities = new float[chunks.size()][];
        for (int[] group : PaddedChunks.byPositions(chunks, MOST_POSITIONS)) {
            Cancellation.throwIf(stopped);
            EvaluationBatch batch = PaddedChunks.of(chunks, group).forEvaluation();
            float[] scored = model.model().teach(batch, sample);
            int start = 0;
            for (int index : group) {
                int end = start + chunks.get(index).positions().length * width;
                probabilities[index] = Arrays.copyOfRange(scored, start, end);
                start = end;
            }
        }
        return new Teacher(weight, sample, first, probabilities);
    }

    /** Rows that were just given to an item are left out: the model has learned nothing of them. */
    private static RowSample sample(IndexedModel model, List<Chunk> chunks, long seed) {
        CandidateSampler.Candidates drawn =
                new CandidateSampler(model.vocabulary(), chunks, SAMPLE)
                        .sample(new int[0], new SplittableRandom(seed));
        int[] had =
                IntStream.range(0, drawn.rows().length)
                        .filter(i -> !model.isFresh(drawn.rows()[i]))
                        .toArray();
        int[] rows = new int[had.length];
        float[] logQ = new float[had.length];
        for (int i = 0; i < had.length; i++) {
            rows[i] = drawn.rows()[had[i]];
            logQ[i] = drawn.logQ()[had[i]];
        }
        return new RowSample(rows, logQ);
    }

    /**
     * The lesson for a batch, or null if no replayed chunk is in it.
     *
     * @param group indices of the batch's chunks among all chunks of the window
     * @param padded the same chunks
     */
    @Nullable Lesson lesson(int[] group, PaddedChunks padded) {
        int width = sample.rows().length;
        int[] positions = new int[padded.positions().length];
        float[] taught = new float[positions.length * width];
        int count = 0;
        int next = 0;
        for (int row = 0; row < group.length; row++) {
            int start = next;
            while (next < positions.length && padded.positions()[next] / padded.length() == row) {
                next++;
            }
            if (group[row] >= first) {
                float[] scored = probabilities[group[row] - first];
                System.arraycopy(scored, 0, taught, count * width, scored.length);
                System.arraycopy(padded.positions(), start, positions, count, next - start);
                count += next - start;
            }
        }
        return count == 0
                ? null
                : new Lesson(
                        weight,
                        Arrays.copyOf(positions, count),
                        sample,
                        Arrays.copyOf(taught, count * width));
    }
}
