package io.freshet.training.operator;

import io.freshet.config.TrainingConfig;
import io.freshet.event.AuditEvent;
import io.freshet.event.Evaluation;
import io.freshet.event.Evaluation.Subject;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import io.freshet.model.ModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.Job;
import io.freshet.training.Outcome;
import io.freshet.training.Score;
import io.freshet.training.Trainer.FitJob;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateStats;
import io.freshet.training.learn.Gate.Decision;
import io.freshet.training.learn.Gate.Ruling;
import io.freshet.training.learn.IndexedModel;
import io.freshet.training.learn.LocalTrainer;
import io.freshet.training.version.ArchitectureMigration;
import io.freshet.training.version.CheckpointFactory;
import io.freshet.training.version.Offsets;
import io.freshet.training.version.Rollback;
import io.freshet.training.version.StoreTimes;
import io.freshet.training.version.StoredRevisions;
import io.freshet.training.version.TrainingSummary;
import io.freshet.training.version.VersionPublisher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Performs the fine-tuner's jobs, one after another, on one thread. */
final class FineTuner implements AutoCloseable {

    private final ModelStore store;
    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final LocalTrainer live;
    private final LocalTrainer frozen;
    private final VersionPublisher publisher;
    private final ArchitectureMigration migration;
    private final WindowTraining windows;

    /**
     * @param stopped asked between steps; work ends with a CancellationException when it is true
     * @param times measures the store; training time is measured by the same clock
     */
    FineTuner(
            ModelRuntime runtime,
            ModelStore store,
            TrainingSettings settings,
            BooleanSupplier stopped,
            StoreTimes times) {
        this.store = store;
        this.settings = settings;
        this.config = settings.training();
        StoredRevisions revisions = new StoredRevisions(store, settings.content(), times);
        this.live = new LocalTrainer(runtime, settings, revisions, stopped);
        this.frozen = new LocalTrainer(runtime, settings, revisions, stopped);
        this.publisher = new VersionPublisher(store, settings, times);
        this.migration = new ArchitectureMigration(runtime, settings, stopped);
        this.windows = new WindowTraining(store, settings, live, publisher, times);
    }

    /**
     * Performs a job.
     *
     * @throws IOException if the store can't be read, or does not take an update
     */
    Outcome perform(Job job) throws IOException {
        if (job instanceof Job.Window window) {
            return windows.train(window);
        }
        if (job instanceof Job.Evaluate evaluate) {
            return evaluate(evaluate);
        }
        if (job instanceof Job.RollBack rollBack) {
            return rollBack(rollBack);
        }
        return resume((Job.Resume) job);
    }

    @Override
    public void close() {
        live.close();
        frozen.close();
    }

    private Outcome evaluate(Job.Evaluate job) throws IOException {
        ModelRevision revision = job.revision();
        if (revision.version() == 0) {
            return Outcome.unchanged(job);
        }
        live.sync(revision);
        Score score = live.score(job.sequences());
        List<Evaluation> evaluations = new ArrayList<>();
        evaluations.add(
                score.toEvaluation(
                        Subject.LIVE_MODEL, job.window(), revision.version(), job.end()));
        if (config.frozenBaseline() && job.base() > 0) {
            boolean same = job.base() == revision.version() && !revision.hasUpdates();
            Score baseline = same ? score : scoreFrozen(job);
            evaluations.add(
                    baseline.toEvaluation(
                            Subject.FROZEN_MODEL, job.window(), job.base(), job.end()));
        }
        return Outcome.evaluated(job, evaluations);
    }

    private Score scoreFrozen(Job.Evaluate job) throws IOException {
        frozen.sync(ModelRevision.ofVersion(job.base(), null));
        return frozen.score(job.sequences());
    }

    private Outcome rollBack(Job.RollBack job) {
        Rollback rollback;
        IndexedModel reached;
        try {
            rollback = new Rollback(store, settings.content(), job);
            reached = live.load(rollback.target());
        } catch (IOException e) {
            return Outcome.answered(
                    job, AuditEvent.Outcome.REFUSED, String.valueOf(e.getMessage()));
        }
        if (rollback.isNeedless()) {
            reached.close();
            return Outcome.answered(
                    job,
                    AuditEvent.Outcome.APPLIED,
                    "version " + rollback.target().version() + " is live already");
        }
        Outcome outcome;
        try {
            outcome = rollback.done(live.contentLost(job.revision(), reached));
        } catch (IOException e) {
            outcome = rollback.doneBlindly(e);
        }
        live.replace(reached);
        live.writtenAs(rollback.target());
        return outcome;
    }

    /** Loads the live model, and makes a version of it if this release can't go on from it. */
    private Outcome resume(Job.Resume job) throws IOException {
        live.sync(job.revision());
        job.unlogged().forEach(update -> live.fit(fitJob(update)));
        boolean migrates = migration.isNeeded(live.model(), job.newArchitecture());
        if (!migrates && job.unlogged().isEmpty()) {
            return Outcome.unchanged(job);
        }
        List<OffsetRange> offsets =
                Offsets.of(job.unlogged().stream().flatMap(u -> u.trained().stream()).toList());
        String key = publisher.key(job.revision(), offsets);
        CheckpointFactory verdicts = new CheckpointFactory(store, job.revision(), job.place());
        UpdateStats stats = UpdateStats.untrained(job.window(), job.end(), job.end(), 0, 0);
        Optional<Manifest> own = publisher.find(job.place(), key);
        ModelCheckpoint checkpoint;
        if (own.isPresent()) {
            live.sync(own.get().revision());
            checkpoint = verdicts.adopted(own.get(), List.of(stats));
        } else {
            Decision decision =
                    migrates
                            ? migrate(job)
                            : Decision.without(Ruling.PASS, "updates of an earlier release");
            TrainingSummary summary = new TrainingSummary(List.of(stats), decision);
            Manifest made =
                    publisher.publish(
                            job.place(),
                            new VersionPublisher.Draft(
                                    job.revision(), job.window(), job.end(), offsets, summary, key),
                            live.model());
            live.writtenAs(made.revision());
            checkpoint = verdicts.promoted(made, summary);
        }
        return Outcome.published(job, checkpoint);
    }

    private Decision migrate(Job.Resume job) throws IOException {
        ArchitectureMigration.Migrated migrated = migration.migrate(job, live.model());
        live.replace(migrated.model());
        return migrated.decision();
    }

    /** A release without the log trained it so; nothing validates it again. */
    private FitJob fitJob(Job.UnloggedUpdate update) {
        int passes = update.mark().passes();
        return new FitJob(
                update.mark().window(),
                update.mark().end(),
                update.trained(),
                update.replayed(),
                update.items(),
                List.of(),
                Map.of(),
                List.of(),
                passes == 0 ? config.optimizer().epochs() : passes);
    }
}
