package io.freshet.recommend.rank;

import io.freshet.event.RecommendationRequest;
import io.freshet.recommend.item.Candidates;
import io.freshet.recommend.item.ItemTable;
import java.util.Arrays;

/**
 * How far candidates sink for having been shown to the user and not chosen: each exposure costs the
 * penalty, halved once per half-life of its age. Reused from request to request.
 */
final class Demotions {

    private final double halfLife;
    private final float penalty;
    private double[] demotions = new double[512];

    /**
     * @param halfLife of an exposure, milliseconds
     * @param penalty what a new exposure costs, in the unit of scores
     */
    Demotions(long halfLife, float penalty) {
        this.halfLife = halfLife;
        this.penalty = penalty;
    }

    /** Computes the demotions of all candidates at the request's time. */
    void compute(RecommendationRequest request, Candidates candidates, ItemTable table) {
        if (demotions.length < candidates.size()) {
            demotions = new double[2 * candidates.size()];
        }
        Arrays.fill(demotions, 0, candidates.size(), 0);
        String[] exposed = request.exposed();
        for (int i = 0; i < exposed.length; i++) {
            int position = candidates.find(table.indexOf(exposed[i]));
            if (position >= 0) {
                long age = Math.max(0, request.timestamp() - request.exposedAt()[i]);
                demotions[position] += penalty * Math.pow(2, -age / halfLife);
            }
        }
    }

    /** What the candidate at a position loses, at least 0. */
    double of(int position) {
        return demotions[position];
    }
}
