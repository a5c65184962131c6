package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.Control;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.Removal.Place;
import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the fine-tuner has and where it stands: everything that goes into a checkpoint, and the
 * rules by which it changes.
 *
 * <p>A sequence is <em>pending</em> until the live model was tested on it, then <em>tested</em>
 * until the window that it is part of is settled. What was applied to the live model since its
 * version is kept: a redo log, from which a restore makes the live model again. What is pending,
 * tested or in training at a checkpoint is so again after a restore.
 *
 * <p>While training is <em>paused</em>, sequences go on to be pending; beyond a bound the oldest
 * are passed over, and counted.
 */
final class FineTuneLedger {

    /** Windows whose held-out positions judge later updates, too. */
    private static final int JUDGING_WINDOWS = 4;

    /** Sequences of earlier versions that a new version is tested on. */
    private static final int PAST_SEQUENCES = 200;

    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final FineTuneState state;
    private final WindowAssembler assembler;
    private final UpdatePace pace;
    private final ReplayBuffer replay;
    private final Map<String, EncodedItem> items = new LinkedHashMap<>();
    private final Set<String> forgottenInWork = new HashSet<>();
    private List<TrainingSequence> tested;
    private List<TrainingSequence> carried;
    private List<WindowSequence> judges;
    private List<AppliedUpdate> applied;
    private @Nullable TrainingWindow inTest;
    private boolean working;

    /**
     * @param contents what a checkpoint held, or nothing
     */
    FineTuneLedger(TrainingSettings settings, FineTuneState state, Contents contents) {
        this.settings = settings;
        this.config = settings.training();
        this.state = state;
        this.assembler =
                new WindowAssembler(
                        new WindowTrigger(config.windowTime(), settings.history().pane()));
        this.pace = new UpdatePace(config, state.pace);
        this.replay =
                new ReplayBuffer(
                        config.replayCapacity(),
                        settings.model().seed(),
                        contents.replayed(),
                        state.replayOffered);
        contents.pending().forEach(assembler::add);
        this.tested = new ArrayList<>(contents.tested());
        this.carried = new ArrayList<>(contents.carried());
        this.judges = new ArrayList<>(contents.judges());
        contents.items().forEach(item -> items.put(item.itemId(), item));
        this.applied = new ArrayList<>();
        for (UpdateMark mark : state.applied) {
            applied.add(
                    new AppliedUpdate(
                            mark,
                            WindowSequence.of(mark.window(), contents.applied()),
                            replayed(mark.window(), mark.replayed()),
                            itemsBefore(mark.end())));
        }
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

    /** Takes a sequence, less what the base version was trained on. */
    void add(TrainingSequence sequence) {
        TrainingSequence fresh = SequenceParts.newerThan(sequence, state.trainedThrough);
        if (fresh == null) {
            return;
        }
        assembler.add(fresh);
        if (state.paused && assembler.size() > settings.control().maxPausedSequences()) {
            assembler.dropOldest();
            state.passedOver++;
        }
    }

    /** Takes an item with content, to become known to the next update. */
    void add(EncodedItem item) {
        if (config.enabled() && item.vector().length > 0) {
            items.put(item.itemId(), item);
        }
    }

    /** What the live model is made of. */
    Standing standing() {
        return new Standing(state.live, state.fingerprint, state.base, applied);
    }

    /** Whether the options ask for another architecture than when the live version was made. */
    boolean hasNewArchitecture() {
        return config.enabled() && state.live > 0 && !architecture().equals(state.architecture);
    }

    private String architecture() {
        return settings.spec().architecture();
    }

    /** Event time below which the live model must stand before anything goes on. */
    long standsAt() {
        return applied.isEmpty() ? nextTime() : applied.get(0).mark().end();
    }

    /** The first event time that is still open, milliseconds since the epoch. */
    private long nextTime() {
        return Math.max(0, state.watermark + 1);
    }

    /** The next test that is due at a watermark, or null; only when there is no other work. */
    @Nullable TestTask nextTest(long watermark) {
        requireIdle();
        if (state.paused) {
            return null;
        }
        TrainingWindow window = assembler.next(watermark, config.minInteractions());
        while (window != null && window.isEmpty()) {
            window = assembler.next(watermark, config.minInteractions());
        }
        if (window == null && state.closing) {
            window = assembler.closeNow();
        }
        if (window == null) {
            return null;
        }
        working = true;
        inTest = window;
        return new TestTask(
                standing(),
                state.windows + 1,
                window.end(),
                window.interactions() < config.minInteractions(),
                List.copyOf(window.sequences()));
    }

    /** Enters how a test went. */
    void settle(TestOutcome outcome) {
        TrainingWindow window = Objects.requireNonNull(inTest, "nothing is in test");
        working = false;
        inTest = null;
        forgottenInWork.clear();
        if (!config.enabled()) {
            return;
        }
        pace.tested(outcome.loss());
        if (window.isEmpty()) {
            return; // its users were forgotten meanwhile
        }
        state.testedStart = tested.isEmpty() ? window.firstTime() : state.testedStart;
        state.testedEnd = window.end();
        state.tested += window.interactions();
        state.due |= outcome.task().due();
        tested.addAll(window.sequences());
    }

    /**
     * The window that is due at a watermark, or null; only when there is no other work.
     *
     * @param alignCatalog whether the window knows the catalog up to its own end only
     */
    @Nullable WindowTask nextWindow(long watermark, boolean alignCatalog) {
        requireIdle();
        if (state.paused) {
            return null;
        }
        if (state.closing && assembler.complete(watermark) == 0) {
            state.closing = false;
            state.due = true;
        }
        if (tested.isEmpty() || !(state.due || state.tested >= windowSize(alignCatalog))) {
            return null;
        }
        working = true;
        long number = state.windows + 1;
        List<TrainingSequence> again =
                replayed(number, Math.round(config.replayRatio() * tested.size()));
        UpdateMark mark =
                new UpdateMark(
                        number,
                        state.testedStart,
                        state.testedEnd,
                        state.tested,
                        tested.size(),
                        again.size(),
                        0,
                        0,
                        0);
        AppliedUpdate update =
                new AppliedUpdate(
                        mark,
                        List.copyOf(tested),
                        again,
                        alignCatalog ? itemsBefore(mark.end()) : List.copyOf(items.values()));
        boolean versionDue = state.live == 0 || applied.size() + 1 >= config.updatesPerVersion();
        return new WindowTask(
                standing(),
                update,
                List.copyOf(carried),
                judges.stream()
                        .filter(judge -> judge.window() < state.windows) // the last one is trained
                        .map(WindowSequence::sequence)
                        .toList(),
                versionDue,
                versionDue
                        ? replay.sample(
                                PAST_SEQUENCES,
                                settings.seed(number, TrainingSettings.Purpose.PAST))
                        : List.of(),
                state.announced + 1,
                List.copyOf(state.trainedOffsets));
    }

    /**
     * The work of moving the live model to the configured architecture, no window of its own; null
     * if it is built so, or the options have not changed: a base keeps its own architecture.
     *
     * @param outdated whether the live model is built as something else
     */
    @Nullable WindowTask renewal(boolean outdated) {
        requireIdle();
        if (!outdated || !hasNewArchitecture()) {
            state.architecture = architecture();
            return null;
        }
        working = true;
        List<TrainingSequence> known = new ArrayList<>(replay.sequences());
        applied.forEach(update -> known.addAll(update.trained()));
        long end = nextTime();
        return new WindowTask(
                standing(),
                new AppliedUpdate(
                        new UpdateMark(state.windows, end, end, 0, 0, known.size(), 0, 0, 0),
                        List.of(),
                        known,
                        List.copyOf(items.values())),
                List.of(),
                judges.stream().map(WindowSequence::sequence).toList(),
                true,
                List.of(),
                state.announced + 1,
                List.copyOf(state.trainedOffsets));
    }

    /** Enters the version that came of a renewal. */
    void renewed(ModelCheckpoint checkpoint) {
        working = false;
        state.architecture = architecture();
        promote(checkpoint);
        applied.clear();
        forgottenInWork.clear();
    }

    /** Enters what became of a window. */
    void settle(WindowOutcome outcome) {
        working = false;
        state.windows = outcome.task().window();
        forgetTested();
        carried = remembered(outcome.heldOut());
        judges.removeIf(judge -> judge.window() <= state.windows - JUDGING_WINDOWS);
        judges.addAll(WindowSequence.all(state.windows, carried));
        pace.updated(outcome.gain());
        if (outcome.update() != null) {
            AppliedUpdate update = outcome.update();
            applied.add(
                    new AppliedUpdate(
                            update.mark(),
                            remembered(update.trained()),
                            remembered(update.replayed()),
                            update.items()));
        }
        ModelCheckpoint checkpoint = outcome.checkpoint();
        if (checkpoint != null && checkpoint.promoted()) {
            promote(checkpoint);
        }
        if (checkpoint != null && checkpoint.live()) {
            applied.clear();
        }
        forgottenInWork.clear();
    }

    /** The rollback that was asked for first, or null; only when there is no other work. */
    @Nullable RollbackTask nextRollback() {
        requireIdle();
        if (state.rollbacks.isEmpty()) {
            return null;
        }
        working = true;
        return new RollbackTask(
                state.rollbacks.get(0),
                standing(),
                state.announced,
                List.copyOf(state.foreign),
                state.windows);
    }

    /** Enters what became of a rollback. */
    void settle(RollbackOutcome outcome) {
        working = false;
        forgottenInWork.clear();
        state.rollbacks.remove(0);
        ModelCheckpoint checkpoint = outcome.checkpoint();
        if (checkpoint != null) {
            standOn(checkpoint);
            applied.clear();
            replay.dropAfter(checkpoint.windowEnd());
            outcome.content().forEach(item -> items.putIfAbsent(item.itemId(), item));
        }
    }

    /** Whether training is paused. */
    boolean isPaused() {
        return state.paused;
    }

    /** Starts no more work, but goes on to take sequences. */
    void pause() {
        state.paused = true;
    }

    /**
     * Starts work again.
     *
     * @return sequences that were passed over meanwhile
     */
    long resume() {
        long passedOver = state.passedOver;
        state.paused = false;
        state.passedOver = 0;
        return passedOver;
    }

    /** Closes the window that collects once nothing complete is left to be added. */
    void closeWindow() {
        state.closing = true;
    }

    /** Takes a control that rolls back; it is carried out when the work in progress is done. */
    void await(Control rollback) {
        state.rollbacks.add(rollback);
    }

    /** Versions that must not be deleted, whatever their age. */
    Set<Long> named() {
        Set<Long> named = new HashSet<>(Set.of(state.base));
        state.rollbacks.forEach(rollback -> named.add(rollback.version()));
        return named;
    }

    /** Sequences that could be trained on at a watermark. */
    int trainable(long watermark) {
        int testing = inTest == null ? 0 : inTest.sequences().size();
        return tested.size() + testing + assembler.complete(watermark);
    }

    /** Whether something is tested, trained or rolled back now. */
    boolean isWorking() {
        return working;
    }

    /**
     * Removes everything of a user. What is in work goes on with what it began with, and leaves
     * nothing of the user behind.
     *
     * @return sequences removed by place
     */
    Map<Place, Integer> forget(String userId) {
        Map<Place, Integer> removed = new EnumMap<>(Place.class);
        int testing = inTest == null ? 0 : inTest.forget(userId);
        removed.put(Place.PENDING, assembler.forget(userId) + testing + remove(userId, tested));
        state.tested = tested.stream().mapToInt(sequence -> sequence.fresh().length).sum();
        int judging = judges.size();
        judges.removeIf(judge -> judge.sequence().userId().equals(userId));
        removed.put(Place.HELD_OUT, remove(userId, carried) + judging - judges.size());
        removed.put(Place.REDO_LOG, forgetApplied(userId));
        removed.put(Place.REPLAY_BUFFER, replay.forget(userId));
        if (working) {
            forgottenInWork.add(userId);
        }
        return removed;
    }

    /** Where the fine-tuner stands. */
    FineTuneState state() {
        state.replayOffered = replay.offered();
        state.applied = new ArrayList<>(applied.stream().map(AppliedUpdate::mark).toList());
        return state;
    }

    /** What it holds. */
    Contents contents() {
        List<TrainingSequence> pending = new ArrayList<>();
        if (inTest != null) {
            pending.addAll(inTest.sequences());
        }
        pending.addAll(assembler.pending());
        List<WindowSequence> redo = new ArrayList<>();
        for (AppliedUpdate update : applied) {
            redo.addAll(WindowSequence.all(update.mark().window(), update.trained()));
        }
        return new Contents(
                pending,
                List.copyOf(tested),
                redo,
                List.copyOf(carried),
                List.copyOf(judges),
                replay.sequences(),
                List.copyOf(items.values()));
    }

    /** Sequences whose window is not settled yet. */
    int backlog() {
        int testing = inTest == null ? 0 : inTest.sequences().size();
        return tested.size() + testing + assembler.size();
    }

    /** Interactions that make a window now. */
    int windowSize() {
        return pace.interactions();
    }

    /** When work has piled up, larger windows get through it with less effort. */
    private int windowSize(boolean alignCatalog) {
        int behind = alignCatalog ? 0 : Math.min(config.maxInteractions(), assembler.size() / 2);
        return Math.max(pace.interactions(), behind);
    }

    private void standOn(ModelCheckpoint checkpoint) {
        state.live = checkpoint.version();
        state.fingerprint = checkpoint.fingerprint();
        state.base = state.base == 0 ? checkpoint.version() : state.base;
        state.trainedOffsets = new ArrayList<>(checkpoint.trainedOffsets());
    }

    private void promote(ModelCheckpoint checkpoint) {
        standOn(checkpoint);
        for (long other = state.announced + 1; other < checkpoint.version(); other++) {
            state.foreign.add(other);
        }
        state.announced = checkpoint.version();
        for (AppliedUpdate update : applied) {
            update.trained().forEach(replay::offer);
            for (EncodedItem item : update.items()) {
                items.remove(item.itemId(), item);
            }
        }
    }

    private void forgetTested() {
        tested.clear();
        state.tested = 0;
        state.due = false;
    }

    private void requireIdle() {
        if (working) {
            throw new IllegalStateException("Window " + (state.windows + 1) + " is in work");
        }
    }

    private List<TrainingSequence> replayed(long window, int count) {
        return replay.sample(count, settings.seed(window, TrainingSettings.Purpose.REPLAY));
    }

    private List<EncodedItem> itemsBefore(long time) {
        return items.values().stream().filter(item -> item.timestamp() < time).toList();
    }

    private int forgetApplied(String userId) {
        int removed = 0;
        for (int i = 0; i < applied.size(); i++) {
            AppliedUpdate update = applied.get(i);
            List<TrainingSequence> trained = new ArrayList<>(update.trained());
            List<TrainingSequence> replayed = new ArrayList<>(update.replayed());
            removed += remove(userId, trained) + remove(userId, replayed);
            applied.set(i, new AppliedUpdate(update.mark(), trained, replayed, update.items()));
        }
        return removed;
    }

    private List<TrainingSequence> remembered(List<TrainingSequence> sequences) {
        List<TrainingSequence> kept = new ArrayList<>(sequences);
        kept.removeIf(sequence -> forgottenInWork.contains(sequence.userId()));
        return kept;
    }

    private static int remove(String userId, List<TrainingSequence> sequences) {
        int before = sequences.size();
        sequences.removeIf(sequence -> sequence.userId().equals(userId));
        return before - sequences.size();
    }
}
