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
 * @param auc chance that a position with a response was given a greater probability than one
 *     without; NaN where none were predicted, as the next two
 * @param gauc the same among the positions of one user, averaged over users by their positions
 * @param calibration mean predicted probability of a response over the share of responses
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
        float mse,
        float auc,
        float gauc,
        float calibration) {

    /** What was written before responses were predicted has none. */
    public Evaluation {
        boolean none = subject != Subject.RESPONSES;
        auc = none ? Float.NaN : auc;
        gauc = none ? Float.NaN : gauc;
        calibration = none ? Float.NaN : calibration;
    }

    /** An evaluation of anything but responses. */
    public Evaluation(
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
        this(
                subject,
                window,
                modelVersion,
                timestamp,
                positions,
                loss,
                hitRate,
                ndcg,
                mrr,
                accuracy,
                mse,
                Float.NaN,
                Float.NaN,
                Float.NaN);
    }

    /** How well responses to exposures were predicted: of the other figures, the loss is theirs. */
    public static Evaluation ofResponses(
            long window,
            long timestamp,
            int positions,
            float loss,
            float auc,
            float gauc,
            float calibration) {
        return new Evaluation(
                Subject.RESPONSES,
                window,
                0,
                timestamp,
                positions,
                loss,
                Float.NaN,
                Float.NaN,
                Float.NaN,
                Float.NaN,
                Float.NaN,
                auc,
                gauc,
                calibration);
    }

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
        /** The model of a new version, on positions that windows before it trained: a sample. */
        PAST_WINDOWS,
        /** Whole lists as a user would get them, asked for just before an interaction. */
        LISTS,
        /** Predicted responses to exposures. */
        RESPONSES
    }
}
