package io.freshet.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on a training window, and the newest version after it. Every window has one: its
 * update is refused, or kept; of all that was kept since the parent, a version is made when one is
 * due. A control that rolls back undoes all versions and updates after {@code version}.
 *
 * @param version the version that was made; else the newest one
 * @param parent the version that training started from, or that a control rolled back from
 * @param verdict what became of the challenger
 * @param reason why, in words and figures
 * @param path directory of {@code version} below the model store's root, as Flink path
 * @param window running number of the training window, from 1
 * @param windowStart first event time of the window, milliseconds since the epoch
 * @param windowEnd exclusive end of the window's newest pane, milliseconds since the epoch
 * @param interactions interactions that the window brought
 * @param sequences sequences they came in
 * @param targets positions trained on, replayed ones included
 * @param loss mean training loss over the window's last pass; NaN when nothing was trained
 * @param championMetric mean loss of the champion, the model before, on the validation positions
 * @param challengerMetric mean loss of the challenger, the model after, on the same positions
 * @param trainingMillis time spent training, in milliseconds
 * @param trainedOffsets source offsets that the version has been trained on since its base
 * @param updates updates, one per window, that the verdict is on: those since the parent, or the
 *     refused one
 * @param controlId the control that asked for it, empty if none did
 * @param fingerprint distinguishes {@code version} from every other, of its number or not; null if
 *     there is no version, or in state of a release without fingerprints
 * @param updateFingerprint SHA-256 of the newest update that {@code version} consists of: who has
 *     followed it has the version already; empty if the version is not made of updates in the log
 * @param validationPositions positions that champion and challenger were compared on; 0 if they
 *     were not compared
 * @param detectable the smallest change of the mean loss, as a share of the champion's, that the
 *     comparison finds significant in 80 % of cases; NaN if there was none
 * @param newestEvent event time of the newest interaction that the updates trained on, milliseconds
 *     since the epoch; 0 if not known
 */
public record ModelCheckpoint(
        long version,
        long parent,
        Verdict verdict,
        String reason,
        String path,
        long window,
        long windowStart,
        long windowEnd,
        int interactions,
        int sequences,
        int targets,
        float loss,
        float championMetric,
        float challengerMetric,
        long trainingMillis,
        List<OffsetRange> trainedOffsets,
        int updates,
        String controlId,
        @Nullable String fingerprint,
        String updateFingerprint,
        int validationPositions,
        float detectable,
        long newestEvent) {

    /** State of releases without a component reads as having none. */
    public ModelCheckpoint {
        controlId = controlId == null ? "" : controlId;
        updateFingerprint = updateFingerprint == null ? "" : updateFingerprint;
    }

    /** A verdict that no control asked for, without a comparison. */
    public ModelCheckpoint(
            long version,
            long parent,
            Verdict verdict,
            String reason,
            String path,
            long window,
            long windowStart,
            long windowEnd,
            int interactions,
            int sequences,
            int targets,
            float loss,
            float championMetric,
            float challengerMetric,
            long trainingMillis,
            List<OffsetRange> trainedOffsets,
            int updates,
            @Nullable String fingerprint) {
        this(
                version,
                parent,
                verdict,
                reason,
                path,
                window,
                windowStart,
                windowEnd,
                interactions,
                sequences,
                targets,
                loss,
                championMetric,
                challengerMetric,
                trainingMillis,
                trainedOffsets,
                updates,
                "",
                fingerprint,
                "",
                0,
                Float.NaN,
                0);
    }

    /** What became of a challenger. */
    public enum Verdict {
        /** The updates since the parent were not worse than it: they are a version of their own. */
        PROMOTED,
        /** One update made the model worse on validation positions; it is undone. */
        REJECTED,
        /** One update diverged (a loss not finite, or many times as high); it is undone. */
        FAILED,
        /** Whether the updates since the parent are worse can't be decided yet; they stay live. */
        HELD,
        /** A version is live again: what came after it is worse, or a control asked for it. */
        ROLLED_BACK,
        /** A version is due that the store did not take; the updates stay live until it does. */
        DELAYED,
        /** The update is live, and no version was made of it yet. */
        UPDATED
    }

    /** Whether {@code version} is new with this checkpoint. */
    public boolean promoted() {
        return verdict == Verdict.PROMOTED;
    }

    /** Whether {@code version} as it was written is what is live after this checkpoint. */
    public boolean live() {
        return verdict == Verdict.PROMOTED || verdict == Verdict.ROLLED_BACK;
    }
}
