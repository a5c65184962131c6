package io.freshet.training.operator;

import io.freshet.event.Control;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelRevision;
import io.freshet.event.Removal.Place;
import io.freshet.event.TrainingSequence;
import io.freshet.training.FineTuneState;
import io.freshet.training.Job;
import io.freshet.training.Outcome;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateMark;
import io.freshet.training.VersionRange;
import io.freshet.training.WaitingItem;
import io.freshet.training.WindowSequence;
import io.freshet.training.window.Backlog;
import io.freshet.training.window.ItemShareGuard;
import io.freshet.training.window.PendingContent;
import io.freshet.training.window.ReplayBuffer;
import io.freshet.training.window.SequenceParts;
import io.freshet.training.window.ValidationBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the fine-tuner has in a checkpoint, and how the outcome of a job changes it: the
 * pointer to the live model, and the data that is not trained yet or may be trained again. A job in
 * progress at a checkpoint is still to be done after a restore.
 */
final class TrainingBuffers {

    private final TrainingSettings settings;
    private final FineTuneState state;
    private final Backlog backlog;
    private final ValidationBuffer validation;
    private final ReplayBuffer replay;
    private final PendingContent content;
    private final ItemShareGuard guard;
    private final List<Job.UnloggedUpdate> unlogged = new ArrayList<>();
    private List<WaitingItem> waiting;
    private final Set<String> forgottenInProgress = new HashSet<>();
    private @Nullable Job inProgress;
    private boolean resumed;

    /**
     * @param aligned whether results must not depend on how fast training is: nothing is passed
     *     over
     * @param contents what a checkpoint held, or nothing
     */
    TrainingBuffers(
            TrainingSettings settings, boolean aligned, FineTuneState state, Contents contents) {
        this.settings = settings;
        this.state = state;
        this.backlog =
                new Backlog(
                        settings,
                        aligned ? Integer.MAX_VALUE : settings.training().window().maxBacklog(),
                        state,
                        contents.pending(),
                        contents.tested());
        double holdout = settings.training().gate().holdout();
        this.validation =
                state.format < FineTuneState.FORMAT
                        ? ValidationBuffer.ofReleasedState(
                                holdout, contents.carried(), state.windows)
                        : new ValidationBuffer(holdout, contents.validation());
        this.replay =
                new ReplayBuffer(
                        settings.training().replay().capacity(),
                        settings.model().seed(),
                        contents.replayed(),
                        state.replayOffered);
        this.content =
                new PendingContent(settings.training().vocabulary().maxRows(), contents.items());
        this.guard = new ItemShareGuard(settings.training().gate().maxItemShare(), state);
        this.waiting = contents.waiting();
        readReleasedState(contents);
        if (state.live == 0 && unlogged.isEmpty()) {
            resume();
        }
    }

    /**
     * What the buffers hold besides the state.
     *
     * @param pending sequences that the live model was not evaluated on yet
     * @param tested sequences that it was evaluated on, but not trained on yet
     * @param applied sequences that updates in no log were trained on, of releases without the log
     * @param carried sequences held out by the window before, of the same releases
     * @param validation sequences held out by windows before, which nobody was trained on
     * @param replayed the replay buffer
     * @param items content that the live model does not have
     * @param waiting interactions so far of items without a row
     */
    record Contents(
            List<TrainingSequence> pending,
            List<TrainingSequence> tested,
            List<WindowSequence> applied,
            List<TrainingSequence> carried,
            List<WindowSequence> validation,
            List<TrainingSequence> replayed,
            List<EncodedItem> items,
            List<WaitingItem> waiting) {}

    /** Sequences that wait to be trained on. */
    Backlog backlog() {
        return backlog;
    }

    /** Positions that are held out of training. */
    ValidationBuffer validation() {
        return validation;
    }

    /** A sample of what was trained. */
    ReplayBuffer replay() {
        return replay;
    }

    /** Content that the live model does not have. */
    PendingContent content() {
        return content;
    }

    /** What each item's share of the interactions was. */
    ItemShareGuard guard() {
        return guard;
    }

    /** Interactions so far of items without a row. */
    List<WaitingItem> waiting() {
        return List.copyOf(waiting);
    }

    /** Updates of the live model that a release without the log has left. */
    List<Job.UnloggedUpdate> unlogged() {
        return List.copyOf(unlogged);
    }

    /** The live model. */
    ModelRevision revision() {
        return new ModelRevision(
                state.live, state.fingerprint, state.update, state.updateFingerprint);
    }

    /** Updates since the live version. */
    int updates() {
        return state.updates;
    }

    /** Adds an item with content, for the next update. */
    void add(EncodedItem item) {
        if (settings.training().enabled() && item.vector().length > 0) {
            content.add(item);
        }
    }

    /** Adds a control that rolls back; it is carried out after the job in progress. */
    void add(Control rollback) {
        state.rollbacks.add(rollback);
    }

    /** Whether a rollback waits for the job in progress, or is that job. */
    boolean hasRollbacks() {
        return !state.rollbacks.isEmpty();
    }

    /** Whether a job is in progress. */
    boolean isBusy() {
        return inProgress != null;
    }

    /** Whether the task's first job is done; there is none without a model. */
    boolean isResumed() {
        return resumed;
    }

    /**
     * Enters that a job has begun; it ends when it is settled, or given up.
     *
     * @throws IllegalStateException if another is in progress
     */
    void begin(Job job) {
        if (inProgress != null) {
            throw new IllegalStateException(job + " can't begin during " + inProgress);
        }
        inProgress = job;
    }

    /** Enters that the job in progress is not done now: it is planned again. */
    void giveUp() {
        end();
    }

    /** Enters what became of the job in progress. */
    void settle(Outcome outcome) {
        Job job = outcome.job();
        if (job instanceof Job.Evaluate evaluate) {
            backlog.settle(loss(outcome), evaluate.due());
        } else if (job instanceof Job.Window window) {
            settle(window, outcome);
        } else if (job instanceof Job.RollBack) {
            state.rollbacks.remove(0);
        } else {
            resume();
        }
        if (outcome.checkpoint() != null) {
            point(outcome, outcome.checkpoint());
        }
        outcome.lost().forEach(content::addLost);
        end();
    }

    private static float loss(Outcome evaluated) {
        return evaluated.evaluations().isEmpty()
                ? Float.NaN
                : evaluated.evaluations().get(0).loss();
    }

    private void settle(Job.Window job, Outcome outcome) {
        Outcome.Fitted fitted = Objects.requireNonNull(outcome.fitted());
        state.windows = job.stats().window();
        backlog.trained(fitted.gain());
        guard.add(job.data().trained());
        if (fitted.applied()) {
            waiting = fitted.rows().waiting();
            validation.settle(state.windows, remembered(job.data().heldOut()));
            content.taken(job.data().items());
            remembered(job.data().trained()).forEach(replay::offer);
            state.updates++;
        }
    }

    /** Points to the live model after a verdict. */
    private void point(Outcome outcome, ModelCheckpoint verdict) {
        ModelRevision revision = outcome.revision();
        state.update = revision.update();
        state.updateFingerprint = revision.updateFingerprint();
        if (verdict.live()) {
            state.live = revision.version();
            state.fingerprint = revision.fingerprint();
            state.updates = 0;
            state.base = state.base == 0 ? revision.version() : state.base;
            state.trainedOffsets = new ArrayList<>(verdict.trainedOffsets());
            state.held = 0;
            state.delayed = 0;
        }
        if (verdict.promoted()) {
            passOver(state.announced + 1, verdict.version() - 1);
            state.announced = verdict.version();
        }
        if (outcome.rolledBack() != null) {
            state.updates = outcome.rolledBack().updates();
            unlogged.clear();
            replay.dropAfter(outcome.rolledBack().windowEnd());
        }
        state.held += verdict.verdict() == Verdict.HELD ? 1 : 0;
        state.delayed += verdict.verdict() == Verdict.DELAYED ? 1 : 0;
    }

    private void passOver(long first, long last) {
        if (first <= last) {
            state.passedOverNumbers.add(new VersionRange(first, last));
        }
    }

    private void resume() {
        resumed = true;
        state.architecture = settings.spec().architecture();
        for (Job.UnloggedUpdate update : unlogged) {
            content.taken(update.items());
            update.trained().forEach(replay::offer);
        }
        unlogged.clear();
    }

    /**
     * Removes everything of a user. The job in progress goes on with what it began with, and leaves
     * nothing of the user behind.
     *
     * @return sequences removed by place
     */
    Map<Place, Integer> forget(String userId) {
        Map<Place, Integer> removed = new EnumMap<>(Place.class);
        removed.put(Place.PENDING, backlog.forget(userId));
        removed.put(Place.HELD_OUT, validation.forget(userId));
        removed.put(Place.REDO_LOG, forgetUnlogged(userId));
        removed.put(Place.REPLAY_BUFFER, replay.forget(userId));
        if (isBusy()) {
            forgottenInProgress.add(userId);
        }
        return removed;
    }

    private int forgetUnlogged(String userId) {
        int removed = 0;
        for (int i = 0; i < unlogged.size(); i++) {
            Job.UnloggedUpdate update = unlogged.get(i);
            List<TrainingSequence> trained = new ArrayList<>(update.trained());
            List<TrainingSequence> replayed = new ArrayList<>(update.replayed());
            removed +=
                    SequenceParts.forget(userId, trained) + SequenceParts.forget(userId, replayed);
            unlogged.set(
                    i, new Job.UnloggedUpdate(update.mark(), trained, replayed, update.items()));
        }
        return removed;
    }

    /** The pointer, and the counts and settings of all buffers. */
    FineTuneState state() {
        state.replayOffered = replay.offered();
        state.applied = new ArrayList<>(unlogged.stream().map(Job.UnloggedUpdate::mark).toList());
        return state;
    }

    /** What the buffers hold. */
    Contents contents() {
        return new Contents(
                backlog.pending(),
                backlog.tested(),
                unlogged.stream()
                        .flatMap(
                                update ->
                                        WindowSequence.all(update.mark().window(), update.trained())
                                                .stream())
                        .toList(),
                List.of(),
                validation.contents(),
                replay.sequences(),
                content.all(),
                List.copyOf(waiting));
    }

    /** Reads what a release without the log has left, once. */
    private void readReleasedState(Contents contents) {
        if (state.format < FineTuneState.FORMAT) {
            state.updates = state.applied.size();
        }
        state.format = FineTuneState.FORMAT;
        state.foreign.forEach(number -> passOver(number, number));
        state.foreign.clear();
        for (UpdateMark mark : state.applied) {
            unlogged.add(
                    new Job.UnloggedUpdate(
                            mark,
                            WindowSequence.of(mark.window(), contents.applied()),
                            replay.sample(
                                    mark.replayed(),
                                    settings.seed(mark.window(), TrainingSettings.Purpose.REPLAY)),
                            content.before(mark.end())));
        }
    }

    private void end() {
        inProgress = null;
        forgottenInProgress.clear();
    }

    private List<TrainingSequence> remembered(List<TrainingSequence> sequences) {
        return sequences.stream()
                .filter(sequence -> !forgottenInProgress.contains(sequence.userId()))
                .toList();
    }
}
