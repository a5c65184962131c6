package io.freshet.training;

import io.freshet.model.EvaluationBatch;
import java.util.List;

/**
 * Chunks side by side, filled up with padding.
 *
 * @param size chunks, B
 * @param length columns, T
 * @param items item rows, [B, T] row-major
 * @param positions flat index b·T+t of every position that has a target, [M]
 * @param targets row of each target, [M]
 * @param ratings rating of each target, NaN where there is none, [M]
 */
record PaddedChunks(
        int size, int length, int[] items, int[] positions, int[] targets, float[] ratings) {

    /** The chunks that {@code group} names. */
    static PaddedChunks of(List<Chunk> chunks, int[] group) {
        int length = 0;
        int count = 0;
        for (int index : group) {
            length = Math.max(length, chunks.get(index).rows().length);
            count += chunks.get(index).positions().length;
        }
        int[] items = new int[group.length * length];
        int[] positions = new int[count];
        int[] targets = new int[count];
        float[] ratings = new float[count];
        int filled = 0;
        for (int b = 0; b < group.length; b++) {
            Chunk chunk = chunks.get(group[b]);
            System.arraycopy(chunk.rows(), 0, items, b * length, chunk.rows().length);
            for (int i = 0; i < chunk.positions().length; i++) {
                positions[filled] = b * length + chunk.positions()[i];
                targets[filled] = chunk.targets()[i];
                ratings[filled++] = chunk.ratings()[i];
            }
        }
        return new PaddedChunks(group.length, length, items, positions, targets, ratings);
    }

    EvaluationBatch forEvaluation() {
        return new EvaluationBatch(size, length, items, positions, targets);
    }
}
