package io.freshet.training;

import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.Removal.Place;
import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the live model has come from: a version; the updates since, kept as a redo log from which a
 * restore makes the live model again; a sample of what versions were trained on; and content of
 * items that no version has yet.
 */
final class Lineage {

    /** Sequences of earlier versions that a new version is tested on. */
    private static final int PAST_SEQUENCES = 200;

    private final TrainingSettings settings;
    private final FineTuneState state;
    private final ReplayBuffer replay;
    private final PendingContent content;
    private final List<AppliedUpdate> applied = new ArrayList<>();

    Lineage(TrainingSettings settings, FineTuneState state, FineTuneLedger.Contents contents) {
        this.settings = settings;
        this.state = state;
        this.replay =
                new ReplayBuffer(
                        settings.training().replay().capacity(),
                        settings.model().seed(),
                        contents.replayed(),
                        state.replayOffered);
        this.content =
                new PendingContent(
                        contents.items(),
                        state.applied.stream()
                                .mapToLong(UpdateMark::end)
                                .max()
                                .orElse(Long.MIN_VALUE));
        for (UpdateMark mark : state.applied) {
            applied.add(
                    new AppliedUpdate(
                            mark,
                            WindowSequence.of(mark.window(), contents.applied()),
                            replayed(mark.window(), mark.replayed()),
                            content.before(mark.end())));
        }
    }

    /** Takes an item with content, to become known to the next update. */
    void add(EncodedItem item) {
        if (settings.training().enabled() && item.vector().length > 0) {
            content.add(item);
        }
    }

    /** What the live model is made of. */
    Standing standing() {
        return new Standing(state.live, state.fingerprint, state.base, applied);
    }

    /** Whether the options ask for another architecture than when the live version was made. */
    boolean hasNewArchitecture() {
        return settings.training().enabled()
                && state.live > 0
                && !architecture().equals(state.architecture);
    }

    /** Enters that the live model is built as the options ask, or is to stay as it is. */
    void architectureSettled() {
        state.architecture = architecture();
    }

    /** Sequences of the sample that a window trains again. */
    List<TrainingSequence> replayed(long window, int count) {
        return replay.sample(count, settings.seed(window, TrainingSettings.Purpose.REPLAY));
    }

    /** Sequences of the sample that the version of a window is tested on. */
    List<TrainingSequence> past(long window) {
        return replay.sample(PAST_SEQUENCES, settings.seed(window, TrainingSettings.Purpose.PAST));
    }

    /** All sequences that are remembered of what the live model was trained on. */
    List<TrainingSequence> remembered() {
        List<TrainingSequence> remembered = new ArrayList<>(replay.sequences());
        applied.forEach(update -> remembered.addAll(update.trained()));
        return remembered;
    }

    /** Content that no version has yet. */
    PendingContent content() {
        return content;
    }

    /**
     * Enters what became of an update.
     *
     * @param update what was applied, null if it was refused
     * @param verdict on it and those before it
     */
    void settle(@Nullable AppliedUpdate update, ModelCheckpoint verdict) {
        if (update != null) {
            applied.add(update);
        }
        if (verdict.promoted()) {
            promote(verdict);
        }
        if (verdict.live()) {
            applied.clear();
        }
    }

    /** Enters that an earlier version is live. */
    void rolledBack(ModelCheckpoint verdict) {
        standOn(verdict);
        applied.clear();
        replay.dropAfter(verdict.windowEnd());
        content.dropReplaced();
    }

    /** Takes content that the version does not have though those before it were told of it. */
    void lost(List<EncodedItem> items) {
        items.forEach(content::addLost);
    }

    /** Removes everything of a user; enters the number of sequences removed by place. */
    void forget(String userId, Map<Place, Integer> removed) {
        removed.put(Place.REDO_LOG, forgetApplied(userId));
        removed.put(Place.REPLAY_BUFFER, replay.forget(userId));
    }

    /** Brings the state up to date with what is kept in memory. */
    void enterState() {
        state.replayOffered = replay.offered();
        state.applied = new ArrayList<>(applied.stream().map(AppliedUpdate::mark).toList());
    }

    /** Sequences of the redo log. */
    List<WindowSequence> redoLog() {
        List<WindowSequence> redo = new ArrayList<>();
        for (AppliedUpdate update : applied) {
            redo.addAll(WindowSequence.all(update.mark().window(), update.trained()));
        }
        return redo;
    }

    /** What the replay buffer holds. */
    List<TrainingSequence> replayBuffer() {
        return replay.sequences();
    }

    private String architecture() {
        return settings.spec().architecture();
    }

    private void promote(ModelCheckpoint verdict) {
        standOn(verdict);
        for (long other = state.announced + 1; other < verdict.version(); other++) {
            state.foreign.add(other);
        }
        state.announced = verdict.version();
        applied.forEach(update -> update.trained().forEach(replay::offer));
        content.written(applied);
    }

    private void standOn(ModelCheckpoint verdict) {
        state.live = verdict.version();
        state.fingerprint = verdict.fingerprint();
        state.base = state.base == 0 ? verdict.version() : state.base;
        state.trainedOffsets = new ArrayList<>(verdict.trainedOffsets());
    }

    private int forgetApplied(String userId) {
        int removed = 0;
        for (int i = 0; i < applied.size(); i++) {
            AppliedUpdate update = applied.get(i);
            List<TrainingSequence> trained = new ArrayList<>(update.trained());
            List<TrainingSequence> replayed = new ArrayList<>(update.replayed());
            removed +=
                    SequenceParts.forget(userId, trained) + SequenceParts.forget(userId, replayed);
            applied.set(i, new AppliedUpdate(update.mark(), trained, replayed, update.items()));
        }
        return removed;
    }
}
