package io.freshet.model;

/**
 * Sequences whose next item is wanted.
 *
 * @param size number of sequences, B
 * @param length columns, T
 * @param items item rows, [B, T] row-major, filled from the left, 0 behind the end
 * @param attributes what else is known of the positions
 * @param candidateWidth columns of {@code candidates}, C
 * @param candidates further rows to score for each sequence, [B, C] row-major, 0 where unused
 * @param top number of best rows wanted, K; at most rows - 1
 */
public record ScoringBatch(
        int size,
        int length,
        int[] items,
        SequenceAttributes attributes,
        int candidateWidth,
        int[] candidates,
        int top) {

    /** A batch of items of which nothing else is known. */
    public ScoringBatch(
            int size, int length, int[] items, int candidateWidth, int[] candidates, int top) {
        this(size, length, items, SequenceAttributes.none(), candidateWidth, candidates, top);
    }
}
