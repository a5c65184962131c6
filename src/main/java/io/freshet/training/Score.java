package io.freshet.training;

import io.freshet.event.Evaluation;
import io.freshet.model.EvaluationResult;

/**
 * How well a model did on positions. A position that the model could not score, because it doesn't
 * know the item, is a miss; the loss leaves it out.
 */
final class Score {

    private static final int FIRST_RANKS = 10;

    private int positions;
    private int scored;
    private double loss;
    private int hits;
    private double gain;
    private double reciprocal;

    /** Adds positions that the model scored. */
    void add(EvaluationResult result) {
        for (int i = 0; i < result.ranks().length; i++) {
            int rank = result.ranks()[i];
            loss += result.losses()[i];
            if (rank <= FIRST_RANKS) {
                hits++;
                gain += Math.log(2) / Math.log(rank + 1.0);
                reciprocal += 1.0 / rank;
            }
        }
        positions += result.ranks().length;
        scored += result.ranks().length;
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

    /** Mean cross-entropy over all items, NaN if nothing was scored. */
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
                mean(reciprocal));
    }

    private float mean(double sum) {
        return positions == 0 ? 0 : (float) (sum / positions);
    }
}
