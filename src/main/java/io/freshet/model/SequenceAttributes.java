package io.freshet.model;

import java.util.Arrays;
import java.util.List;

/**
 * What else is known of each position of some sequences, such as the type of its event or the hour.
 *
 * @param width most of one position, K
 * @param hashes [B, T, K] row-major, 0 where unused
 */
public record SequenceAttributes(int width, int[] hashes) {

    /** Nothing is known but the items. */
    public static SequenceAttributes none() {
        return new SequenceAttributes(0, new int[0]);
    }

    /**
     * Those of some sequences, side by side.
     *
     * @param length columns, T
     * @param sequences hashes by position, of each sequence at most T; empty for nothing
     */
    public static SequenceAttributes of(int length, List<int[][]> sequences) {
        int width =
                sequences.stream()
                        .flatMap(Arrays::stream)
                        .mapToInt(each -> each.length)
                        .max()
                        .orElse(0);
        int[] hashes = new int[sequences.size() * length * width];
        for (int b = 0; b < sequences.size(); b++) {
            int[][] sequence = sequences.get(b);
            for (int t = 0; t < sequence.length; t++) {
                int start = (b * length + t) * width;
                System.arraycopy(sequence[t], 0, hashes, start, sequence[t].length);
            }
        }
        return new SequenceAttributes(width, hashes);
    }

    /**
     * Those of some of the sequences.
     *
     * @param length columns, T
     * @param from first sequence
     * @param to last sequence, exclusive
     */
    public SequenceAttributes range(int length, int from, int to) {
        return new SequenceAttributes(
                width, Arrays.copyOfRange(hashes, from * length * width, to * length * width));
    }
}
