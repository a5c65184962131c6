package io.freshet.training;

import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelDelta;
import io.freshet.model.ModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Does the fine-tuner's work, on one thread, one task after another. The model in memory is the
 * live model, and every task says which live model it is about: what stands otherwise is put there
 * first.
 */
final class Trainer implements AutoCloseable {

    private final ModelRuntime runtime;
    private final ModelStore store;
    private final TrainingSettings settings;
    private final LiveModel live;
    private final LiveEvaluation evaluation;
    private final WindowTraining windows;
    private final Renewal renewal;

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
        FineTuning fineTuning = new FineTuning(settings, stopped);
        Evaluator evaluator = new Evaluator(stopped);
        this.live = new LiveModel(runtime, store, settings, fineTuning);
        this.evaluation = new LiveEvaluation(runtime, store, settings, live, evaluator);
        this.windows =
                new WindowTraining(
                        store, settings, live, fineTuning, evaluation, evaluator, nanoTime);
        this.renewal = new Renewal(runtime, settings, stopped);
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
        List<ModelDelta> deltas = live.stand(standing);
        LoadedModel model = live.orNull();
        return new CaughtUp(deltas, model != null && renewal.isOutdated(model));
    }

    /**
     * Makes a version of the configured architecture, which takes over from the live model.
     *
     * @param task its update has what the new version is warmed up with
     * @throws IOException if the item vectors can't be carried over, or the store can't be written
     */
    ModelCheckpoint renew(WindowTask task) throws IOException {
        live.stand(task.standing());
        Verdicts verdicts = new Verdicts(store, task);
        VersionWork work = new VersionWork(store, settings, task, task.update());
        List<AppliedUpdate> updates = task.standing().with(task.update());
        @Nullable Manifest own = work.look();
        if (own != null) {
            live.replace(load(own.version(), own.fingerprint()), own.version());
            return verdicts.adopted(own, work.trainedOffsets(), updates);
        }
        Renewal.Renewed renewed = renewal.renew(task, live.orNew());
        live.replace(renewed.model());
        Judgement judgement = Judgement.of(updates, Float.NaN, renewed.decision());
        Manifest made = work.write(renewed.model(), judgement);
        live.written(made.version());
        return verdicts.promoted(made, work.trainedOffsets(), judgement);
    }

    /**
     * Tests the live model, and the frozen one if it is watched.
     *
     * @throws IOException if a version is missing or damaged
     */
    TestOutcome test(TestTask task) throws IOException {
        live.stand(task.standing());
        return new TestOutcome(task, evaluation.onNew(task));
    }

    /**
     * Trains one window.
     *
     * @throws IOException if the version to train on is missing or damaged
     */
    WindowOutcome train(WindowTask task) throws IOException {
        live.stand(task.standing());
        return windows.train(task);
    }

    /**
     * Makes an earlier version the live model. It is loaded with its own graph, which may be
     * another than the live model's; if that can't be done, the live model stays. The version that
     * is left may be missing or damaged.
     */
    RollbackOutcome rollBack(RollbackTask task) {
        Rollback rollback = new Rollback(store, settings.content(), task);
        Manifest manifest;
        LoadedModel reached;
        try {
            manifest = rollback.require();
            reached = load(manifest.version(), manifest.fingerprint());
        } catch (IOException e) {
            return RollbackOutcome.unmoved(task, Outcome.REFUSED, String.valueOf(e.getMessage()));
        }
        if (rollback.isNeedless()) {
            reached.close();
            return RollbackOutcome.unmoved(
                    task, Outcome.APPLIED, "version " + manifest.version() + " is live already");
        }
        RollbackOutcome outcome;
        try {
            outcome = rollback.done(manifest, contentLost(task.standing(), reached));
        } catch (IOException e) {
            outcome = rollback.doneBlindly(manifest, e);
        }
        live.replace(reached, manifest.version());
        return outcome;
    }

    @Override
    public void close() {
        live.close();
        evaluation.close();
    }

    /**
     * Content of items that the live model has, and not the one that replaces it. If it is not in
     * memory its version tells: what the updates since took in, the ledger still has.
     */
    private List<EncodedItem> contentLost(Standing left, LoadedModel reached) throws IOException {
        LoadedModel inMemory = live.orNull();
        if (inMemory != null) {
            return Rollback.contentLost(inMemory, reached);
        }
        if (left.version() == 0) {
            return List.of();
        }
        try (LoadedModel loaded = load(left.version(), left.fingerprint())) {
            return Rollback.contentLost(loaded, reached);
        }
    }

    private LoadedModel load(long version, @Nullable String fingerprint) throws IOException {
        return LoadedModel.load(runtime, store.localCopy(version, fingerprint));
    }
}
