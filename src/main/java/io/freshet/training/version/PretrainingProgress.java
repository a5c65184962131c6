package io.freshet.training.version;

/**
 * Progress of pre-training.
 *
 * @param epoch the pass, from 1
 * @param epochs most passes
 * @param step steps taken in this pass
 * @param steps steps of a pass
 * @param loss this step's loss, or at the end of a pass the pass's mean
 * @param validationLoss mean loss on validation last positions; NaN but at the end of a pass
 * @param validationHitRate share of validation positions among the first ten; NaN but at the end of
 *     a pass
 */
public record PretrainingProgress(
        int epoch,
        int epochs,
        int step,
        int steps,
        float loss,
        float validationLoss,
        float validationHitRate) {

    /** Whether a pass has just ended. */
    public boolean endsEpoch() {
        return step == steps && !Float.isNaN(validationHitRate);
    }
}
