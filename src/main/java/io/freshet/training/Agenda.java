package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the ledger what is due, and puts all that it takes into a task, so that the work
 * depends on nothing that changes meanwhile.
 */
final class Agenda {

    private final TrainingConfig config;
    private final FineTuneState state;
    private final FineTuneLedger ledger;
    private final Backlog backlog;
    private final HeldOut heldOut;
    private final Lineage lineage;
    private final boolean alignCatalog;

    /**
     * @param state the ledger's
     * @param alignCatalog whether a window knows the catalog up to its own end only
     */
    Agenda(
            TrainingSettings settings,
            FineTuneState state,
            FineTuneLedger ledger,
            boolean alignCatalog) {
        this.config = settings.training();
        this.state = state;
        this.ledger = ledger;
        this.backlog = ledger.backlog();
        this.heldOut = ledger.heldOut();
        this.lineage = ledger.lineage();
        this.alignCatalog = alignCatalog;
    }

    /**
     * What the live model must be made again as: there are updates to be redone, or the options ask
     * for another architecture. Null if it need not.
     */
    @Nullable Standing catchUp() {
        ledger.requireIdle();
        Standing standing = lineage.standing();
        if (standing.applied().isEmpty() && !lineage.hasNewArchitecture()) {
            return null;
        }
        ledger.begin();
        return standing;
    }

    /** Event time below which the live model must stand before anything goes on. */
    long standsAt() {
        List<AppliedUpdate> applied = lineage.standing().applied();
        return applied.isEmpty() ? nextTime() : applied.get(0).mark().end();
    }

    /**
     * The work of moving the live model to the configured architecture, no window of its own; null
     * if it is built so, or the options have not changed: a base keeps its own architecture.
     *
     * @param outdated whether the live model is built as something else
     */
    @Nullable WindowTask renewal(boolean outdated) {
        ledger.requireIdle();
        if (!outdated || !lineage.hasNewArchitecture()) {
            lineage.architectureSettled();
            return null;
        }
        ledger.begin();
        List<TrainingSequence> known = lineage.remembered();
        long end = nextTime();
        return new WindowTask(
                lineage.standing(),
                new AppliedUpdate(
                        new UpdateMark(state.windows, end, end, 0, 0, known.size(), 0, 0, 0),
                        List.of(),
                        known,
                        lineage.content().newest()),
                List.of(),
                heldOut.judging(),
                true,
                List.of(),
                state.announced + 1,
                List.copyOf(state.trainedOffsets));
    }

    /** The rollback that was asked for first, or null. */
    @Nullable RollbackTask nextRollback() {
        ledger.requireIdle();
        if (state.rollbacks.isEmpty()) {
            return null;
        }
        ledger.begin();
        return new RollbackTask(
                state.rollbacks.get(0),
                lineage.standing(),
                state.announced,
                List.copyOf(state.foreign),
                state.windows);
    }

    /** The window that is due at a watermark, or null. */
    @Nullable WindowTask nextWindow(long watermark) {
        ledger.requireIdle();
        if (!backlog.isWindowDue(watermark, !alignCatalog)) {
            return null;
        }
        ledger.begin();
        long number = state.windows + 1;
        List<TrainingSequence> tested = backlog.tested();
        List<TrainingSequence> again =
                lineage.replayed(number, Math.round(config.replay().ratio() * tested.size()));
        UpdateMark mark = backlog.mark(number, again.size());
        Standing standing = lineage.standing();
        boolean versionDue =
                state.live == 0 || standing.applied().size() + 1 >= config.updatesPerVersion();
        return new WindowTask(
                standing,
                new AppliedUpdate(
                        mark,
                        tested,
                        again,
                        alignCatalog
                                ? lineage.content().before(mark.end())
                                : lineage.content().takeIn(mark.end())),
                heldOut.carried(),
                heldOut.judgingCarried(),
                versionDue,
                versionDue ? lineage.past(number) : List.of(),
                state.announced + 1,
                List.copyOf(state.trainedOffsets));
    }

    /** The next test that is due at a watermark, or null. */
    @Nullable TestTask nextTest(long watermark) {
        ledger.requireIdle();
        TrainingWindow lot = backlog.nextLot(watermark);
        if (lot == null) {
            return null;
        }
        ledger.begin();
        return new TestTask(
                lineage.standing(),
                state.windows + 1,
                lot.end(),
                lot.interactions() < config.window().minInteractions(),
                List.copyOf(lot.sequences()));
    }

    /** The first event time that is still open, milliseconds since the epoch. */
    private long nextTime() {
        return Math.max(0, state.watermark + 1);
    }
}
