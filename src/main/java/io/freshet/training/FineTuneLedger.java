package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the fine-tuner has and where it stands: everything that goes into a checkpoint, and the
 * rules by which it changes. A window's sequences are pending until its verdict is settled, so a
 * restore in between trains the window again.
 */
final class FineTuneLedger {

    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final FineTuneState state;
    private final WindowAssembler assembler;
    private final ReplayBuffer replay;
    private final Map<String, EncodedItem> items = new LinkedHashMap<>();
    private final List<TrainingSequence> inTraining = new ArrayList<>();
    private final Set<String> forgottenInTraining = new HashSet<>();
    private List<TrainingSequence> carried;
    private boolean training;

    /**
     * @param contents what a checkpoint held, or nothing
     */
    FineTuneLedger(TrainingSettings settings, FineTuneState state, Contents contents) {
        this.settings = settings;
        this.config = settings.training();
        this.state = state;
        this.assembler =
                new WindowAssembler(
                        new WindowTrigger(
                                config.windowInteractions(),
                                config.windowTime(),
                                settings.history().pane()));
        this.replay =
                new ReplayBuffer(
                        config.replayCapacity(),
                        settings.model().seed(),
                        contents.replayed(),
                        state.replayOffered);
        this.carried = new ArrayList<>(contents.carried());
        contents.pending().forEach(assembler::add);
        contents.items().forEach(item -> items.put(item.itemId(), item));
    }

    /**
     * What the ledger holds besides its state.
     *
     * @param pending sequences whose window has no verdict yet
     * @param carried sequences held out by the window before
     * @param replayed the replay buffer
     * @param items content that no promoted version has yet
     */
    record Contents(
            List<TrainingSequence> pending,
            List<TrainingSequence> carried,
            List<TrainingSequence> replayed,
            List<EncodedItem> items) {

        static Contents empty() {
            return new Contents(List.of(), List.of(), List.of(), List.of());
        }
    }

    /** Takes a sequence, less what the base version was trained on, or a marker to forget. */
    void add(TrainingSequence sequence) {
        if (sequence.isForget()) {
            forget(sequence.userId());
            return;
        }
        TrainingSequence fresh = SequenceParts.newerThan(sequence, state.trainedThrough);
        if (fresh != null) {
            assembler.add(fresh);
        }
    }

    /** Takes an item with content, to become known to the next version. */
    void add(EncodedItem item) {
        if (config.enabled() && item.vector().length > 0) {
            items.put(item.itemId(), item);
        }
    }

    /**
     * The next window that is due at a watermark, or null; only when none is in training.
     *
     * @param alignCatalog whether the window knows the catalog up to its own end only
     */
    @Nullable WindowTask next(long watermark, boolean alignCatalog) {
        if (training) {
            throw new IllegalStateException("Window " + state.windows + 1 + " is in training");
        }
        TrainingWindow window = assembler.next(watermark);
        while (window != null && window.isEmpty()) {
            window = assembler.next(watermark);
        }
        if (window == null) {
            return null;
        }
        training = true;
        inTraining.addAll(window.sequences());
        long number = state.windows + 1;
        int replayed = Math.round(config.replayRatio() * window.sequences().size());
        return new WindowTask(
                number,
                state.live,
                state.base,
                state.announced + 1,
                window.firstTime(),
                window.end(),
                window.interactions(),
                List.copyOf(window.sequences()),
                List.copyOf(carried),
                replay.sample(replayed, settings.seed(number, TrainingSettings.Purpose.REPLAY)),
                alignCatalog ? itemsBefore(window.end()) : List.copyOf(items.values()),
                List.copyOf(state.trainedOffsets));
    }

    /** Enters what became of the window in training. */
    void settle(WindowOutcome outcome) {
        training = false;
        inTraining.clear();
        state.windows = outcome.task().window();
        carried = remembered(outcome.heldOut());
        ModelCheckpoint checkpoint = outcome.checkpoint();
        if (checkpoint != null && checkpoint.promoted()) {
            state.live = checkpoint.version();
            state.announced = checkpoint.version();
            state.base = state.base == 0 ? checkpoint.version() : state.base;
            state.trainedOffsets = new ArrayList<>(checkpoint.trainedOffsets());
            remembered(outcome.trained()).forEach(replay::offer);
            for (EncodedItem item : outcome.task().items()) {
                items.remove(item.itemId(), item);
            }
        }
        forgottenInTraining.clear();
    }

    /** Where the fine-tuner stands. */
    FineTuneState state() {
        state.replayOffered = replay.offered();
        return state;
    }

    /** What it holds. */
    Contents contents() {
        List<TrainingSequence> pending = new ArrayList<>(inTraining);
        pending.addAll(assembler.pending());
        return new Contents(
                pending, List.copyOf(carried), replay.sequences(), List.copyOf(items.values()));
    }

    /** Sequences whose window has no verdict yet. */
    int backlog() {
        return inTraining.size() + assembler.size();
    }

    private List<EncodedItem> itemsBefore(long time) {
        return items.values().stream().filter(item -> item.timestamp() < time).toList();
    }

    private void forget(String userId) {
        assembler.forget(userId);
        replay.forget(userId);
        carried.removeIf(sequence -> sequence.userId().equals(userId));
        if (training) {
            inTraining.removeIf(sequence -> sequence.userId().equals(userId));
            forgottenInTraining.add(userId);
        }
    }

    private List<TrainingSequence> remembered(List<TrainingSequence> sequences) {
        List<TrainingSequence> kept = new ArrayList<>(sequences);
        kept.removeIf(sequence -> forgottenInTraining.contains(sequence.userId()));
        return kept;
    }
}
