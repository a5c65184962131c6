package io.freshet.replay.report;

/**
 * How well tested positions were predicted.
 *
 * @param tested number of tested positions
 * @param hr10 share of them whose item was among the first ten; 0 for none tested, as the others
 * @param ndcg10 mean of 1/log2(rank+1), 0 outside the ten
 * @param mrr10 mean of 1/rank, 0 outside the ten
 */
public record Figures(int tested, double hr10, double ndcg10, double mrr10) {}
