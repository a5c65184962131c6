package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.training.WindowOutcome.Gain;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sequences that the live model is not trained on yet. One is <em>pending</em> until the live model
 * was tested on it, in a lot of the fewest interactions that make a window, then <em>tested</em>
 * until the window that it is part of is settled. What is in a test or in training at a checkpoint
 * is pending or tested again after a restore.
 *
 * <p>While training is <em>paused</em>, sequences go on to be pending; beyond a bound the oldest
 * are passed over, and counted.
 */
final class Backlog {

    private final TrainingConfig config;
    private final int maxPaused;
    private final FineTuneState state;
    private final WindowAssembler assembler;
    private final UpdatePace pace;
    private final List<TrainingSequence> tested;
    private @Nullable TrainingWindow inTest;

    Backlog(
            TrainingSettings settings,
            FineTuneState state,
            List<TrainingSequence> pending,
            List<TrainingSequence> tested) {
        this.config = settings.training();
        this.maxPaused = settings.training().window().maxBacklog();
        this.state = state;
        this.assembler =
                new WindowAssembler(
                        new WindowTrigger(config.window().time(), settings.history().pane()));
        this.pace = new UpdatePace(config, state.pace);
        pending.forEach(assembler::add);
        this.tested = new ArrayList<>(tested);
    }

    /** Takes a sequence, less what the base version was trained on. */
    void add(TrainingSequence sequence) {
        TrainingSequence fresh = SequenceParts.newerThan(sequence, state.trainedThrough);
        if (fresh == null) {
            return;
        }
        assembler.add(fresh);
        if (state.paused && assembler.size() > maxPaused) {
            assembler.dropOldest();
            state.passedOver++;
        }
    }

    /** Whether training is paused. */
    boolean isPaused() {
        return state.paused;
    }

    /** Gives out no more lots and windows, but goes on to take sequences. */
    void pause() {
        state.paused = true;
    }

    /**
     * Gives out lots and windows again.
     *
     * @return sequences that were passed over meanwhile
     */
    long resume() {
        long passedOver = state.passedOver;
        state.paused = false;
        state.passedOver = 0;
        return passedOver;
    }

    /** Sequences passed over in the pause so far. */
    long passedOver() {
        return state.passedOver;
    }

    /** Closes the window that collects once nothing complete is left to be added. */
    void closeWindow() {
        state.closing = true;
    }

    /**
     * The next lot that is due to be tested at a watermark, which is in test then; or null. It is
     * the same until it is settled.
     */
    @Nullable TrainingWindow nextLot(long watermark) {
        if (state.paused) {
            return null;
        }
        if (testing() > 0) {
            return inTest;
        }
        TrainingWindow lot = assembler.next(watermark, config.window().minInteractions());
        while (lot != null && lot.isEmpty()) {
            lot = assembler.next(watermark, config.window().minInteractions());
        }
        if (lot == null && state.closing) {
            lot = assembler.closeNow();
        }
        inTest = lot;
        return lot;
    }

    /** Enters how the lot in test went: it waits to be trained on, if anything is trained. */
    void settle(TestOutcome outcome) {
        TrainingWindow lot = Objects.requireNonNull(inTest, "nothing is in test");
        inTest = null;
        if (!config.enabled()) {
            return;
        }
        pace.tested(outcome.loss());
        if (lot.isEmpty()) {
            return; // its users were forgotten meanwhile
        }
        state.testedStart = tested.isEmpty() ? lot.firstTime() : state.testedStart;
        state.testedEnd = lot.end();
        state.tested += lot.interactions();
        state.due |= outcome.task().due();
        tested.addAll(lot.sequences());
    }

    /**
     * Whether what was tested is to be trained on now.
     *
     * @param catchUp whether larger windows are to get through what has piled up with less effort
     */
    boolean isWindowDue(long watermark, boolean catchUp) {
        if (state.paused) {
            return false;
        }
        if (state.closing && testing() + assembler.complete(watermark) == 0) {
            state.closing = false;
            state.due = true;
        }
        int behind =
                catchUp ? Math.min(config.window().maxInteractions(), assembler.size() / 2) : 0;
        return !tested.isEmpty()
                && (state.due || state.tested >= Math.max(pace.interactions(), behind));
    }

    /** The mark of the window that what was tested makes. */
    UpdateMark mark(long window, int replayed) {
        return new UpdateMark(
                window,
                state.testedStart,
                state.testedEnd,
                state.tested,
                tested.size(),
                replayed,
                0,
                0,
                0);
    }

    /** Enters what an update gained by all that was tested. */
    void trained(Gain gain) {
        tested.clear();
        state.tested = 0;
        state.due = false;
        pace.updated(gain);
    }

    /** What was tested. */
    List<TrainingSequence> tested() {
        return List.copyOf(tested);
    }

    /** What was not tested, or is in test. */
    List<TrainingSequence> pending() {
        List<TrainingSequence> pending = new ArrayList<>();
        if (inTest != null) {
            pending.addAll(inTest.sequences());
        }
        pending.addAll(assembler.pending());
        return pending;
    }

    /** Number of all sequences. */
    int size() {
        return tested.size() + testing() + assembler.size();
    }

    /** Number of sequences that could be trained on at a watermark. */
    int trainable(long watermark) {
        return tested.size() + testing() + assembler.complete(watermark);
    }

    /** Interactions that make a window now. */
    int windowSize() {
        return pace.interactions();
    }

    /**
     * Removes everything of a user.
     *
     * @return sequences removed
     */
    int forget(String userId) {
        int testing = inTest == null ? 0 : inTest.forget(userId);
        int removed = assembler.forget(userId) + testing + SequenceParts.forget(userId, tested);
        state.tested = tested.stream().mapToInt(sequence -> sequence.fresh().length).sum();
        return removed;
    }

    private int testing() {
        return inTest == null ? 0 : inTest.sequences().size();
    }
}
