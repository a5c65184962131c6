package io.freshet.recommend.model;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelRevision;
import io.freshet.event.ModelUpdate;
import io.freshet.event.OffsetRange;
import org.jspecify.annotations.Nullable;

/**
 * What the live model is to become.
 *
 * @param revision the model announced
 * @param path the revision to reach by updates: {@code revision}, or one that is equal to it bit
 *     for bit, because a version is what the updates before it made
 * @param trainedThrough highest source offset that it was trained on, -1 if none
 * @param trainedUntil event time before which all lies that it was trained on, milliseconds since
 *     the epoch; 0 if not known
 */
public record Target(
        ModelRevision revision, ModelRevision path, long trainedThrough, long trainedUntil) {

    /** What was the target when state was stored. */
    public static Target of(ModelRevision revision, long trainedThrough, long trainedUntil) {
        return new Target(revision, revision, trainedThrough, trainedUntil);
    }

    /**
     * The version of a checkpoint. It equals the target before, bit for bit, if the newest update
     * of both has one fingerprint; a rollback to an update names the version that it builds on, and
     * is that target.
     *
     * @param before null if there was none
     */
    public static Target of(ModelCheckpoint checkpoint, @Nullable Target before) {
        ModelRevision version =
                ModelRevision.ofVersion(checkpoint.version(), checkpoint.fingerprint());
        String newest = checkpoint.updateFingerprint();
        long trainedThrough =
                checkpoint.trainedOffsets().stream().mapToLong(OffsetRange::last).max().orElse(-1);
        if (before == null || newest.isEmpty() || !newest.equals(before.path.updateFingerprint())) {
            return of(version, trainedThrough, checkpoint.windowEnd());
        }
        if (before.revision.withoutUpdates().equals(version)) {
            return before;
        }
        return new Target(
                version,
                before.path,
                Math.max(trainedThrough, before.trainedThrough),
                before.trainedUntil);
    }

    /**
     * The model after an update.
     *
     * @param before null if there was none
     */
    public static Target of(ModelUpdate update, @Nullable Target before) {
        long since =
                before != null && before.revision.equals(update.parent())
                        ? before.trainedThrough
                        : -1;
        return of(update.revision(), Math.max(since, update.trainedThrough()), update.timestamp());
    }
}
