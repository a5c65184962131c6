package io.freshet.recommend;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelDelta;
import io.freshet.recommend.ModelLoader.Loaded;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the live model at what the fine-tuner has announced.
 *
 * <p><b>Versions.</b> An announced version is loaded on a thread of its own, and goes live between
 * two batches; until then the version before answers.
 *
 * <p><b>Updates.</b> Between versions the live model follows the fine-tuner's by deltas, each taken
 * over between two batches. A version that consists of updates that were all followed is live by
 * its name alone; one that is rolled back to is loaded. After a restore the version that stood is
 * loaded, and the fine-tuner tells its updates again.
 *
 * <p><b>Errors.</b> A version that can't be loaded is refused with what was found, in the log and
 * by a metric. What is live stays so (after a restore that is nothing, and lists come from the
 * small model), and the version is tried again, ever less often, until it loads or a newer one is
 * announced. In aligned mode it fails the task: its lists would be others'.
 */
final class ModelFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelFollower.class);
    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LONGEST_RETRY_MILLIS = 60_000;

    private final boolean aligned;
    private final Recommender recommender;
    private final RequestBatches batches;
    private final ModelLoader loader;
    private final ProcessingTimeService time;
    private final RecommenderMetrics counted;
    private final Deque<ModelDelta> ahead = new ArrayDeque<>();
    private @Nullable ModelCheckpoint announced;
    private long retryMillis = FIRST_RETRY_MILLIS;

    /**
     * @param aligned whether lists must not depend on how long a version takes to load
     * @param loader {@link #close} closes it
     */
    ModelFollower(
            boolean aligned,
            Recommender recommender,
            RequestBatches batches,
            ModelLoader loader,
            ProcessingTimeService time,
            RecommenderMetrics counted) {
        this.aligned = aligned;
        this.recommender = recommender;
        this.batches = batches;
        this.loader = loader;
        this.time = time;
        this.counted = counted;
    }

    /** The newest version announced, live or being loaded; null if there was none. */
    @Nullable ModelCheckpoint announced() {
        return announced;
    }

    /** Whether a version is on its way. */
    boolean loading() {
        return loader.loading();
    }

    /**
     * Remembers the version that stood when the state was stored; {@link #resume} loads it.
     *
     * @param stood null if there was none
     */
    void restore(@Nullable ModelCheckpoint stood) {
        announced = stood;
    }

    /**
     * Loads the version that stood, and waits for it.
     *
     * @throws IOException if it can't be loaded, in aligned mode
     */
    void resume() throws IOException {
        if (announced == null) {
            return;
        }
        try {
            recommender.swap(loader.loadNow(announced));
        } catch (IOException e) {
            refuse(announced, e);
        }
    }

    /** A version is loaded, unless it is what the live model has become by updates. */
    void announce(ModelCheckpoint checkpoint) {
        boolean again = announced != null && announced.version() == checkpoint.version();
        if (again && checkpoint.promoted()) {
            return;
        }
        announced = checkpoint;
        retryMillis = FIRST_RETRY_MILLIS;
        ahead.clear();
        LiveModel live = recommender.live();
        if (live != null && !loader.loading() && live.became(checkpoint)) {
            batches.flush();
            live.rename(checkpoint);
            counted.swapped();
            LOG.info("Version {} is live: its updates were followed", checkpoint.version());
            return;
        }
        if (aligned) {
            batches.flush();
        }
        loader.load(checkpoint);
    }

    /** An update of a version that is being loaded waits for it. */
    void follow(ModelDelta delta) {
        ahead.add(delta);
        if (!loader.loading()) {
            catchUp();
        }
    }

    private void catchUp() {
        LiveModel live = recommender.live();
        for (ModelDelta next = ahead.poll(); next != null; next = ahead.poll()) {
            if (live != null && live.precedes(next)) {
                batches.flush();
                recommender.follow(live, next);
                counted.followed();
            } else {
                LOG.info(
                        "Update {} of version {} is not followed: version {} is live",
                        next.update(),
                        next.version(),
                        recommender.liveVersion());
            }
        }
    }

    /**
     * Takes what the loader has got ready.
     *
     * @return whether another version is live now
     * @throws IOException if it can't be loaded, in aligned mode
     */
    boolean goLive() throws IOException, InterruptedException {
        Loaded loaded;
        try {
            loaded = loader.take();
        } catch (IOException e) {
            refuse(Objects.requireNonNull(announced), e);
            return false;
        }
        if (loaded == null) {
            return false;
        }
        batches.flush();
        recommender.swap(loaded);
        counted.swapped();
        LOG.info("Version {} is live", loaded.checkpoint().version());
        catchUp();
        return true;
    }

    /** What is live stays live; the version is tried again unless another is announced. */
    private void refuse(ModelCheckpoint refused, IOException found) throws IOException {
        if (aligned) {
            throw found;
        }
        counted.refused();
        LOG.error(
                "Version {} stays live, {} is tried again in {} ms",
                recommender.liveVersion(),
                refused.version(),
                retryMillis,
                found);
        catchUp();
        ScheduledFuture<?> unused =
                time.registerTimer(
                        time.getCurrentProcessingTime() + retryMillis, now -> retry(refused));
        retryMillis = Math.min(2 * retryMillis, LONGEST_RETRY_MILLIS);
    }

    private void retry(ModelCheckpoint refused) {
        if (announced == refused) {
            loader.load(refused);
        }
    }

    /** Waits for a load in progress, and frees what is not live. */
    @Override
    public void close() throws InterruptedException {
        loader.close();
    }
}
