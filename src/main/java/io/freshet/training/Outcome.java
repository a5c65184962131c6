package io.freshet.training;

import io.freshet.event.AuditEvent;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelRevision;
import io.freshet.event.ModelUpdate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a job.
 *
 * @param job the job
 * @param revision the live model after it
 * @param evaluations how models did
 * @param update the update that was appended to the log, to be announced; null if none was
 * @param checkpoint the verdict, or null
 * @param fitted what became of a window's update; null if the job is no window
 * @param rolledBack what was returned to; null if nothing was rolled back
 * @param lost content that the live model does not have though an earlier one did
 * @param answer to a control, or null
 */
public record Outcome(
        Job job,
        ModelRevision revision,
        List<Evaluation> evaluations,
        @Nullable ModelUpdate update,
        @Nullable ModelCheckpoint checkpoint,
        @Nullable Fitted fitted,
        @Nullable RolledBack rolledBack,
        List<EncodedItem> lost,
        @Nullable Answer answer) {

    /** The live model is what it was, and there is nothing more to it. */
    public static Outcome unchanged(Job job) {
        return evaluated(job, List.of());
    }

    /** The live model is what it was, and was evaluated. */
    public static Outcome evaluated(Job job, List<Evaluation> evaluations) {
        return new Outcome(
                job, job.revision(), evaluations, null, null, null, null, List.of(), null);
    }

    /** The live model is what it was, and a control is answered. */
    public static Outcome answered(Job job, AuditEvent.Outcome outcome, String reason) {
        return new Outcome(
                job,
                job.revision(),
                List.of(),
                null,
                null,
                null,
                null,
                List.of(),
                new Answer(outcome, reason));
    }

    /** A version is made of the live model, and nothing else. */
    public static Outcome published(Job job, ModelCheckpoint checkpoint) {
        return new Outcome(
                job,
                ModelRevision.ofVersion(checkpoint.version(), checkpoint.fingerprint()),
                List.of(),
                null,
                checkpoint,
                null,
                null,
                List.of(),
                null);
    }

    /**
     * What was returned to.
     *
     * @param updates updates since its version
     * @param windowEnd exclusive end of the event time that it was trained on, milliseconds since
     *     the epoch
     */
    public record RolledBack(int updates, long windowEnd) {}

    /**
     * What became of a window's update.
     *
     * @param applied whether it is part of the live model, or was until its version was refused
     * @param gain how much lower the loss was after it than before, on the window's own held-out
     *     positions
     * @param rows what became of the item table
     */
    public record Fitted(boolean applied, UpdateStats stats, Gain gain, Trainer.RowChanges rows) {}

    /**
     * A difference of losses.
     *
     * @param nats sum over the positions
     */
    public record Gain(double nats, int positions) {

        /** Of no position at all. */
        public static final Gain NONE = new Gain(0, 0);

        /** The difference over the first {@code count} positions that both scored. */
        public static Gain of(float[] before, float[] after, int count) {
            double nats = 0;
            int positions = 0;
            for (int i = 0; i < count; i++) {
                float difference = before[i] - after[i];
                if (Float.isFinite(difference)) {
                    nats += difference;
                    positions++;
                }
            }
            return new Gain(nats, positions);
        }
    }

    /** What is reported of a control. */
    public record Answer(AuditEvent.Outcome outcome, String reason) {}
}
