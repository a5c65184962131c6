package io.freshet.training.version;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.Job;
import io.freshet.training.UpdateStats;
import io.freshet.training.learn.Gate.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the verdicts on a job's update, and on all updates since the version that it builds on. */
public final class CheckpointFactory {

    private final ModelStore store;
    private final ModelRevision parent;
    private final List<OffsetRange> offsets;

    /**
     * @param parent the version that the updates build on
     * @param place has the source offsets that the parent was trained on since the base
     */
    public CheckpointFactory(ModelStore store, ModelRevision parent, Job.Place place) {
        this.store = store;
        this.parent = parent;
        this.offsets = place.offsets();
    }

    /** All updates since the parent are a version. */
    public ModelCheckpoint promoted(Manifest made, TrainingSummary summary) {
        return checkpoint(
                Verdict.PROMOTED,
                made.version(),
                made.fingerprint(),
                made.trainedOffsets(),
                summary,
                made.lastUpdateFingerprint());
    }

    /** All updates since the parent are a version, which earlier work has made. */
    public ModelCheckpoint adopted(Manifest own, List<UpdateStats> updates) {
        return promoted(own, TrainingSummary.of(own, updates));
    }

    /** The parent stays the newest version, whatever becomes of the updates. */
    public ModelCheckpoint unpromoted(Verdict verdict, TrainingSummary summary) {
        return checkpoint(verdict, parent.version(), parent.fingerprint(), offsets, summary, "");
    }

    /** The window's update alone is undone. */
    public ModelCheckpoint refused(Verdict verdict, UpdateStats update, Decision decision) {
        String reason = "the update by window %d: %s".formatted(update.window(), decision.reason());
        return unpromoted(verdict, new TrainingSummary(List.of(update), decision.because(reason)));
    }

    private ModelCheckpoint checkpoint(
            Verdict verdict,
            long version,
            @Nullable String fingerprint,
            List<OffsetRange> trainedOffsets,
            TrainingSummary summary,
            String updateFingerprint) {
        UpdateStats window = summary.newest();
        Decision decision = summary.decision();
        return new ModelCheckpoint(
                version,
                parent.version(),
                verdict,
                decision.reason(),
                version == 0 ? "" : store.path(version).toString(),
                window.window(),
                window.start(),
                window.end(),
                window.interactions(),
                window.sequences(),
                window.targets(),
                window.loss(),
                decision.champion(),
                decision.challenger(),
                window.millis(),
                trainedOffsets,
                summary.updates().size(),
                "",
                fingerprint,
                updateFingerprint,
                decision.positions(),
                decision.detectable(),
                summary.newestEvent());
    }
}
