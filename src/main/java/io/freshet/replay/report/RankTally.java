package io.freshet.replay.report;

import io.freshet.replay.report.Report.RankFigures;
import io.freshet.runtime.RankingMetrics;

/** Gathers ranks, and makes figures of them. */
public final class RankTally {

    private int tested;
    private int hits;
    private double gain;
    private double reciprocal;

    /**
     * What a position adds to NDCG, see {@link RankingMetrics#ndcg}.
     *
     * @param rank rank of its item within the list, from 1; 0 if it was not there
     */
    public static double gain(int rank) {
        return RankingMetrics.ndcg(rank);
    }

    /**
     * Counts a tested position.
     *
     * @param rank rank of its item within the list, from 1; 0 if it was not there
     */
    public void add(int rank) {
        tested++;
        hits += RankingMetrics.isHit(rank) ? 1 : 0;
        gain += RankingMetrics.ndcg(rank);
        reciprocal += RankingMetrics.reciprocalRank(rank);
    }

    /** The figures of all positions counted so far. */
    public RankFigures figures() {
        if (tested == 0) {
            return new RankFigures(0, 0, 0, 0);
        }
        return new RankFigures(tested, (double) hits / tested, gain / tested, reciprocal / tested);
    }
}
