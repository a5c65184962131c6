package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.Evaluation;
import io.freshet.event.Evaluation.Subject;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Works off training windows, one after another, on one thread: test the champion on the window,
 * train a challenger from it, compare the two on held-out positions, and keep the better one. The
 * model in memory is the live version before and after each window.
 */
final class Trainer implements AutoCloseable {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ModelRuntime runtime;
    private final ModelStore store;
    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final Evaluator evaluator;
    private final BooleanSupplier stopped;
    private final LongSupplier nanoTime;

    private @Nullable LoadedModel live;
    private @Nullable LoadedModel frozen;
    private long liveVersion;

    /**
     * @param stopped asked between steps; work ends with a CancellationException when it is true
     * @param nanoTime clock that training time is measured by, in nanoseconds
     */
    Trainer(
            ModelRuntime runtime,
            ModelStore store,
            TrainingSettings settings,
            BooleanSupplier stopped,
            LongSupplier nanoTime) {
        this.runtime = runtime;
        this.store = store;
        this.settings = settings;
        this.config = settings.training();
        this.evaluator = new Evaluator(stopped);
        this.stopped = stopped;
        this.nanoTime = nanoTime;
    }

    /**
     * Works off one window.
     *
     * @throws IOException if a version is missing or damaged, or the store can't be written
     */
    WindowOutcome run(WindowTask task) throws IOException {
        live(task.parent());
        List<Evaluation> evaluations = test(task);
        if (!config.enabled()) {
            return new WindowOutcome(task, evaluations, null, List.of(), List.of(), 0);
        }
        Holdout holdout =
                Holdout.of(
                        task.sequences(),
                        config.holdout(),
                        settings.seed(task.window(), TrainingSettings.Purpose.HOLDOUT));
        List<TrainingSequence> trained = new ArrayList<>(task.carried());
        trained.addAll(holdout.training());
        VersionWork work = new VersionWork(store, settings, task, trained, holdout.heldOut());
        @Nullable Manifest own = work.finished();
        if (own != null) {
            live(own.version());
            return work.outcome(evaluations, work.adopted(own), 0);
        }
        return train(work, evaluations);
    }

    @Override
    public void close() {
        if (live != null) {
            live.close();
            live = null;
        }
        if (frozen != null) {
            frozen.close();
            frozen = null;
        }
    }

    private List<Evaluation> test(WindowTask task) throws IOException {
        List<Evaluation> evaluations = new ArrayList<>();
        if (live == null) {
            return evaluations;
        }
        Score score = evaluate(live, task.sequences());
        evaluations.add(
                score.toEvaluation(Subject.LIVE_MODEL, task.window(), task.parent(), task.end()));
        if (config.frozenBaseline() && task.base() > 0) {
            Score baseline =
                    task.base() == task.parent()
                            ? score
                            : evaluate(frozen(task.base()), task.sequences());
            evaluations.add(
                    baseline.toEvaluation(
                            Subject.FROZEN_MODEL, task.window(), task.base(), task.end()));
        }
        return evaluations;
    }

    private WindowOutcome train(VersionWork work, List<Evaluation> evaluations) throws IOException {
        WindowTask task = work.task();
        long begin = nanoTime.getAsLong();
        LoadedModel model = liveOrNew();
        List<TrainingSequence> named = new ArrayList<>(work.trained());
        named.addAll(task.replayed());
        named.addAll(work.heldOut());
        long seed = settings.seed(task.window(), TrainingSettings.Purpose.NEW_ROWS);
        int ignoredVectors = model.know(task.items(), named, seed);
        Score champion = evaluate(model, work.heldOut());
        Fit fit = fit(model, work.trained(), task.replayed(), task.window());
        Score challenger = fit.finite() ? evaluate(model, work.heldOut()) : new Score();
        long millis = (nanoTime.getAsLong() - begin) / NANOS_PER_MILLI;
        VersionWork.Figures figures =
                new VersionWork.Figures(
                        fit.targets(),
                        millis,
                        fit.loss(),
                        task.parent() == 0 ? Float.NaN : champion.loss(),
                        challenger.loss());
        ModelCheckpoint verdict =
                fit.finite() && challenger.isFinite()
                        ? judge(work, model, champion, challenger, figures)
                        : fail(work, figures);
        return work.outcome(evaluations, verdict, ignoredVectors);
    }

    private ModelCheckpoint judge(
            VersionWork work,
            LoadedModel model,
            Score champion,
            Score challenger,
            VersionWork.Figures figures)
            throws IOException {
        Gate.Decision decision =
                work.task().parent() == 0
                        ? new Gate.Decision(true, "first version")
                        : new Gate(config.gateTolerance()).judge(champion, challenger);
        if (decision.promoted()) {
            liveVersion = work.write(model, figures, decision.reason());
            return work.verdict(Verdict.PROMOTED, decision.reason(), liveVersion, figures);
        }
        rollBack();
        return work.verdict(Verdict.REJECTED, decision.reason(), liveVersion, figures);
    }

    private ModelCheckpoint fail(VersionWork work, VersionWork.Figures figures) throws IOException {
        rollBack();
        String reason = "the loss of window " + work.task().window() + " is not finite";
        return work.verdict(Verdict.FAILED, reason, liveVersion, figures);
    }

    /** What the passes over a window brought. */
    private record Fit(int targets, float loss, boolean finite) {}

    private Fit fit(
            LoadedModel model,
            List<TrainingSequence> trained,
            List<TrainingSequence> replayed,
            long window) {
        SequenceBatcher batcher =
                SequenceBatcher.fineTuning(
                        model,
                        trained,
                        replayed,
                        config,
                        settings.seed(window, TrainingSettings.Purpose.TEACHER),
                        stopped);
        int steps = config.epochs() * batcher.batches();
        TrainingLoop loop =
                new TrainingLoop(
                        model.model(),
                        batcher,
                        LearningRateSchedule.fineTuning(config, steps),
                        config.clipNorm(),
                        new SplittableRandom(
                                settings.seed(window, TrainingSettings.Purpose.STEPS)));
        TrainingLoop.Pass pass = loop.pass(stopped, (step, loss) -> {});
        for (int epoch = 1; epoch < config.epochs() && pass.finite(); epoch++) {
            pass = loop.pass(stopped, (step, loss) -> {});
        }
        return new Fit(batcher.targets(), pass.loss(), pass.finite());
    }

    private Score evaluate(LoadedModel model, List<TrainingSequence> sequences) {
        return evaluator.evaluate(model.model(), model.vocabulary(), sequences);
    }

    private void live(long version) throws IOException {
        if (version == liveVersion && (live != null || version == 0)) {
            return;
        }
        if (live != null) {
            live.close();
            live = null;
        }
        if (version > 0) {
            live = LoadedModel.load(runtime, store.localCopy(version));
        }
        liveVersion = version;
    }

    private LoadedModel liveOrNew() {
        if (live == null) {
            live = LoadedModel.create(runtime, settings.spec());
        }
        return live;
    }

    private LoadedModel frozen(long version) throws IOException {
        if (frozen == null) {
            frozen = LoadedModel.load(runtime, store.localCopy(version));
        }
        return frozen;
    }

    private void rollBack() throws IOException {
        if (live != null && liveVersion > 0) {
            live.restore(store.localCopy(liveVersion));
        } else if (live != null) {
            live.close();
            live = null;
        }
    }
}
