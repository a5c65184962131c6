package io.freshet.training.operator;

import io.freshet.config.TrainingConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.Evaluation.Subject;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelRevision;
import io.freshet.event.ModelUpdate;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.model.Vocabulary;
import io.freshet.model.WeightChanges;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoredUpdate;
import io.freshet.store.UpdateHeader;
import io.freshet.training.Job;
import io.freshet.training.Outcome;
import io.freshet.training.Outcome.Fitted;
import io.freshet.training.Outcome.Gain;
import io.freshet.training.Trainer.Fit;
import io.freshet.training.Trainer.FitJob;
import io.freshet.training.Trainer.RowChanges;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateStats;
import io.freshet.training.WaitingItem;
import io.freshet.training.learn.Gate;
import io.freshet.training.learn.Gate.Decision;
import io.freshet.training.learn.Gate.Ruling;
import io.freshet.training.learn.LocalTrainer;
import io.freshet.training.version.CheckpointFactory;
import io.freshet.training.version.Offsets;
import io.freshet.training.version.Promotion;
import io.freshet.training.version.StoreTimes;
import io.freshet.training.version.VersionPublisher;
import io.freshet.training.window.AdmissionCounts;
import io.freshet.training.window.ValidationBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Makes a window an update of the live model: fitted, compared with the live model before it on
 * validation positions, and appended to the log. What is not appended is undone by the next sync.
 */
final class WindowTraining {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String GAIN_NATS = "gain_nats";
    private static final String GAIN_POSITIONS = "gain_positions";

    private final ModelStore store;
    private final TrainingConfig config;
    private final LocalTrainer live;
    private final VersionPublisher publisher;
    private final Promotion promotion;
    private final Gate gate;
    private final StoreTimes times;
    private final LongSupplier nanoTime;

    /**
     * @param live has the live model
     * @param times measures the store; training time is measured by the same clock
     */
    WindowTraining(
            ModelStore store,
            TrainingSettings settings,
            LocalTrainer live,
            VersionPublisher publisher,
            StoreTimes times) {
        this.store = store;
        this.config = settings.training();
        this.live = live;
        this.publisher = publisher;
        this.nanoTime = times.nanoTime();
        this.promotion = new Promotion(store, settings, live, publisher, nanoTime);
        this.gate = new Gate(config.gate().tolerance(), config.gate().holdout());
        this.times = times;
    }

    /**
     * Trains a window, or adopts what earlier work with the same key has made of it.
     *
     * @throws IOException if the store can't be read, or does not take the update
     */
    Outcome train(Job.Window job) throws IOException {
        List<OffsetRange> offsets = Offsets.of(job.data().trained());
        String key = publisher.key(job.revision(), offsets);
        Optional<StoredUpdate> update =
                store.updates().find(job.revision(), job.stats().window(), key);
        if (update.isPresent()) {
            return adopt(job, update.get(), key);
        }
        Optional<Manifest> version =
                job.version().due() ? publisher.find(job.version().place(), key) : Optional.empty();
        return version.isPresent() ? adopt(job, version.get()) : fit(job, offsets, key);
    }

    private Outcome adopt(Job.Window job, StoredUpdate own, String key) throws IOException {
        live.sync(own.revision());
        float[] losses = live.score(job.data().allValidation()).losses();
        Map<String, Double> metrics = own.header().metrics();
        Gain gain =
                new Gain(
                        metrics.getOrDefault(GAIN_NATS, 0.0),
                        metrics.getOrDefault(GAIN_POSITIONS, 0.0).intValue());
        UpdateStats stats = VersionPublisher.stats(own);
        Decision decision =
                Decision.without(Ruling.PASS, "appended to the log before a restart, and adopted");
        return settle(
                job,
                new Promotion.Update(own.revision(), true, stats, decision, losses),
                key,
                new Fitted(true, stats, gain, rows(job)),
                live.model().lacking(job.data().items()));
    }

    private Outcome adopt(Job.Window job, Manifest own) throws IOException {
        ModelRevision revision = own.revision();
        live.sync(revision);
        UpdateStats stats =
                job.stats()
                        .trained(
                                job.data().trained(),
                                (int) own.count("targets"),
                                own.count("training_millis"),
                                own.metric("loss"));
        return new Outcome(
                job,
                revision,
                past(job, revision),
                null,
                verdicts(job).adopted(own, List.of(stats)),
                new Fitted(true, stats, Gain.NONE, rows(job)),
                null,
                live.model().lacking(job.data().items()),
                null);
    }

    /** What an adopted update made of the item table, and of the items that wait for a row. */
    private RowChanges rows(Job.Window job) {
        Vocabulary vocabulary = live.model().vocabulary();
        AdmissionCounts counts =
                new AdmissionCounts(
                        config.vocabulary().admissionInteractions(), job.data().waiting());
        counts.admit(job.data().trained(), item -> vocabulary.rowOf(item) > 0);
        List<WaitingItem> waiting = new ArrayList<>(counts.waiting());
        waiting.removeIf(item -> vocabulary.rowOf(item.itemId()) > 0);
        return new RowChanges(
                live.model().items(), live.model().unlisted(), 0, 0, 0, waiting, Map.of());
    }

    private Outcome fit(Job.Window job, List<OffsetRange> offsets, String key) throws IOException {
        live.sync(job.revision());
        List<TrainingSequence> validation = job.data().allValidation();
        ValidationBuffer.requireUntrained(validation, job.data().trained(), job.data().replayed());
        long begin = nanoTime.getAsLong();
        Fit fit = live.fit(fitJob(job, validation));
        long millis = (nanoTime.getAsLong() - begin) / NANOS_PER_MILLI;
        UpdateStats stats =
                job.stats().trained(job.data().trained(), fit.targets(), millis, fit.loss());
        Gain gain = Gain.of(fit.before(), fit.after(), job.data().heldOut().size());
        Decision decision = judge(job, fit, validation);
        if (decision.ruling() == Ruling.FAIL || decision.ruling() == Ruling.REFUSE) {
            return refused(job, stats, decision, new Fitted(false, stats, gain, fit.rows()));
        }
        WeightChanges changes = job.revision().version() == 0 ? null : fit.changes();
        boolean logged = changes != null;
        ModelRevision revision =
                changes == null
                        ? job.revision()
                        : append(header(job, fit, stats, gain, offsets, key), changes);
        return settle(
                job,
                new Promotion.Update(revision, logged, stats, decision, fit.after()),
                key,
                new Fitted(true, stats, gain, fit.rows()),
                List.of());
    }

    private FitJob fitJob(Job.Window job, List<TrainingSequence> validation) {
        Job.Data data = job.data();
        return new FitJob(
                job.stats().window(),
                job.end(),
                data.trained(),
                data.replayed(),
                data.items(),
                data.waiting(),
                data.itemWeights(),
                validation,
                config.optimizer().epochs());
    }

    /** The first model of all has no champion but random weights: it only must not diverge. */
    private Decision judge(Job.Window job, Fit fit, List<TrainingSequence> validation) {
        if (!fit.finite()) {
            return Decision.without(Ruling.FAIL, "its loss or gradient is not finite");
        }
        Decision decision = gate.judge(LocalTrainer.items(validation), fit.before(), fit.after());
        if (decision.ruling() != Ruling.FAIL
                && Gate.isDiverged(fit.freshBefore(), fit.freshAfter())) {
            return decision.as(
                    Ruling.FAIL,
                    String.format(
                            Locale.ROOT,
                            "the model diverged: loss %.4f on what it was trained on, %.4f before;"
                                    + " a lower training.head-rate and training.body-rate may help",
                            fit.freshAfter(),
                            fit.freshBefore()));
        }
        if (job.revision().version() == 0 && decision.ruling() != Ruling.FAIL) {
            decision = decision.as(Ruling.PASS, decision.reason());
        }
        return decision.because(job.data().withWeighing(decision.reason()));
    }

    private Outcome refused(Job.Window job, UpdateStats stats, Decision decision, Fitted fitted) {
        Verdict verdict = decision.ruling() == Ruling.FAIL ? Verdict.FAILED : Verdict.REJECTED;
        ModelCheckpoint refused = verdicts(job).refused(verdict, stats, decision);
        return new Outcome(
                job, job.revision(), List.of(), null, refused, fitted, null, List.of(), null);
    }

    private static UpdateHeader header(
            Job.Window job,
            Fit fit,
            UpdateStats stats,
            Gain gain,
            List<OffsetRange> offsets,
            String key) {
        Map<String, Double> metrics = stats.metrics();
        metrics.put(GAIN_NATS, gain.nats());
        metrics.put(GAIN_POSITIONS, (double) gain.positions());
        metrics.put("passes", (double) fit.passes());
        return new UpdateHeader(
                job.revision(),
                stats.window(),
                key,
                stats.start(),
                stats.end(),
                offsets,
                metrics,
                fit.rows().lastUsed());
    }

    /** Appends an update to the log: from here on it is durable, and the live model has it. */
    private ModelRevision append(UpdateHeader header, WeightChanges changes) throws IOException {
        StoredUpdate written = times.write(() -> store.updates().append(header, changes));
        live.writtenAs(written.revision());
        return written.revision();
    }

    /** Announces an update, and makes a version if one is due. */
    private Outcome settle(
            Job.Window job,
            Promotion.Update update,
            String key,
            Fitted fitted,
            List<EncodedItem> lost)
            throws IOException {
        Promotion.Result result = promotion.settle(job, update, key);
        boolean promoted = result.checkpoint().promoted();
        List<EncodedItem> allLost = new ArrayList<>(result.lost());
        allLost.addAll(lost);
        return new Outcome(
                job,
                result.revision(),
                promoted ? past(job, result.revision()) : List.of(),
                update.logged() ? announcement(job, update) : null,
                result.checkpoint(),
                fitted,
                result.rolledBack(),
                allLost,
                null);
    }

    private static ModelUpdate announcement(Job.Window job, Promotion.Update update) {
        return new ModelUpdate(
                update.revision(),
                job.revision(),
                job.end(),
                Offsets.last(Offsets.of(job.data().trained())));
    }

    /** How a new version does on positions that earlier windows trained and none replays. */
    private List<Evaluation> past(Job.Window job, ModelRevision revision) {
        List<TrainingSequence> past = job.version().past();
        return past.isEmpty()
                ? List.of()
                : List.of(
                        live.score(past)
                                .toEvaluation(
                                        Subject.PAST_WINDOWS,
                                        job.stats().window(),
                                        revision.version(),
                                        job.end()));
    }

    private CheckpointFactory verdicts(Job.Window job) {
        return new CheckpointFactory(store, job.revision(), job.version().place());
    }
}
