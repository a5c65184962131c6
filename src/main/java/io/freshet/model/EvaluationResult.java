package io.freshet.model;

/**
 * @param ranks rank of each target among all rows but padding, from 1, [M]
 * @param losses cross-entropy of each target over all rows but padding, in nats, [M]
 */
public record EvaluationResult(int[] ranks, float[] losses) {}
