package io.freshet.event;

/**
 * How well one system did on positions it had not been trained on.
 *
 * @param subject what was evaluated
 * @param window training window that the positions belong to, from 1
 * @param modelVersion the version that scored
 * @param timestamp exclusive end of the event time evaluated, milliseconds since the epoch
 * @param positions number of positions
 * @param loss mean cross-entropy over all items; NaN where it is not known
 * @param hitRate share of positions whose item was among the first ten
 * @param ndcg NDCG at ten, averaged over the positions
 * @param mrr reciprocal rank within ten, averaged over the positions
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
        float mrr) {

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
