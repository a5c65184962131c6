package io.freshet.runtime;

import io.freshet.event.Evaluation;

/**
 * What one tested position with one relevant item adds to the ranking metrics at {@value
 * Evaluation#CUT}; a metric is the mean over positions. The rank is that of the relevant item, from
 * 1; it counts for nothing if it is 0 (not ranked) or beyond the cut.
 */
public final class RankingMetrics {

    private RankingMetrics() {}

    /** Whether the item is among the first {@value Evaluation#CUT}; the mean is the hit rate. */
    public static boolean isHit(int rank) {
        return rank > 0 && rank <= Evaluation.CUT;
    }

    /**
     * Normalised discounted cumulative gain (Järvelin and Kekäläinen, TOIS 2002): 1 / log2(rank +
     * 1). With one relevant item the ideal gain is 1, so nothing is left to normalise.
     */
    public static double ndcg(int rank) {
        return isHit(rank) ? Math.log(2) / Math.log(rank + 1.0) : 0;
    }

    /** 1 / rank; the mean is the mean reciprocal rank (Voorhees, TREC-8, 1999). */
    public static double reciprocalRank(int rank) {
        return isHit(rank) ? 1.0 / rank : 0;
    }
}
