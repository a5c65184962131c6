package io.freshet.training;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.Gate.Decision;
import io.freshet.training.Gate.Ruling;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a version of the updates since the last when one is due: the live model is judged beside
 * the version that it came from, and written to the store.
 *
 * <p>A store that can't be read or written then delays the version, and nothing else: the updates
 * stay live, and the next version that is due holds them. While it goes on failing it is asked ever
 * less often.
 */
final class Promotion {

    private final ModelStore store;
    private final TrainingSettings settings;
    private final LiveModel live;
    private final Evaluator evaluator;
    private final Gate gate;
    private final StorePatience patience;

    Promotion(
            ModelStore store,
            TrainingSettings settings,
            LiveModel live,
            Evaluator evaluator,
            LongSupplier nanoTime) {
        this.store = store;
        this.settings = settings;
        this.live = live;
        this.evaluator = evaluator;
        this.gate = new Gate(settings.training().gate().tolerance());
        this.patience = new StorePatience(nanoTime);
    }

    /**
     * A version that is due, and what the store says to it.
     *
     * @param own the version that the updates are already, if there is one
     * @param obstacle why the store can't take one, if it can't
     */
    record Due(VersionWork work, @Nullable Manifest own, @Nullable IOException obstacle) {}

    /**
     * The live model after an update, which takes part in a version that is due.
     *
     * @param loss mean training loss over the last pass
     * @param losses on the positions that judge
     * @param ofUpdate what the gate said of the update
     */
    record Challenger(
            AppliedUpdate update, float loss, Judges judges, float[] losses, Decision ofUpdate) {}

    /** Looks whether a version is due, before its last update is trained; null if none is. */
    @Nullable Due due(WindowTask task, AppliedUpdate update) {
        if (!task.versionDue() || !patience.over()) {
            return null;
        }
        VersionWork work = new VersionWork(store, settings, task, update);
        try {
            return new Due(work, work.look(), null);
        } catch (IOException e) {
            return new Due(work, null, e);
        }
    }

    /** Makes a version of all updates since the last, unless the store is in the way. */
    ModelCheckpoint promote(Due due, WindowTask task, Challenger challenger) {
        List<AppliedUpdate> updates = task.standing().with(challenger.update());
        Verdicts verdicts = new Verdicts(store, task);
        try {
            if (due.obstacle() != null) {
                throw due.obstacle();
            }
            Decision decision = judge(task.standing(), challenger);
            Judgement judgement = Judgement.of(updates, challenger.loss(), decision);
            ModelCheckpoint verdict = rule(due.work(), verdicts, judgement);
            patience.succeeded();
            return verdict;
        } catch (IOException e) {
            patience.failed(e);
            return verdicts.delayed(e, updates, challenger.loss(), challenger.ofUpdate());
        }
    }

    /** Judges all updates since the version. */
    private Decision judge(Standing standing, Challenger challenger) throws IOException {
        Decision ofUpdate = challenger.ofUpdate();
        if (standing.version() == 0) {
            return new Decision(Ruling.PASS, "first version", Float.NaN, ofUpdate.after());
        }
        if (live.updates() == 1) {
            return ofUpdate;
        }
        Judges judges = challenger.judges();
        float[] champion =
                live.atVersion(
                        standing.fingerprint(), version -> evaluator.losses(version, judges));
        return gate.judge(judges.items(), champion, challenger.losses());
    }

    private ModelCheckpoint rule(VersionWork work, Verdicts verdicts, Judgement judgement)
            throws IOException {
        return switch (judgement.decision().ruling()) {
            case UNSURE -> verdicts.unpromoted(Verdict.HELD, judgement);
            case REFUSE -> {
                live.takeBack();
                yield verdicts.unpromoted(Verdict.ROLLED_BACK, judgement);
            }
            case PASS -> {
                Manifest made = work.write(live.orNew(), judgement);
                live.written(made.version());
                yield verdicts.promoted(made, work.trainedOffsets(), judgement);
            }
        };
    }
}
