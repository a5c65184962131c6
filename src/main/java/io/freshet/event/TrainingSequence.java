package io.freshet.event;

/**
 * One user's history at the end of a pane, with the positions that are new in it. One causal pass
 * over the sequence trains all of them.
 *
 * @param userId the user
 * @param paneEnd exclusive end of the pane in event time, milliseconds since the epoch
 * @param items item ids in event-time order, oldest first
 * @param ratings explicit feedback by position, {@link Float#NaN} where there is none
 * @param timestamps event time by position, milliseconds since the epoch
 * @param fresh ascending positions in {@code items} that arrived in this pane
 * @param partitions source partition of each fresh position
 * @param offsets source offset of each fresh position
 * @param weights weight as a target by position, from 0 for context alone to 1; empty if all are 1
 * @param rejected items that the user rejected in this pane or since the last one
 * @param rejectedAfter how many positions came before each of {@code rejected}, at least 1
 * @param attributes by position, hashes of what else is known of it that the model takes, never 0;
 *     empty if the model takes nothing else
 */
public record TrainingSequence(
        String userId,
        long paneEnd,
        String[] items,
        float[] ratings,
        long[] timestamps,
        int[] fresh,
        int[] partitions,
        long[] offsets,
        float[] weights,
        String[] rejected,
        int[] rejectedAfter,
        int[][] attributes) {

    /** State that was written before a component was added reads as having none. */
    public TrainingSequence {
        weights = weights == null ? new float[0] : weights;
        rejected = rejected == null ? new String[0] : rejected;
        rejectedAfter = rejectedAfter == null ? new int[0] : rejectedAfter;
        attributes = attributes == null ? new int[0][] : attributes;
    }

    /** Weight of a position as a target, 0 for context alone. */
    public float weightAt(int position) {
        return weights.length == 0 ? 1 : weights[position];
    }
}
