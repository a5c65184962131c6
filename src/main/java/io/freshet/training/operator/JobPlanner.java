package io.freshet.training.operator;

import io.freshet.config.TrainingConfig;
import io.freshet.event.ModelRevision;
import io.freshet.event.TrainingSequence;
import io.freshet.training.FineTuneState;
import io.freshet.training.Job;
import io.freshet.training.TrainingSettings;
import io.freshet.training.TrainingSettings.Purpose;
import io.freshet.training.UpdateStats;
import io.freshet.training.window.Backlog;
import io.freshet.training.window.HoldoutSplit;
import io.freshet.training.window.ItemShareGuard;
import io.freshet.training.window.TrainingWindow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides from the buffers which job is next, and puts all that it depends on into it. */
final class JobPlanner {

    /** Sequences of earlier windows that a new version is evaluated on. */
    private static final int PAST_SEQUENCES = 200;

    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final FineTuneState state;
    private final TrainingBuffers buffers;
    private final boolean aligned;

    /**
     * @param state the buffers'
     * @param aligned whether a window uses the catalog up to its own end only
     */
    JobPlanner(
            TrainingSettings settings,
            FineTuneState state,
            TrainingBuffers buffers,
            boolean aligned) {
        this.settings = settings;
        this.config = settings.training();
        this.state = state;
        this.buffers = buffers;
        this.aligned = aligned;
    }

    /**
     * The job that is due at a watermark, or null: rollbacks come first, then the task's first job,
     * then a window before more is evaluated.
     */
    @Nullable Job next(long watermark) {
        if (buffers.hasRollbacks()) {
            return rollBack();
        }
        boolean goesOn = config.enabled() && state.live > 0;
        if (!buffers.isResumed() && (goesOn || !buffers.unlogged().isEmpty())) {
            return resume();
        }
        Backlog backlog = buffers.backlog();
        if (backlog.isWindowDue(watermark, !aligned)) {
            return window();
        }
        Job lot = evaluate(watermark);
        return lot == null && backlog.isWindowDue(watermark, !aligned) ? window() : lot;
    }

    private Job rollBack() {
        return new Job.RollBack(
                buffers.revision(),
                state.rollbacks.get(0),
                state.base,
                state.updates,
                state.announced,
                List.copyOf(state.passedOverNumbers),
                state.windows);
    }

    private Job resume() {
        List<Job.UnloggedUpdate> unlogged = buffers.unlogged();
        List<TrainingSequence> remembered = new ArrayList<>(buffers.replay().sequences());
        unlogged.forEach(update -> remembered.addAll(update.trained()));
        long first = Math.max(0, state.watermark + 1);
        return new Job.Resume(
                buffers.revision(),
                unlogged.isEmpty() ? first : Math.min(first, unlogged.get(0).mark().end()),
                !settings.spec().architecture().equals(state.architecture),
                unlogged,
                remembered,
                buffers.validation().judging(state.windows + 1),
                state.windows,
                place());
    }

    private Job window() {
        ModelRevision revision = buffers.revision();
        UpdateStats stats = buffers.backlog().stats(state.windows + 1);
        long number = stats.window();
        List<TrainingSequence> tested = buffers.backlog().tested();
        HoldoutSplit split =
                HoldoutSplit.ofPositions(
                        tested, config.gate().holdout(), settings.seed(number, Purpose.HOLDOUT));
        List<TrainingSequence> trained = new ArrayList<>(buffers.validation().released(number));
        trained.addAll(split.training());
        ItemShareGuard.Weights weights = buffers.guard().weigh(tested);
        boolean due = state.live == 0 || state.updates + 1 >= config.updatesPerVersion();
        int replayed = Math.round(config.replay().ratio() * tested.size());
        return new Job.Window(
                revision,
                stats,
                new Job.Data(
                        trained,
                        buffers.replay().sample(replayed, settings.seed(number, Purpose.REPLAY)),
                        aligned ? buffers.content().before(stats.end()) : buffers.content().all(),
                        buffers.waiting(),
                        weights.byItem(),
                        weights.reason(),
                        split.heldOut(),
                        buffers.validation().judging(number)),
                new Job.Due(
                        due,
                        state.held,
                        state.delayed,
                        due
                                ? buffers.replay()
                                        .past(PAST_SEQUENCES, settings.seed(number, Purpose.PAST))
                                : List.of(),
                        place()));
    }

    private @Nullable Job evaluate(long watermark) {
        Backlog backlog = buffers.backlog();
        TrainingWindow lot = backlog.nextLot(watermark);
        return lot == null
                ? null
                : new Job.Evaluate(
                        buffers.revision(),
                        lot.end(),
                        state.base,
                        state.windows + 1,
                        lot.interactions() < config.window().minInteractions(),
                        List.copyOf(lot.sequences()));
    }

    private Job.Place place() {
        return new Job.Place(state.announced + 1, List.copyOf(state.trainedOffsets));
    }
}
