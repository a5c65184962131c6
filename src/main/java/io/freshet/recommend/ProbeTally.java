package io.freshet.recommend;

import io.freshet.event.Evaluation;
import io.freshet.event.RecommendationList;

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
        int last = Math.min(Evaluation.CUT, list.items().size());
        for (int rank = 1; rank <= last; rank++) {
            if (list.items().get(rank - 1).itemId().equals(list.probeItem())) {
                hits++;
                firsts += rank == 1 ? 1 : 0;
                ndcg += Math.log(2) / Math.log(rank + 1);
                reciprocalRanks += 1.0 / rank;
                return;
            }
        }
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
