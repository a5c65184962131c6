package io.freshet.model;

/**
 * How a model did on targets.
 *
 * @param ranks rank of each target among all rows but padding, from 1, [M]; a target whose loss is
 *     not finite, or whose rank is given as less than 1, was not ranked: its rank is {@link
 *     Integer#MAX_VALUE}, which is a hit at no cutoff
 * @param losses cross-entropy of each target over all rows but padding, in nats, [M]
 * @param ratings predicted rating of each target, [M]; empty if the model predicts none
 */
public record EvaluationResult(int[] ranks, float[] losses, float[] ratings) {

    public EvaluationResult {
        ranks = ranks.clone();
        for (int i = 0; i < ranks.length; i++) {
            if (ranks[i] < 1 || !Float.isFinite(losses[i])) {
                ranks[i] = Integer.MAX_VALUE;
            }
        }
    }

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
