package io.freshet.model;

/**
 * Rows that represent all rows in a softmax.
 *
 * @param rows distinct rows, [D]
 * @param logQ log of the expected number of times that each row is in such a sample, subtracted
 *     from its logit, [D]
 */
public record RowSample(int[] rows, float[] logQ) {}
