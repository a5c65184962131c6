package io.freshet.training;

import io.freshet.event.Control;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.Removal.Place;
import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that the fine-tuner has in a checkpoint, and how what became of its work is entered.
 * What is in work at a checkpoint is still to be done after a restore.
 */
final class FineTuneLedger {

    private final FineTuneState state;
    private final Backlog backlog;
    private final HeldOut heldOut;
    private final Lineage lineage;
    private final Set<String> forgottenInWork = new HashSet<>();
    private boolean working;

    /**
     * @param contents what a checkpoint held, or nothing
     */
    FineTuneLedger(TrainingSettings settings, FineTuneState state, Contents contents) {
        this.state = state;
        this.backlog = new Backlog(settings, state, contents.pending(), contents.tested());
        this.heldOut = new HeldOut(contents.carried(), contents.judges());
        this.lineage = new Lineage(settings, state, contents);
    }

    /**
     * What the ledger holds besides its state.
     *
     * @param pending sequences that the live model was not tested on yet
     * @param tested sequences that it was tested on, but not trained on yet
     * @param applied sequences that it was trained on since its version
     * @param carried sequences held out by the window before
     * @param judges sequences held out by some windows before, for comparisons
     * @param replayed the replay buffer
     * @param items content that no version has yet
     */
    record Contents(
            List<TrainingSequence> pending,
            List<TrainingSequence> tested,
            List<WindowSequence> applied,
            List<TrainingSequence> carried,
            List<WindowSequence> judges,
            List<TrainingSequence> replayed,
            List<EncodedItem> items) {}

    /** Sequences that wait to be trained on. */
    Backlog backlog() {
        return backlog;
    }

    /** Positions that are held out of training. */
    HeldOut heldOut() {
        return heldOut;
    }

    /** What the live model has come from. */
    Lineage lineage() {
        return lineage;
    }

    /** Takes a control that rolls back; it is carried out when the work in progress is done. */
    void await(Control rollback) {
        state.rollbacks.add(rollback);
    }

    /** Whether a rollback waits for the work in progress, or is that work. */
    boolean awaitsRollback() {
        return !state.rollbacks.isEmpty();
    }

    /** Whether something is tested, trained or rolled back now. */
    boolean isWorking() {
        return working;
    }

    /**
     * Work is planned only when there is no other.
     *
     * @throws IllegalStateException if something is in work
     */
    void requireIdle() {
        if (working) {
            throw new IllegalStateException("Window " + (state.windows + 1) + " is in work");
        }
    }

    /** Enters that work has begun; it ends when it is settled, or given up. */
    void begin() {
        working = true;
    }

    /** Enters that the work in progress is not done now: it is due again. */
    void giveUp() {
        end();
    }

    /** Enters that the live model was made again. */
    void caughtUp() {
        end();
    }

    /** Enters how a test went. */
    void settle(TestOutcome outcome) {
        backlog.settle(outcome);
        end();
    }

    /** Enters what became of a window. */
    void settle(WindowOutcome outcome) {
        state.windows = outcome.task().window();
        backlog.trained(outcome.gain());
        AppliedUpdate update = outcome.update();
        if (update != null) {
            heldOut.settle(state.windows, remembered(outcome.heldOut()));
        }
        lineage.settle(update == null ? null : remembered(update), outcome.checkpoint());
        lineage.lost(outcome.lost());
        end();
    }

    /** Enters the version that came of a renewal. */
    void renewed(ModelCheckpoint checkpoint) {
        lineage.architectureSettled();
        lineage.settle(null, checkpoint);
        end();
    }

    /** Enters what became of a rollback. */
    void settle(RollbackOutcome outcome) {
        state.rollbacks.remove(0);
        if (outcome.checkpoint() != null) {
            lineage.rolledBack(outcome.checkpoint());
            lineage.lost(outcome.lost());
        }
        end();
    }

    /**
     * Removes everything of a user. What is in work goes on with what it began with, and leaves
     * nothing of the user behind.
     *
     * @return sequences removed by place
     */
    Map<Place, Integer> forget(String userId) {
        Map<Place, Integer> removed = new EnumMap<>(Place.class);
        removed.put(Place.PENDING, backlog.forget(userId));
        removed.put(Place.HELD_OUT, heldOut.forget(userId));
        lineage.forget(userId, removed);
        if (working) {
            forgottenInWork.add(userId);
        }
        return removed;
    }

    /** Where the fine-tuner stands. */
    FineTuneState state() {
        lineage.enterState();
        return state;
    }

    /** What it holds. */
    Contents contents() {
        return new Contents(
                backlog.pending(),
                backlog.tested(),
                lineage.redoLog(),
                heldOut.carried(),
                heldOut.judges(),
                lineage.replayBuffer(),
                lineage.content().all());
    }

    private void end() {
        working = false;
        forgottenInWork.clear();
    }

    private AppliedUpdate remembered(AppliedUpdate update) {
        return new AppliedUpdate(
                update.mark(),
                remembered(update.trained()),
                remembered(update.replayed()),
                update.items());
    }

    private List<TrainingSequence> remembered(List<TrainingSequence> sequences) {
        List<TrainingSequence> kept = new ArrayList<>(sequences);
        kept.removeIf(sequence -> forgottenInWork.contains(sequence.userId()));
        return kept;
    }
}
