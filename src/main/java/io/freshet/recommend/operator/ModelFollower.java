package io.freshet.recommend.operator;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelRevision;
import io.freshet.event.ModelUpdate;
import io.freshet.recommend.model.LiveModel;
import io.freshet.recommend.model.MissingStoreException;
import io.freshet.recommend.model.ModelLoader;
import io.freshet.recommend.model.ModelLoader.Loaded;
import io.freshet.recommend.model.Target;
import io.freshet.recommend.model.UnfitModelException;
import io.freshet.runtime.RetryPolicy;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the live model at what the fine-tuner has announced. What is announced is read from the
 * model store on a thread of its own, and goes live between two batches; until then the model
 * before answers.
 *
 * <p><b>Updates.</b> The live model imports all that lead from it to the newest one announced. If
 * it is no ancestor of that, the whole model is loaded: its version and the updates since. While
 * something is read, further updates wait.
 *
 * <p><b>Versions.</b> A promoted version whose newest update is the one that the live model has
 * imported, by fingerprint, is live by its name alone; any other is loaded, in place of what is
 * being read.
 *
 * <p><b>State.</b> The newest revision announced. After a restore it is loaded whole.
 *
 * <p><b>Errors.</b> What can't be read is refused with what was found, in the log and by a metric;
 * what is live stays so (after a restore that is nothing, and lists come from the small model), and
 * it is tried again, ever less often, until it can be read or a newer version is announced. A model
 * that scores with what is not a number is refused without another attempt; if it is live already,
 * it is dropped, and lists come from the small model until a version or an earlier update is
 * announced. In aligned mode both fail the task: its lists would be others'. And a task that has
 * never seen a model fails if there is no store: it was started on a machine that does not share
 * it.
 */
final class ModelFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelFollower.class);

    private final boolean aligned;
    private final Recommender recommender;
    private final RequestBatches batches;
    private final ModelLoader loader;
    private final ProcessingTimeService time;
    private final RecommenderMetrics metrics;
    private final RetryPolicy retry = new RetryPolicy();
    private boolean seen;
    private @Nullable Target target;
    private @Nullable ModelRevision unfit;
    private @Nullable ScheduledFuture<?> timer;
    private long askedAt;

    /**
     * @param aligned whether lists must not depend on how long a model takes to load
     * @param loader gives to {@link #accept} what it has read; {@link #close} closes it
     */
    ModelFollower(
            boolean aligned,
            Recommender recommender,
            RequestBatches batches,
            ModelLoader loader,
            ProcessingTimeService time,
            RecommenderMetrics metrics) {
        this.aligned = aligned;
        this.recommender = recommender;
        this.batches = batches;
        this.loader = loader;
        this.time = time;
        this.metrics = metrics;
    }

    /** The newest model announced, live or being loaded; null if there was none. */
    @Nullable Target target() {
        return target;
    }

    /** Whether something is being read. */
    boolean loading() {
        return loader.loading();
    }

    /**
     * Sets the target as of when the state was stored; {@link #resume} loads it.
     *
     * @param stored null if there was none
     */
    void restore(@Nullable Target stored) {
        target = stored;
        seen = stored != null;
    }

    /**
     * Loads the restored target, and waits for it.
     *
     * @throws IOException if it can't be loaded, in aligned mode
     */
    void resume() throws IOException {
        if (target == null) {
            return;
        }
        try {
            recommender.swap(target, loader.loadNow(target));
        } catch (IOException e) {
            refuse(e);
        }
    }

    /** Makes a version the target. */
    void announce(ModelCheckpoint checkpoint) {
        Target next = Target.of(checkpoint, target);
        if (isTarget(next)) {
            return;
        }
        target = next;
        unfit = null;
        cancelRetry();
        boolean continues = next.path().hasUpdates();
        if (!continues || !loader.loading()) {
            pursue();
        }
    }

    /** Makes an update the target; it waits for what is being read. */
    void follow(ModelUpdate update) {
        Target next = Target.of(update, target);
        if (isTarget(next)) {
            return;
        }
        if (buildsOnUnfit(next.revision())) {
            LOG.debug("{} is not followed: it builds on what is unfit", next.revision());
            return;
        }
        target = next;
        if (!loader.loading() && timer == null) {
            pursue();
        }
    }

    private boolean isTarget(Target next) {
        return target != null && target.revision().equals(next.revision());
    }

    private boolean buildsOnUnfit(ModelRevision next) {
        return unfit != null
                && unfit.withoutUpdates().equals(next.withoutUpdates())
                && next.update() >= unfit.update();
    }

    /** Starts what makes the live model the target, in place of what is being read. */
    private void pursue() {
        Target to = Objects.requireNonNull(target);
        if (aligned || isLive(to.path())) {
            batches.flush();
        }
        LiveModel live = recommender.live();
        if (!isLive(to.path())) {
            askedAt = time.getCurrentProcessingTime();
            loader.load(live, to);
            return;
        }
        loader.cancel();
        if (!isLive(to.revision())) {
            recommender.follow(to, null);
            metrics.swapped();
            LOG.info("Version {} is live: its updates were followed", to.revision().version());
        }
    }

    private boolean isLive(ModelRevision revision) {
        LiveModel live = recommender.live();
        return live != null && live.revision().equals(revision);
    }

    /**
     * Makes live what the loader has read, and goes on to what was announced meanwhile.
     *
     * @throws IOException if it could not be read, in aligned mode
     */
    void accept(Loaded loaded) throws IOException {
        metrics.loaded(time.getCurrentProcessingTime() - askedAt);
        batches.flush();
        if (loaded.failure() != null) {
            refuse(loaded.failure());
        } else {
            retry.succeeded();
            seen = true;
            goLive(loaded);
        }
        if (timer == null && !loader.loading() && target != null && isDue(target)) {
            pursue();
        }
    }

    private boolean isDue(Target next) {
        return !isLive(next.revision()) && !buildsOnUnfit(next.revision());
    }

    private void goLive(Loaded loaded) throws IOException {
        Target next = loaded.target();
        if (loaded.model() != null) {
            recommender.swap(next, loaded.model());
            metrics.swapped();
            LOG.info("{} is live", next.revision());
        } else if (loaded.from() != null && isLive(loaded.from())) {
            try {
                recommender.follow(next, loaded.changes());
                metrics.followed(loaded.updates());
            } catch (IllegalArgumentException e) {
                recommender.drop();
                refuse(new IOException("%s can't be imported".formatted(next.revision()), e));
            }
        }
    }

    /** Gives up a live model that the recommender has dropped. */
    void refuseLive(UnfitModelException found) {
        if (aligned) {
            throw new IllegalStateException(found.getMessage(), found);
        }
        metrics.refused();
        unfit = found.revision();
        LOG.error("Lists come from counts until another version is announced", found);
    }

    private void refuse(IOException found) throws IOException {
        if (aligned || !seen && found instanceof MissingStoreException) {
            throw found;
        }
        metrics.refused();
        if (found instanceof UnfitModelException e) {
            unfit = e.revision();
            LOG.error("Version {} stays live", recommender.liveVersion(), e);
            return;
        }
        long pause = retry.failed().toMillis();
        LOG.error(
                "Version {} stays live, the next attempt is in {} ms",
                recommender.liveVersion(),
                pause,
                found);
        timer = time.registerTimer(time.getCurrentProcessingTime() + pause, now -> tryAgain());
    }

    private void tryAgain() {
        timer = null;
        pursue();
    }

    private void cancelRetry() {
        retry.succeeded();
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** Waits for a load in progress, and frees what is not live. */
    @Override
    public void close() throws InterruptedException {
        loader.close();
    }
}
