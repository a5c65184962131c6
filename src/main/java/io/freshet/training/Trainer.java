package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.Evaluation.Subject;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelDelta;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.Gate.Decision;
import io.freshet.training.Gate.Ruling;
import io.freshet.training.WindowOutcome.Gain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * Does the fine-tuner's work, on one thread, one task after another. The model in memory is the
 * live model: a version, and the updates since. A window is an update of it: trained, judged on
 * held-out positions beside the model before, and kept or taken back. When a version is due, the
 * live model is judged beside the version that it came from, and written to the store.
 *
 * <p>Every task says which live model it is about. If that is not the one in memory (after a
 * restore, or when an update was taken back), it is made again: the version is loaded, and its
 * updates are trained as they were.
 */
final class Trainer implements AutoCloseable {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ModelRuntime runtime;
    private final ModelStore store;
    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final Evaluator evaluator;
    private final Gate gate;
    private final Concentration concentration;
    private final BooleanSupplier stopped;
    private final LongSupplier nanoTime;

    private @Nullable LoadedModel live;
    private @Nullable LoadedModel frozen;
    private long version;
    private final List<Long> applied = new ArrayList<>();
    private boolean astray;

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
        this.gate = new Gate(config.gateTolerance());
        this.concentration = new Concentration(config.maxItemShare());
        this.stopped = stopped;
        this.nanoTime = nanoTime;
    }

    /**
     * Makes the live model again, and tells those who follow it of its updates.
     *
     * @throws IOException if the version is missing or damaged
     */
    List<ModelDelta> catchUp(Standing standing) throws IOException {
        List<ModelDelta> deltas = new ArrayList<>();
        stand(standing, deltas);
        return deltas;
    }

    /**
     * Tests the live model, and the frozen one if it is watched.
     *
     * @throws IOException if a version is missing or damaged
     */
    TestOutcome test(TestTask task) throws IOException {
        Standing standing = task.standing();
        stand(standing, new ArrayList<>());
        List<Evaluation> evaluations = new ArrayList<>();
        if (live != null) {
            Score score = evaluate(live, task.sequences());
            evaluations.add(
                    score.toEvaluation(
                            Subject.LIVE_MODEL, task.window(), standing.version(), task.end()));
            if (config.frozenBaseline() && standing.base() > 0) {
                boolean same = standing.base() == version && applied.isEmpty();
                Score baseline = same ? score : evaluate(frozen(standing.base()), task.sequences());
                evaluations.add(
                        baseline.toEvaluation(
                                Subject.FROZEN_MODEL, task.window(), standing.base(), task.end()));
            }
        }
        return new TestOutcome(task, evaluations);
    }

    /**
     * Trains one window.
     *
     * @throws IOException if a version is missing or damaged, or the store can't be written
     */
    WindowOutcome train(WindowTask task) throws IOException {
        stand(task.standing(), new ArrayList<>());
        AppliedUpdate window = task.update();
        Holdout holdout =
                Holdout.of(
                        window.trained(),
                        config.holdout(),
                        settings.seed(task.window(), TrainingSettings.Purpose.HOLDOUT));
        List<TrainingSequence> trained = new ArrayList<>(task.carried());
        trained.addAll(holdout.training());
        AppliedUpdate update =
                new AppliedUpdate(window.mark(), trained, window.replayed(), window.items());
        if (task.versionDue()) {
            VersionWork work = new VersionWork(store, settings, task, update);
            @Nullable Manifest own = work.finished();
            if (own != null) {
                load(own.version());
                return new WindowOutcome(
                        task,
                        update,
                        null,
                        work.adopted(own),
                        past(task, own.version()),
                        holdout.heldOut(),
                        Gain.NONE,
                        0);
            }
        }
        @Nullable String suspicion = concentration.suspicion(window.trained(), window.replayed());
        if (suspicion != null) {
            Decision untried = new Decision(Ruling.REFUSE, suspicion, Float.NaN, Float.NaN);
            ModelCheckpoint refused = refusal(task, update, Verdict.REJECTED, Float.NaN, untried);
            return new WindowOutcome(task, null, null, refused, List.of(), List.of(), Gain.NONE, 0);
        }
        return train(task, update, holdout.heldOut());
    }

    /**
     * Makes an earlier version the live model. It is loaded with its own graph, which may be
     * another than the live model's; if that can't be done, the live model stays.
     *
     * @throws IOException if the version that is left is missing or damaged
     */
    RollbackOutcome rollBack(RollbackTask task) throws IOException {
        stand(task.standing(), new ArrayList<>());
        Rollback rollback = new Rollback(store, settings.content(), task);
        if (rollback.isNeedless()) {
            return RollbackOutcome.unmoved(
                    task, Outcome.APPLIED, "version " + version + " is live already");
        }
        long wanted = task.control().version();
        Manifest manifest;
        LoadedModel reached;
        try {
            manifest = rollback.require();
            reached = LoadedModel.load(runtime, store.localCopy(wanted));
        } catch (IOException e) {
            return RollbackOutcome.unmoved(task, Outcome.REFUSED, String.valueOf(e.getMessage()));
        }
        List<EncodedItem> lost = live == null ? List.of() : Rollback.contentLost(live, reached);
        if (live != null) {
            live.close();
        }
        live = reached;
        version = wanted;
        applied.clear();
        return rollback.done(manifest, lost);
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

    private WindowOutcome train(
            WindowTask task, AppliedUpdate planned, List<TrainingSequence> heldOut)
            throws IOException {
        long begin = nanoTime.getAsLong();
        LoadedModel model = liveOrNew();
        int ignored = know(model, planned);
        Judges judges = new Judges(heldOut, task.judges());
        float[] before = losses(model, judges);
        EarlyStop stop = new EarlyStop(judges, before, () -> losses(model, judges));
        Fit fit = fit(model, planned, config.epochs(), stop::worse);
        float[] after = fit.finite() ? losses(model, judges) : before;
        long millis = (nanoTime.getAsLong() - begin) / NANOS_PER_MILLI;
        AppliedUpdate update = planned.trained(fit.targets(), millis, fit.passes());
        Gain gain = Gain.of(judges.newest(before), judges.newest(after));

        boolean first = task.standing().version() == 0;
        Decision decision = gate.judge(judges.items(), before, after);
        if (!fit.finite() || (decision.ruling() == Ruling.REFUSE && !first)) {
            astray = true;
            Verdict verdict = fit.finite() ? Verdict.REJECTED : Verdict.FAILED;
            ModelCheckpoint refused = refusal(task, update, verdict, fit.loss(), decision);
            return new WindowOutcome(task, null, null, refused, List.of(), heldOut, gain, ignored);
        }
        applied.add(task.window());
        ModelDelta delta = delta(model, task.standing(), applied.size(), update);
        ModelCheckpoint checkpoint = null;
        if (task.versionDue()) {
            VersionWork work = new VersionWork(store, settings, task, update);
            checkpoint = version(work, model, judges, fit.loss(), decision, after);
        }
        boolean promoted = checkpoint != null && checkpoint.promoted();
        List<Evaluation> evaluations = promoted ? past(task, version) : List.of();
        return new WindowOutcome(
                task, update, delta, checkpoint, evaluations, heldOut, gain, ignored);
    }

    /** How a version, which is live now, does on what earlier ones were trained on. */
    private List<Evaluation> past(WindowTask task, long made) {
        if (task.past().isEmpty()) {
            return List.of();
        }
        return List.of(
                evaluate(liveOrNew(), task.past())
                        .toEvaluation(Subject.PAST_WINDOWS, task.window(), made, task.end()));
    }

    private ModelCheckpoint refusal(
            WindowTask task, AppliedUpdate update, Verdict verdict, float loss, Decision decision) {
        String reason = verdict == Verdict.FAILED ? "its loss is not finite" : decision.reason();
        return new VersionWork(store, settings, task, update)
                .refused(
                        verdict,
                        "the update by window " + task.window() + ": " + reason,
                        loss,
                        decision);
    }

    /** Judges all updates since the version, and makes a version of them. */
    private ModelCheckpoint version(
            VersionWork work,
            LoadedModel model,
            Judges judges,
            float loss,
            Decision ofUpdate,
            float[] after)
            throws IOException {
        Decision decision = ofUpdate;
        if (version == 0) {
            decision = new Decision(Ruling.PASS, "first version", Float.NaN, ofUpdate.after());
        } else if (applied.size() > 1) {
            decision = gate.judge(judges.items(), lossesOf(version, model, judges), after);
        }
        if (decision.ruling() == Ruling.UNSURE) {
            return work.judged(Verdict.HELD, decision, loss);
        }
        if (decision.ruling() == Ruling.REFUSE) {
            astray = true;
            return work.judged(Verdict.ROLLED_BACK, decision, loss);
        }
        version = work.write(model, loss, decision);
        applied.clear();
        return work.judged(Verdict.PROMOTED, decision, loss);
    }

    /** Losses of a stored version, through the one session that there is. */
    private float[] lossesOf(long stored, LoadedModel model, Judges judges) throws IOException {
        Path aside = Files.createTempDirectory("freshet-challenger");
        try {
            model.model().save(aside);
            model.restore(store.localCopy(stored));
            float[] losses = losses(model, judges);
            model.restore(aside);
            return losses;
        } finally {
            FileUtils.deleteDirectoryQuietly(aside.toFile());
        }
    }

    /** What the passes over a window brought. */
    private record Fit(int passes, int targets, float loss, boolean finite) {}

    /** Trains as many passes as when the update was made first. */
    private void refit(LoadedModel model, AppliedUpdate update) {
        int passes = update.mark().passes();
        fit(model, update, passes == 0 ? config.epochs() : passes, () -> false);
    }

    private Fit fit(LoadedModel model, AppliedUpdate update, int most, BooleanSupplier enough) {
        SequenceBatcher batcher =
                SequenceBatcher.fineTuning(
                        model,
                        update.trained(),
                        update.replayed(),
                        config,
                        settings.seed(update.mark().window(), TrainingSettings.Purpose.TEACHER),
                        stopped);
        int steps = config.epochs() * batcher.batches();
        TrainingLoop loop =
                new TrainingLoop(
                        model.model(),
                        batcher,
                        LearningRateSchedule.fineTuning(config, steps),
                        config.clipNorm(),
                        new SplittableRandom(
                                settings.seed(
                                        update.mark().window(), TrainingSettings.Purpose.STEPS)));
        TrainingLoop.Pass pass = loop.pass(stopped, (step, loss) -> {});
        int passes = 1;
        while (passes < most && pass.finite() && !enough.getAsBoolean()) {
            pass = loop.pass(stopped, (step, loss) -> {});
            passes++;
        }
        return new Fit(passes, batcher.targets(), pass.loss(), pass.finite());
    }

    private int know(LoadedModel model, AppliedUpdate update) {
        long seed = settings.seed(update.mark().window(), TrainingSettings.Purpose.NEW_ROWS);
        return model.know(update.items(), update.sequences(), seed);
    }

    private static ModelDelta delta(
            LoadedModel model, Standing standing, int number, AppliedUpdate update) {
        long through =
                Offsets.of(update.trained()).stream().mapToLong(OffsetRange::last).max().orElse(-1);
        return new ModelDelta(
                standing.version(), number, update.mark().end(), through, model.model().changes());
    }

    private Score evaluate(LoadedModel model, List<TrainingSequence> sequences) {
        return evaluator.evaluate(model.model(), model.vocabulary(), sequences);
    }

    private float[] losses(LoadedModel model, Judges judges) {
        return evaluator.newestLosses(model.model(), model.vocabulary(), judges.sequences());
    }

    /** Makes the live model the one that a task is about. */
    private void stand(Standing standing, List<ModelDelta> deltas) throws IOException {
        boolean same = standing.version() == version && standing.windows().equals(applied);
        if (same && !astray && (live != null || version == 0)) {
            return;
        }
        load(standing.version());
        for (AppliedUpdate update : standing.applied()) {
            LoadedModel model = liveOrNew();
            know(model, update);
            refit(model, update);
            applied.add(update.mark().window());
            deltas.add(delta(model, standing, applied.size(), update));
        }
    }

    /** Makes a version the live model, with no updates; 0 for none. */
    private void load(long wanted) throws IOException {
        if (wanted == 0) {
            if (live != null) {
                live.close();
                live = null;
            }
        } else if (live != null) {
            live.restore(store.localCopy(wanted));
        } else {
            live = LoadedModel.load(runtime, store.localCopy(wanted));
        }
        version = wanted;
        applied.clear();
        astray = false;
    }

    private LoadedModel liveOrNew() {
        if (live == null) {
            live = LoadedModel.create(runtime, settings.spec());
        }
        return live;
    }

    private LoadedModel frozen(long base) throws IOException {
        if (frozen == null) {
            frozen = LoadedModel.load(runtime, store.localCopy(base));
        }
        return frozen;
    }
}
