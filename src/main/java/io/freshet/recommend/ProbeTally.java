package io.freshet.recommend;

import io.freshet.event.Evaluation;
import io.freshet.event.RecommendationList;
import io.freshet.runtime.RankingMetrics;

/** Sums over the probes since the last evaluation; in state, so fields can come and go. */
public class ProbeTally {

    /** Running number of the evaluation that is being gathered, from 1. */
    public long window = 1;

    /** Probes so far. */
    public int probes;

    /** Probes whose item was among the first ten. */
    public int hits;

    /** Probes whose item was first. */
    public int firsts;

    /** Sum of NDCG at ten. */
    public double ndcg;

    /** Sum of reciprocal ranks within ten. */
    public double reciprocalRanks;

    /** Event time of the first probe, milliseconds. */
    public long first = Long.MAX_VALUE;

    /** Event time of the latest probe, milliseconds. */
    public long latest = Long.MIN_VALUE;

    /** Version that made the last list. */
    public long modelVersion;

    /** Adds a probe's list. */
    void add(RecommendationList list) {
        probes++;
        first = Math.min(first, list.timestamp());
        latest = Math.max(latest, list.timestamp());
        modelVersion = list.modelVersion();
        int rank = rank(list);
        hits += RankingMetrics.isHit(rank) ? 1 : 0;
        firsts += rank == 1 ? 1 : 0;
        ndcg += RankingMetrics.ndcg(rank);
        reciprocalRanks += RankingMetrics.reciprocalRank(rank);
    }

    /** Rank of the probed item, from 1; 0 if the list doesn't have it. */
    private static int rank(RecommendationList list) {
        for (int i = 0; i < list.items().size(); i++) {
            if (list.items().get(i).itemId().equals(list.probeItem())) {
                return i + 1;
            }
        }
        return 0;
    }

    /** The evaluation of what was added, of which there must be something. */
    Evaluation evaluation() {
        return new Evaluation(
                Evaluation.Subject.LISTS,
                window,
                modelVersion,
                latest + 1,
                probes,
                Float.NaN,
                (float) hits / probes,
                (float) (ndcg / probes),
                (float) (reciprocalRanks / probes),
                (float) firsts / probes,
                Float.NaN);
    }

    /** The empty tally of the next evaluation. */
    ProbeTally next() {
        ProbeTally next = new ProbeTally();
        next.window = window + 1;
        return next;
    }
}
