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

    /**
     * The loss of one target: the squared error of its predicted rating, or else its cross-entropy.
     *
     * @param rating that was given, NaN if there is none; then there is no squared error either
     */
    public float loss(int target, float rating) {
        float error = hasRatings() ? ratings[target] - rating : 0;
        return hasRatings() ? error * error : losses[target];
    }

    /** Whether there is a predicted rating of each target. */
    public boolean hasRatings() {
        return ratings.length > 0;
    }
}
