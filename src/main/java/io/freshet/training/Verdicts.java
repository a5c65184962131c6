package io.freshet.training;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The verdicts on a task's update, and on all updates since the version that it builds on. */
final class Verdicts {

    private final ModelStore store;
    private final WindowTask task;

    Verdicts(ModelStore store, WindowTask task) {
        this.store = store;
        this.task = task;
    }

    /**
     * All updates since the parent are a version.
     *
     * @param trainedOffsets source offsets that it was trained on since the base
     */
    ModelCheckpoint promoted(Manifest made, List<OffsetRange> trainedOffsets, Judgement judgement) {
        return verdict(
                Verdict.PROMOTED, made.version(), made.fingerprint(), trainedOffsets, judgement);
    }

    /** All updates since the parent are a version already, which earlier work has made. */
    ModelCheckpoint adopted(
            Manifest own, List<OffsetRange> trainedOffsets, List<AppliedUpdate> updates) {
        return promoted(own, trainedOffsets, Judgement.kept(own, updates));
    }

    /** The parent stands, whatever becomes of the updates. */
    ModelCheckpoint unpromoted(Verdict verdict, Judgement judgement) {
        Standing standing = task.standing();
        return verdict(
                verdict,
                standing.version(),
                standing.fingerprint(),
                task.trainedOffsets(),
                judgement);
    }

    /** The store doesn't take all updates since the parent as a version. */
    ModelCheckpoint delayed(
            IOException found, List<AppliedUpdate> updates, float loss, Gate.Decision decision) {
        String reason =
                "the store can't take a version now: "
                        + found.getMessage()
                        + "; the updates stay live, and a later version will hold them";
        return unpromoted(Verdict.DELAYED, Judgement.of(updates, loss, decision.because(reason)));
    }

    /** The task's update alone is taken back, or was never made. */
    ModelCheckpoint refused(
            Verdict verdict, AppliedUpdate update, float loss, Gate.Decision decision) {
        String found = verdict == Verdict.FAILED ? "its loss is not finite" : decision.reason();
        String reason = "the update by window " + task.window() + ": " + found;
        return unpromoted(verdict, Judgement.of(List.of(update), loss, decision.because(reason)));
    }

    private ModelCheckpoint verdict(
            Verdict verdict,
            long version,
            @Nullable String fingerprint,
            List<OffsetRange> trainedOffsets,
            Judgement judgement) {
        return new ModelCheckpoint(
                version,
                task.standing().version(),
                verdict,
                judgement.decision().reason(),
                version == 0 ? "" : store.path(version).toString(),
                task.window(),
                judgement.start(),
                task.end(),
                judgement.interactions(),
                judgement.sequences(),
                judgement.targets(),
                judgement.loss(),
                judgement.decision().before(),
                judgement.decision().after(),
                judgement.millis(),
                trainedOffsets,
                judgement.updates().size(),
                fingerprint);
    }
}
