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
 * <p>A store that can't be read or written when a version is due delays the version, and nothing
 * else: the updates stay live, and the next version that is due holds them. While it goes on
 * failing it is asked ever less often.
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
    private final Renewal renewal;
    private final BooleanSupplier stopped;
    private final LongSupplier nanoTime;
    private final StorePatience patience;

    private @Nullable LoadedModel live;
    private @Nullable LoadedModel frozen;
    private long version;

    /** The first version of the live model's graph: earlier ones can't be restored into it. */
    private long firstOfGraph;

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
        this.renewal = new Renewal(runtime, settings, stopped);
        this.stopped = stopped;
        this.nanoTime = nanoTime;
        this.patience = new StorePatience(nanoTime);
    }

    /**
     * What those who follow the live model must know when it was made again.
     *
     * @param deltas its updates
     * @param outdated whether it is built as something else than is configured
     */
    record CaughtUp(List<ModelDelta> deltas, boolean outdated) {}

    /**
     * Makes the live model again.
     *
     * @throws IOException if the version is missing or damaged
     */
    CaughtUp catchUp(Standing standing) throws IOException {
        List<ModelDelta> deltas = new ArrayList<>();
        stand(standing, deltas);
        return new CaughtUp(deltas, live != null && renewal.isOutdated(live));
    }

    /**
     * Makes a version of the configured architecture, which takes over from the live model.
     *
     * @param task its update has what the new version is warmed up with
     * @throws IOException if the item vectors can't be carried over, or the store can't be written
     */
    ModelCheckpoint renew(WindowTask task) throws IOException {
        stand(task.standing(), new ArrayList<>());
        VersionWork work = new VersionWork(store, settings, task, task.update());
        @Nullable Manifest own = work.look();
        if (own != null) {
            Path stored = store.localCopy(own.version(), own.fingerprint());
            replaceLive(LoadedModel.load(runtime, stored), own.version());
            return work.adopted(own);
        }
        Renewal.Renewed renewed = renewal.renew(task, liveOrNew());
        replaceLive(renewed.model(), 0);
        firstOfGraph = Long.MAX_VALUE; // until a version is written, the store has none of it
        version = work.write(renewed.model(), Float.NaN, renewed.decision()).version();
        firstOfGraph = version;
        return work.judged(Verdict.PROMOTED, renewed.decision(), Float.NaN);
    }

    /** Puts a model of another graph in the place of the one in memory. */
    private void replaceLive(LoadedModel model, long itsVersion) {
        if (live != null) {
            live.close();
        }
        live = model;
        firstOfGraph = itsVersion;
        version = itsVersion;
        applied.clear();
        astray = false;
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
     * @throws IOException if the version to train on is missing or damaged
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
        VersionWork work = new VersionWork(store, settings, task, update);
        Due due = task.versionDue() && patience.over() ? due(work) : Due.NO;
        @Nullable Manifest own = due.own();
        if (own != null) {
            load(own.version(), own.fingerprint());
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
        @Nullable String suspicion = concentration.suspicion(window.trained(), window.replayed());
        if (suspicion != null) {
            Decision untried = new Decision(Ruling.REFUSE, suspicion, Float.NaN, Float.NaN);
            ModelCheckpoint refused = refusal(task, update, Verdict.REJECTED, Float.NaN, untried);
            return new WindowOutcome(task, null, null, refused, List.of(), List.of(), Gain.NONE, 0);
        }
        return train(task, work, due, update, holdout.heldOut());
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
            reached = LoadedModel.load(runtime, store.localCopy(wanted, manifest.fingerprint()));
        } catch (IOException e) {
            return RollbackOutcome.unmoved(task, Outcome.REFUSED, String.valueOf(e.getMessage()));
        }
        List<EncodedItem> lost = live == null ? List.of() : Rollback.contentLost(live, reached);
        replaceLive(reached, wanted);
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

    /**
     * Whether a window's updates are to become a version, and what the store says to it.
     *
     * @param own the version that they are already, if there is one
     * @param obstacle why the store can't take one, if it can't
     */
    private record Due(boolean now, @Nullable Manifest own, @Nullable IOException obstacle) {
        static final Due NO = new Due(false, null, null);
    }

    private Due due(VersionWork work) {
        try {
            return new Due(true, work.look(), null);
        } catch (IOException e) {
            return new Due(true, null, e);
        }
    }

    private WindowOutcome train(
            WindowTask task,
            VersionWork work,
            Due due,
            AppliedUpdate planned,
            List<TrainingSequence> heldOut) {
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
        if (due.now()) {
            Trained trained = new Trained(model, judges, fit.loss(), decision, after);
            checkpoint = version(task, work.trained(update), due.obstacle(), trained);
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

    /**
     * The model after an update.
     *
     * @param ofUpdate what the gate said of the update
     * @param losses the model's, on the positions that judge
     */
    private record Trained(
            LoadedModel model, Judges judges, float loss, Decision ofUpdate, float[] losses) {}

    /** Makes a version of all updates since the last, unless the store is in the way. */
    private ModelCheckpoint version(
            WindowTask task, VersionWork work, @Nullable IOException obstacle, Trained trained) {
        try {
            if (obstacle != null) {
                throw obstacle;
            }
            ModelCheckpoint verdict = version(task.standing(), work, trained);
            patience.succeeded();
            return verdict;
        } catch (IOException e) {
            patience.failed(e);
            return work.delayed(e, trained.loss(), trained.ofUpdate());
        }
    }

    /** Judges all updates since the version, and makes a version of them. */
    private ModelCheckpoint version(Standing standing, VersionWork work, Trained trained)
            throws IOException {
        Decision decision = trained.ofUpdate();
        if (version == 0) {
            decision = new Decision(Ruling.PASS, "first version", Float.NaN, decision.after());
        } else if (applied.size() > 1) {
            decision =
                    gate.judge(
                            trained.judges().items(),
                            lossesOf(standing, trained),
                            trained.losses());
        }
        if (decision.ruling() == Ruling.UNSURE) {
            return work.judged(Verdict.HELD, decision, trained.loss());
        }
        if (decision.ruling() == Ruling.REFUSE) {
            astray = true;
            return work.judged(Verdict.ROLLED_BACK, decision, trained.loss());
        }
        version = work.write(trained.model(), trained.loss(), decision).version();
        applied.clear();
        return work.judged(Verdict.PROMOTED, decision, trained.loss());
    }

    /** Losses of the stored version, through the one session that there is. */
    private float[] lossesOf(Standing standing, Trained trained) throws IOException {
        LoadedModel model = trained.model();
        Path stored = store.localCopy(standing.version(), standing.fingerprint());
        Path aside = Files.createTempDirectory("freshet-challenger");
        try {
            model.model().save(aside);
            astray = true;
            model.restore(stored);
            float[] losses = losses(model, trained.judges());
            model.restore(aside);
            astray = false;
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

    /** What changed by an update, or null if the model does not tell. */
    private static @Nullable ModelDelta delta(
            LoadedModel model, Standing standing, int number, AppliedUpdate update) {
        if (!model.model().tellsChanges()) {
            return null;
        }
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
        load(standing.version(), standing.fingerprint());
        for (AppliedUpdate update : standing.applied()) {
            LoadedModel model = liveOrNew();
            know(model, update);
            refit(model, update);
            applied.add(update.mark().window());
            ModelDelta delta = delta(model, standing, applied.size(), update);
            if (delta != null) {
                deltas.add(delta);
            }
        }
    }

    /** Makes a version the live model, with no updates; 0 for none. */
    private void load(long wanted, @Nullable String fingerprint) throws IOException {
        astray = true;
        if (wanted == 0) {
            if (live != null) {
                live.close();
                live = null;
            }
        } else {
            BaseVersion.requireContent(store.manifest(wanted), settings.content());
            Path stored = store.localCopy(wanted, fingerprint);
            if (live != null && wanted >= firstOfGraph) {
                live.restore(stored);
            } else {
                replaceLive(LoadedModel.load(runtime, stored), wanted);
            }
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
            frozen = LoadedModel.load(runtime, store.localCopy(base, null));
        }
        return frozen;
    }
}
