package io.freshet.training;

/**
 * A piece of a sequence that the model takes at once.
 *
 * @param rows item rows, oldest first, at most the model's length
 * @param positions ascending indices into {@code rows} whose next item is a target
 * @param targets row of the item after each of {@code positions}
 * @param ratings rating of each target, {@link Float#NaN} where there is none
 */
record Chunk(int[] rows, int[] positions, int[] targets, float[] ratings) {}
