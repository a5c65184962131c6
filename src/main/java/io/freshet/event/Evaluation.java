package io.freshet.event;

/**
 * How well one system did on positions it had not been trained on.
 *
 * @param subject what was evaluated
 * @param window training window that the positions belong to, from 1
 * @param modelVersion the version that scored
 * @param timestamp exclusive end of the event time evaluated, milliseconds since the epoch
 * @param positions number of positions
 * @param loss mean cross-entropy over all items, or of a model that predicts ratings the mean
 *     squared error; NaN where it is not known
 * @param hitRate share of positions whose item was among the first ten
 * @param ndcg NDCG at ten, averaged over the positions
 * @param mrr reciprocal rank within ten, averaged over the positions
 * @param accuracy share of positions whose item was ranked first
 * @param mse mean squared error of predicted ratings, over the positions that have one; NaN where
 *     none were predicted
 */
public record Evaluation(
        Subject subject,
        long window,
        long modelVersion,
        long timestamp,
        int positions,
        float loss,
        float hitRate,
        float ndcg,
        float mrr,
        float accuracy,
        float mse) {

    /** Length of the lists that hit rate, NDCG, reciprocal rank, precision and recall are of. */
    public static final int CUT = 10;

    /** Share of the first ten that are relevant: of each position one item is, so HR / 10. */
    public float precision() {
        return hitRate / CUT;
    }

    /** Share of what is relevant that is among the first ten: with one item, the hit rate. */
    public float recall() {
        return hitRate;
    }

    /** Harmonic mean of precision and recall: with one relevant item, 2 HR / 11. */
    public float f1() {
        return 2 * hitRate / (CUT + 1);
    }

    /** Root of the mean squared error, in the ratings' own scale. */
    public float rmse() {
        return (float) Math.sqrt(mse);
    }

    /** What an evaluation is about. */
    public enum Subject {
        /** The live model alone, on a window's new positions, before it trains on them. */
        LIVE_MODEL,
        /** The model that the job started with, never updated, on the same positions. */
        FROZEN_MODEL,
        /** Whole lists as a user would get them, asked for just before an interaction. */
        LISTS
    }
}
