package io.freshet.training.version;

import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.runtime.RetryPolicy;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoredUpdate;
import io.freshet.training.Job;
import io.freshet.training.Outcome;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateStats;
import io.freshet.training.learn.Gate;
import io.freshet.training.learn.Gate.Decision;
import io.freshet.training.learn.Gate.Ruling;
import io.freshet.training.learn.IndexedModel;
import io.freshet.training.learn.LocalTrainer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a version of all updates since the last one when one is due, if they are no worse than it
 * on validation positions.
 *
 * <p>A store that does not take a version delays it, and nothing else: the updates are in the log
 * and stay live, and the next version that is due holds them. While the store goes on failing it is
 * tried ever less often, and after some windows training waits for it, so that the log since the
 * last version stays short. A version that the gate can't decide on is held as long.
 */
public final class Promotion {

    private static final Logger LOG = LoggerFactory.getLogger(Promotion.class);

    /** How often in a row a version may be held or delayed. */
    private static final int MOST_POSTPONED = 8;

    private final ModelStore store;
    private final LocalTrainer live;
    private final VersionPublisher publisher;
    private final Gate gate;
    private final RetryPolicy retry;

    /**
     * @param live has the live model
     * @param nanoTime clock, in nanoseconds
     */
    public Promotion(
            ModelStore store,
            TrainingSettings settings,
            LocalTrainer live,
            VersionPublisher publisher,
            LongSupplier nanoTime) {
        this.store = store;
        this.live = live;
        this.publisher = publisher;
        this.gate =
                new Gate(
                        settings.training().gate().tolerance(),
                        settings.training().gate().holdout());
        this.retry = new RetryPolicy(nanoTime);
    }

    /**
     * The newest update of the live model.
     *
     * @param revision the live model with it; the one before it if the update is in no log, because
     *     there is no version to build on, or the model can't export its changes
     * @param logged whether it is in the log
     * @param decision what the gate decided on it
     * @param losses on all validation positions
     */
    public record Update(
            ModelRevision revision,
            boolean logged,
            UpdateStats stats,
            Decision decision,
            float[] losses) {}

    /**
     * What became of all updates since the version.
     *
     * @param revision the live model afterwards
     * @param rolledBack what was returned to, null if the updates are kept
     * @param lost content that the updates had brought, if they were rolled back
     */
    public record Result(
            ModelRevision revision,
            ModelCheckpoint checkpoint,
            Outcome.@Nullable RolledBack rolledBack,
            List<EncodedItem> lost) {

        private static Result of(ModelRevision revision, ModelCheckpoint checkpoint) {
            return new Result(revision, checkpoint, null, List.of());
        }
    }

    /**
     * Makes a version if one is due, or if the update is in no log.
     *
     * @param key identity of the update, and of the version that it completes
     * @throws IOException if the store has to be waited for
     */
    public Result settle(Job.Window job, Update update, String key) throws IOException {
        if (update.logged() && !(job.version().due() && retry.isDue())) {
            return kept(job, update, Verdict.UPDATED, update.decision());
        }
        try {
            Result result = promote(job, update, key);
            retry.succeeded();
            return result;
        } catch (IOException e) {
            if (!update.logged() || job.version().delayed() >= MOST_POSTPONED) {
                throw e;
            }
            LOG.error("The store took no version; tried again after {}", retry.failed(), e);
            live.sync(update.revision());
            return kept(
                    job,
                    update,
                    Verdict.DELAYED,
                    update.decision()
                            .because(
                                    "the store can't take a version now: %s; the updates stay live,"
                                                    .formatted(e.getMessage())
                                            + " and a later version will hold them"));
        }
    }

    private Result promote(Job.Window job, Update update, String key) throws IOException {
        Optional<Manifest> own = publisher.find(job.version().place(), key);
        if (own.isPresent()) {
            ModelRevision revision = own.get().revision();
            live.sync(revision);
            return Result.of(revision, verdicts(job).adopted(own.get(), stats(update)));
        }
        Decision decision = judge(job, update);
        return switch (decision.ruling()) {
            case UNSURE -> kept(job, update, Verdict.HELD, decision);
            case REFUSE, FAIL -> rollBack(job, update, decision);
            case PASS -> publish(job, update, decision, key);
        };
    }

    /** Compares the live model with the version that it builds on. */
    private Decision judge(Job.Window job, Update update) throws IOException {
        if (!update.logged()) {
            boolean first = job.revision().version() == 0;
            String reason = update.decision().reason();
            return update.decision().because(first ? "first version; " + reason : reason);
        }
        List<TrainingSequence> validation = job.data().allValidation();
        live.sync(job.revision().withoutUpdates());
        float[] champion = live.score(validation).losses();
        live.sync(update.revision());
        Decision compared = gate.judge(LocalTrainer.items(validation), champion, update.losses());
        Decision decision = compared.because(job.data().withWeighing(compared.reason()));
        return decision.ruling() == Ruling.UNSURE && job.version().held() >= MOST_POSTPONED
                ? decision.as(
                        Ruling.REFUSE,
                        "held for %d windows, and still worse: %s"
                                .formatted(job.version().held(), decision.reason()))
                : decision;
    }

    private Result rollBack(Job.Window job, Update update, Decision decision) throws IOException {
        ModelRevision version = job.revision().withoutUpdates();
        IndexedModel reached = live.load(version);
        List<EncodedItem> lost = live.contentLost(update.revision(), reached);
        live.replace(reached);
        live.writtenAs(version);
        TrainingSummary summary = new TrainingSummary(stats(update), decision);
        return new Result(
                version,
                verdicts(job).unpromoted(Verdict.ROLLED_BACK, summary),
                new Outcome.RolledBack(0, store.manifest(version.version()).windowEnd()),
                lost);
    }

    private Result publish(Job.Window job, Update update, Decision decision, String key)
            throws IOException {
        List<StoredUpdate> logged = logged(update);
        TrainingSummary summary = new TrainingSummary(stats(update, logged), decision);
        List<OffsetRange> offsets =
                update.logged()
                        ? logged.stream()
                                .map(each -> each.header().offsets())
                                .reduce(List.of(), Offsets::add)
                        : Offsets.of(job.data().trained());
        Manifest made =
                publisher.publish(
                        job.version().place(),
                        new VersionPublisher.Draft(
                                update.revision(),
                                job.stats().window(),
                                job.end(),
                                offsets,
                                summary,
                                key),
                        live.model());
        live.writtenAs(made.revision());
        return Result.of(made.revision(), verdicts(job).promoted(made, summary));
    }

    private Result kept(Job.Window job, Update update, Verdict verdict, Decision decision)
            throws IOException {
        TrainingSummary summary = new TrainingSummary(stats(update), decision);
        return Result.of(update.revision(), verdicts(job).unpromoted(verdict, summary));
    }

    /** All updates since the version. */
    private List<UpdateStats> stats(Update update) throws IOException {
        return stats(update, logged(update));
    }

    private static List<UpdateStats> stats(Update update, List<StoredUpdate> logged) {
        return update.logged()
                ? logged.stream().map(VersionPublisher::stats).toList()
                : List.of(update.stats());
    }

    private List<StoredUpdate> logged(Update update) throws IOException {
        return update.logged() ? publisher.updates(update.revision()) : List.of();
    }

    private CheckpointFactory verdicts(Job.Window job) {
        return new CheckpointFactory(store, job.revision(), job.version().place());
    }
}
