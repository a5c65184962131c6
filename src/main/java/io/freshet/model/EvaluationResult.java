package io.freshet.model;

/**
 * How a model did on targets.
 *
 * @param ranks rank of each target among all rows but padding, from 1, [M]
 * @param losses cross-entropy of each target over all rows but padding, in nats, [M]
 * @param ratings predicted rating of each target, [M]; empty if the model predicts none
 */
public record EvaluationResult(int[] ranks, float[] losses, float[] ratings) {

    /** The result of a model that predicts no ratings. */
    public EvaluationResult(int[] ranks, float[] losses) {
        this(ranks, losses, new float[0]);
    }

    /** Whether there is a predicted rating of each target. */
    public boolean hasRatings() {
        return ratings.length > 0;
    }
}
