package io.freshet.replay.report;

import org.jspecify.annotations.Nullable;

/**
 * How well one model alone ranked new positions among all items, before it was trained on them.
 *
 * @param positions number of positions
 * @param loss mean cross-entropy in nats, or of a model that predicts ratings the mean squared
 *     error; null where it is not known
 * @param hr10 share of positions whose item was among the first ten; null for no positions
 * @param ndcg10 NDCG at ten; null for no positions
 * @param mrr10 reciprocal rank within ten; null for no positions
 * @param accuracy share of positions whose item was first; null for no positions
 * @param mse mean squared error of predicted ratings; null where none are predicted
 */
public record ModelFigures(
        long positions,
        @Nullable Double loss,
        @Nullable Double hr10,
        @Nullable Double ndcg10,
        @Nullable Double mrr10,
        @Nullable Double accuracy,
        @Nullable Double mse) {}
