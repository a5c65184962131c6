package io.freshet.model;

/**
 * Sequences with targets to be ranked.
 *
 * @param size number of sequences, B
 * @param length columns, T
 * @param items item rows, [B, T] row-major, filled from the left, 0 behind the end
 * @param attributes what else is known of the positions
 * @param positions flat index b·T+t of every position that has a target, [M]
 * @param targets row of each position's target, [M]
 */
public record EvaluationBatch(
        int size,
        int length,
        int[] items,
        SequenceAttributes attributes,
        int[] positions,
        int[] targets) {

    /** A batch of items of which nothing else is known. */
    public EvaluationBatch(int size, int length, int[] items, int[] positions, int[] targets) {
        this(size, length, items, SequenceAttributes.none(), positions, targets);
    }
}
