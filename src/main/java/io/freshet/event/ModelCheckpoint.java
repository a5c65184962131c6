package io.freshet.event;

import java.util.List;

/**
 * The verdict on one training window, and the model version that lives after it.
 *
 * @param version the version that the window produced; for a rejected window the one that stays
 *     live
 * @param parent the version that training started from
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
 * @param championMetric the live version's gate metric on the held-out positions
 * @param challengerMetric the trained version's gate metric on the same positions
 * @param trainingMillis time spent training, in milliseconds
 * @param trainedOffsets source offsets that the version has been trained on since its base
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
        List<OffsetRange> trainedOffsets) {

    /** What became of a challenger. */
    public enum Verdict {
        /** It was not worse than the champion and is live. */
        PROMOTED,
        /** It was worse on held-out positions; the champion stays live. */
        REJECTED,
        /** Training broke down (a loss that is not finite); the champion stays live. */
        FAILED
    }

    /** Whether {@code version} is new with this checkpoint. */
    public boolean promoted() {
        return verdict == Verdict.PROMOTED;
    }
}
