package io.freshet.training;

import io.freshet.event.Evaluation;
import io.freshet.model.EvaluationResult;

/**
 * How well a model did on positions. A position that the model could not score, because it doesn't
 * know the item, is a miss; the loss leaves it out. The loss of a model that predicts ratings is
 * their squared error, and leaves out positions without a rating as well.
 */
final class Score {

    private int positions;
    private int scored;
    private double loss;
    private int hits;
    private int firsts;
    private double gain;
    private double reciprocal;
    private boolean ofRatings;

    /**
     * Adds positions that the model scored.
     *
     * @param ratings of their items, NaN where there is none
     */
    void add(EvaluationResult result, float[] ratings) {
        for (int rank : result.ranks()) {
            if (rank <= Evaluation.CUT) {
                hits++;
                firsts += rank == 1 ? 1 : 0;
                gain += Math.log(2) / Math.log(rank + 1.0);
                reciprocal += 1.0 / rank;
            }
        }
        positions += result.ranks().length;
        ofRatings |= result.hasRatings();
        for (int i = 0; i < ratings.length; i++) {
            if (!result.hasRatings() || !Float.isNaN(ratings[i])) {
                loss += result.loss(i, ratings[i]);
                scored++;
            }
        }
    }

    /** Adds positions that the model could not score. */
    void addMisses(int misses) {
        positions += misses;
    }

    int positions() {
        return positions;
    }

    /** Positions that the loss is the mean of. */
    int scored() {
        return scored;
    }

    /** Mean loss: cross-entropy over all items, or squared error; NaN if nothing was scored. */
    float loss() {
        return scored == 0 ? Float.NaN : (float) (loss / scored);
    }

    /** Whether no loss was infinite or not a number. */
    boolean isFinite() {
        return Double.isFinite(loss);
    }

    float hitRate() {
        return mean(hits);
    }

    Evaluation toEvaluation(Evaluation.Subject subject, long window, long version, long timestamp) {
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
