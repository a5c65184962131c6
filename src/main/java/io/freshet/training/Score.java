package io.freshet.training;

import io.freshet.event.Evaluation;
import io.freshet.model.EvaluationResult;
import io.freshet.runtime.RankingMetrics;
import java.util.Arrays;

/**
 * How well a model did on the fresh positions of sequences. A position that can't be scored,
 * because the model has no row for the item, is a miss; the loss leaves it out. The loss of a model
 * that predicts ratings is their squared error, and leaves out positions without a rating as well.
 */
public final class Score {

    private final double[] lossSums;
    private final int[] scoredOf;
    private int positions;
    private int hits;
    private int firsts;
    private double gain;
    private double reciprocal;
    private boolean ofRatings;

    /**
     * @param sequences number of sequences
     */
    public Score(int sequences) {
        lossSums = new double[sequences];
        scoredOf = new int[sequences];
    }

    /**
     * Adds positions that the model scored.
     *
     * @param sequenceOf index of the sequence of each position
     * @param ratings of their items, NaN where there is none
     */
    public void add(EvaluationResult result, int[] sequenceOf, float[] ratings) {
        ofRatings |= result.hasRatings();
        for (int i = 0; i < sequenceOf.length; i++) {
            int rank = result.ranks()[i];
            hits += RankingMetrics.isHit(rank) ? 1 : 0;
            firsts += rank == 1 ? 1 : 0;
            gain += RankingMetrics.ndcg(rank);
            reciprocal += RankingMetrics.reciprocalRank(rank);
            if (!result.hasRatings() || !Float.isNaN(ratings[i])) {
                lossSums[sequenceOf[i]] += result.loss(i, ratings[i]);
                scoredOf[sequenceOf[i]]++;
            }
        }
        positions += sequenceOf.length;
    }

    /** Adds positions that the model could not score. */
    public void addMisses(int misses) {
        positions += misses;
    }

    /** Mean loss of each sequence; NaN where none of its positions could be scored. */
    public float[] losses() {
        float[] losses = new float[lossSums.length];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = scoredOf[i] == 0 ? Float.NaN : (float) (lossSums[i] / scoredOf[i]);
        }
        return losses;
    }

    /** Positions that the loss is the mean of. */
    public int scored() {
        return Arrays.stream(scoredOf).sum();
    }

    /** Mean loss: cross-entropy over all items, or squared error; NaN if nothing was scored. */
    public float loss() {
        return scored() == 0 ? Float.NaN : (float) (Arrays.stream(lossSums).sum() / scored());
    }

    /** Share of the positions whose item was among the first ten. */
    public float hitRate() {
        return mean(hits);
    }

    /** The score as an event. */
    public Evaluation toEvaluation(
            Evaluation.Subject subject, long window, long version, long timestamp) {
        return new Evaluation(
                subject,
                window,
                version,
                timestamp,
                positions,
                loss(),
                hitRate(),
                mean(gain),
                mean(reciprocal),
                mean(firsts),
                ofRatings ? loss() : Float.NaN);
    }

    private float mean(double sum) {
        return positions == 0 ? 0 : (float) (sum / positions);
    }
}
