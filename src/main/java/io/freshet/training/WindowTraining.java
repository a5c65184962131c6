package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelDelta;
import io.freshet.event.TrainingSequence;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.FineTuning.Fit;
import io.freshet.training.Gate.Decision;
import io.freshet.training.Gate.Ruling;
import io.freshet.training.Promotion.Challenger;
import io.freshet.training.Promotion.Due;
import io.freshet.training.WindowOutcome.Gain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a window an update of the live model: trained, judged on held-out positions beside the
 * model before, and kept or taken back; and a version, if one is due.
 */
final class WindowTraining {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ModelStore store;
    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final LiveModel live;
    private final FineTuning fineTuning;
    private final LiveEvaluation evaluation;
    private final Evaluator evaluator;
    private final Promotion promotion;
    private final Gate gate;
    private final Concentration concentration;
    private final LongSupplier nanoTime;

    /**
     * @param nanoTime clock that training time is measured by, in nanoseconds
     */
    WindowTraining(
            ModelStore store,
            TrainingSettings settings,
            LiveModel live,
            FineTuning fineTuning,
            LiveEvaluation evaluation,
            Evaluator evaluator,
            LongSupplier nanoTime) {
        this.store = store;
        this.settings = settings;
        this.config = settings.training();
        this.live = live;
        this.fineTuning = fineTuning;
        this.evaluation = evaluation;
        this.evaluator = evaluator;
        this.promotion = new Promotion(store, settings, live, evaluator, nanoTime);
        this.gate = new Gate(config.gate().tolerance());
        this.concentration = new Concentration(config.gate().maxItemShare());
        this.nanoTime = nanoTime;
    }

    /**
     * Trains one window, upon the live model that the task is about.
     *
     * @throws IOException if a version that is its own is missing or damaged
     */
    WindowOutcome train(WindowTask task) throws IOException {
        AppliedUpdate window = task.update();
        Holdout holdout =
                Holdout.of(
                        window.trained(),
                        config.gate().holdout(),
                        settings.seed(task.window(), TrainingSettings.Purpose.HOLDOUT));
        List<TrainingSequence> trained = new ArrayList<>(task.carried());
        trained.addAll(holdout.training());
        AppliedUpdate update =
                new AppliedUpdate(window.mark(), trained, window.replayed(), window.items());
        Due due = promotion.due(task, update);
        @Nullable Manifest own = due == null ? null : due.own();
        if (due != null && own != null) {
            return adopt(task, update, holdout.heldOut(), due.work(), own);
        }
        @Nullable String suspicion = concentration.suspicion(window.trained(), window.replayed());
        if (suspicion != null) {
            Decision untried = new Decision(Ruling.REFUSE, suspicion, Float.NaN, Float.NaN);
            ModelCheckpoint refused =
                    new Verdicts(store, task).refused(Verdict.REJECTED, update, Float.NaN, untried);
            return WindowOutcome.refused(task, refused, List.of(), Gain.NONE, 0);
        }
        return train(task, update, holdout.heldOut(), due);
    }

    /**
     * Takes the version that earlier work has made of this very update. More of the catalog may
     * have come by now than by then.
     */
    private WindowOutcome adopt(
            WindowTask task,
            AppliedUpdate update,
            List<TrainingSequence> heldOut,
            VersionWork work,
            Manifest own)
            throws IOException {
        live.load(own.version(), own.fingerprint());
        ModelCheckpoint verdict =
                new Verdicts(store, task)
                        .adopted(own, work.trainedOffsets(), task.standing().with(update));
        List<EncodedItem> lost = live.orNew().lacking(update.items());
        return new WindowOutcome(
                task, update, null, verdict, evaluation.onPast(task), heldOut, Gain.NONE, 0, lost);
    }

    private WindowOutcome train(
            WindowTask task,
            AppliedUpdate planned,
            List<TrainingSequence> heldOut,
            @Nullable Due due) {
        long begin = nanoTime.getAsLong();
        LoadedModel model = live.orNew();
        int ignored = fineTuning.know(model, planned);
        Judges judges = new Judges(heldOut, task.judges());
        float[] before = evaluator.losses(model, judges);
        EarlyStop stop = new EarlyStop(judges, before, () -> evaluator.losses(model, judges));
        Fit fit = fineTuning.fit(model, planned, stop::worse);
        float[] after = fit.finite() ? evaluator.losses(model, judges) : before;
        long millis = (nanoTime.getAsLong() - begin) / NANOS_PER_MILLI;
        AppliedUpdate update = planned.trained(fit.targets(), millis, fit.passes());
        Gain gain = Gain.of(judges.newest(before), judges.newest(after));

        boolean first = task.standing().version() == 0;
        Decision decision = gate.judge(judges.items(), before, after);
        if (!fit.finite() || (decision.ruling() == Ruling.REFUSE && !first)) {
            live.takeBack();
            Verdict verdict = fit.finite() ? Verdict.REJECTED : Verdict.FAILED;
            ModelCheckpoint refused =
                    new Verdicts(store, task).refused(verdict, update, fit.loss(), decision);
            return WindowOutcome.refused(task, refused, heldOut, gain, ignored);
        }
        ModelDelta delta = live.apply(update);
        Challenger challenger = new Challenger(update, fit.loss(), judges, after, decision);
        ModelCheckpoint verdict =
                due == null
                        ? updated(task, update, fit.loss(), decision)
                        : promotion.promote(due, task, challenger);
        List<Evaluation> evaluations = verdict.promoted() ? evaluation.onPast(task) : List.of();
        return new WindowOutcome(
                task, update, delta, verdict, evaluations, heldOut, gain, ignored, List.of());
    }

    private ModelCheckpoint updated(
            WindowTask task, AppliedUpdate update, float loss, Decision decision) {
        return new Verdicts(store, task).updated(task.standing().with(update), loss, decision);
    }
}
