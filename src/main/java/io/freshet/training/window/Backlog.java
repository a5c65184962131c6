package io.freshet.training.window;

import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.training.FineTuneState;
import io.freshet.training.Outcome.Gain;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sequences that the live model is not trained on yet. One is <em>pending</em> until the live model
 * was evaluated on it, in a lot of the fewest interactions that make a window, then <em>tested</em>
 * until the window that it is part of is settled. What is being evaluated or trained at a
 * checkpoint is pending or tested again after a restore.
 *
 * <p>Training may be slower than the input, or be paused. Beyond a bound, pending sequences are
 * passed over, and counted.
 */
public final class Backlog {

    private final TrainingConfig config;
    private final int most;
    private final FineTuneState state;
    private final WindowAssembler assembler;
    private final WindowSizeController size;
    private final List<TrainingSequence> tested;
    private long testedBytes;
    private @Nullable TrainingWindow inTest;

    /**
     * @param most pending sequences at most
     */
    public Backlog(
            TrainingSettings settings,
            int most,
            FineTuneState state,
            List<TrainingSequence> pending,
            List<TrainingSequence> tested) {
        this.config = settings.training();
        this.most = most;
        this.state = state;
        this.assembler = new WindowAssembler(config.window().time(), settings.history().pane());
        this.size =
                new WindowSizeController(
                        config.window().minInteractions(),
                        config.window().maxInteractions(),
                        state.pace);
        pending.forEach(assembler::add);
        this.tested = new ArrayList<>(tested);
        this.testedBytes = bytes(tested);
    }

    /** Adds a sequence, without what the base version was trained on. */
    public void add(TrainingSequence sequence) {
        TrainingSequence fresh = SequenceParts.newerThan(sequence, state.trainedThrough);
        if (fresh == null) {
            return;
        }
        assembler.add(fresh);
        while (assembler.size() > most && assembler.thin()) {
            state.passedOver += state.paused ? 1 : 0;
            state.allPassedOver++;
        }
    }

    /** Whether training is paused. */
    public boolean isPaused() {
        return state.paused;
    }

    /** Gives out no more lots and windows, but goes on to add sequences. */
    public void pause() {
        state.paused = true;
    }

    /**
     * Gives out lots and windows again.
     *
     * @return sequences that were passed over meanwhile
     */
    public long resume() {
        long passedOver = state.passedOver;
        state.paused = false;
        state.passedOver = 0;
        return passedOver;
    }

    /** Sequences passed over so far, because too many waited. */
    public long passedOver() {
        return state.allPassedOver;
    }

    /** Closes the window that collects once nothing complete is left to be added. */
    public void closeWindow() {
        state.closing = true;
    }

    /**
     * The next lot that is due to be evaluated at a watermark, or null. It is the same until it is
     * settled. What would make the window too large waits for the next.
     */
    public @Nullable TrainingWindow nextLot(long watermark) {
        if (state.paused) {
            return null;
        }
        if (testing() > 0) {
            return inTest;
        }
        int room = config.window().maxInteractions() - state.tested;
        TrainingWindow lot = nextLot(watermark, room);
        while (lot != null && lot.isEmpty()) {
            lot = nextLot(watermark, room);
        }
        if (lot == null && state.closing) {
            lot = assembler.closeNow();
        }
        state.due |= lot == null && !tested.isEmpty() && assembler.isFull(watermark, room);
        inTest = lot;
        return lot;
    }

    private @Nullable TrainingWindow nextLot(long watermark, int room) {
        return assembler.next(watermark, config.window().minInteractions(), room);
    }

    /**
     * Enters how the lot that is being evaluated did: it waits to be trained on, if anything is
     * trained.
     *
     * @param loss the live model's mean loss, NaN if there is none
     * @param due whether it is to be trained on next, however little it is
     */
    public void settle(float loss, boolean due) {
        TrainingWindow lot = Objects.requireNonNull(inTest, "nothing is being evaluated");
        inTest = null;
        if (!config.enabled()) {
            return;
        }
        size.tested(loss);
        if (lot.isEmpty()) {
            return; // its users were forgotten meanwhile
        }
        state.testedStart = tested.isEmpty() ? lot.firstTime() : state.testedStart;
        state.testedEnd = lot.end();
        state.tested += lot.interactions();
        state.due |= due;
        tested.addAll(lot.sequences());
        testedBytes += lot.bytes();
    }

    /**
     * Whether what was tested is to be trained on now.
     *
     * @param catchUp whether larger windows are to get through what has piled up with less effort
     */
    public boolean isWindowDue(long watermark, boolean catchUp) {
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
                && (state.due || state.tested >= Math.max(size.interactions(), behind));
    }

    /** The window that what was tested makes. */
    public UpdateStats stats(long window) {
        return UpdateStats.untrained(
                window, state.testedStart, state.testedEnd, state.tested, tested.size());
    }

    /** Enters what an update gained by all that was tested. */
    public void trained(Gain gain) {
        tested.clear();
        testedBytes = 0;
        state.tested = 0;
        state.due = false;
        size.updated(gain);
    }

    /** What was tested. */
    public List<TrainingSequence> tested() {
        return List.copyOf(tested);
    }

    /** What was not tested, or is being evaluated. */
    public List<TrainingSequence> pending() {
        List<TrainingSequence> pending = new ArrayList<>();
        if (inTest != null) {
            pending.addAll(inTest.sequences());
        }
        pending.addAll(assembler.pending());
        return pending;
    }

    /** Number of all sequences. */
    public int size() {
        return tested.size() + testing() + assembler.size();
    }

    /** Bytes of all sequences: of their ids, one a character, and numbers. */
    public long bytes() {
        return testedBytes + (inTest == null ? 0 : inTest.bytes()) + assembler.bytes();
    }

    /**
     * How far the first event of all sequences is behind the event time that has been reached, in
     * milliseconds; of a sequence in a pane that collects, the pane's end counts. 0 if there is
     * none.
     */
    public long behind(long reached) {
        long first = tested.isEmpty() ? Long.MAX_VALUE : state.testedStart;
        long oldest =
                Math.min(
                        Math.min(first, inTest == null ? Long.MAX_VALUE : inTest.firstTime()),
                        assembler.oldest());
        return oldest < reached ? reached - oldest : 0;
    }

    /** Number of sequences that could be trained on at a watermark. */
    public int trainable(long watermark) {
        return tested.size() + testing() + assembler.complete(watermark);
    }

    /** Interactions that make a window now. */
    public int windowSize() {
        return size.interactions();
    }

    /**
     * Removes everything of a user.
     *
     * @return sequences removed
     */
    public int forget(String userId) {
        int testing = inTest == null ? 0 : inTest.forget(userId);
        int removed = assembler.forget(userId) + testing + SequenceParts.forget(userId, tested);
        state.tested = tested.stream().mapToInt(sequence -> sequence.fresh().length).sum();
        testedBytes = bytes(tested);
        return removed;
    }

    private static long bytes(List<TrainingSequence> sequences) {
        return sequences.stream().mapToLong(SequenceParts::bytes).sum();
    }

    private int testing() {
        return inTest == null ? 0 : inTest.sequences().size();
    }
}
