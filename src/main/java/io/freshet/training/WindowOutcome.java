package io.freshet.training;

import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelDelta;
import io.freshet.event.TrainingSequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one window.
 *
 * @param update what was applied to the live model, null if it was refused
 * @param delta the update for those who follow the live model, null if it was refused, or was
 *     trained by an earlier run
 * @param checkpoint the verdict
 * @param evaluations how a new version does on what earlier ones were trained on
 * @param heldOut sequences that judged the update; if it was applied, the next window trains them
 * @param gain what the update gained on those
 * @param ignoredVectors content vectors whose width is not the model's
 * @param lost content that the version of an earlier run does not have, to be learned again
 */
record WindowOutcome(
        WindowTask task,
        @Nullable AppliedUpdate update,
        @Nullable ModelDelta delta,
        ModelCheckpoint checkpoint,
        List<Evaluation> evaluations,
        List<TrainingSequence> heldOut,
        Gain gain,
        int ignoredVectors,
        List<EncodedItem> lost) {

    /** An update that was taken back, or never made. */
    static WindowOutcome refused(
            WindowTask task,
            ModelCheckpoint verdict,
            List<TrainingSequence> heldOut,
            Gain gain,
            int ignoredVectors) {
        return new WindowOutcome(
                task, null, null, verdict, List.of(), heldOut, gain, ignoredVectors, List.of());
    }

    /**
     * How much lower the loss was after an update than before.
     *
     * @param nats sum over the positions
     */
    record Gain(double nats, int positions) {

        static final Gain NONE = new Gain(0, 0);

        static Gain of(float[] before, float[] after) {
            double nats = 0;
            int positions = 0;
            for (int i = 0; i < before.length; i++) {
                float difference = before[i] - after[i];
                if (Float.isFinite(difference)) {
                    nats += difference;
                    positions++;
                }
            }
            return new Gain(nats, positions);
        }
    }
}
