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
 */
public record TrainingSequence(
        String userId,
        long paneEnd,
        String[] items,
        float[] ratings,
        long[] timestamps,
        int[] fresh,
        int[] partitions,
        long[] offsets) {}
