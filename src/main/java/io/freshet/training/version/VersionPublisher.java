package io.freshet.training.version;

import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import io.freshet.runtime.Sha256;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import io.freshet.store.StoredUpdate;
import io.freshet.training.Job;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateStats;
import io.freshet.training.learn.IndexedModel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes versions, and recognises those that earlier work has written.
 *
 * <p>Work runs again after a restore, and what it made may already be in the store, written but
 * never announced. The key (parent, source offsets, options that shape weights) recognises it, and
 * it is adopted; so it is with updates.
 *
 * <p>Numbers that hold other versions are passed over when they were announced: they belong to
 * another timeline of this job, which a savepoint may lead back to. Those that were never announced
 * are deleted, all of them, because a later one may build on an earlier one, and their numbers are
 * given again: there are no holes. Example: versions 3 and 4 are written, and the process dies
 * before a checkpoint. The restored job has fallen behind, cuts a larger window, and finds a 3 that
 * is not its own. It deletes 3 and 4, and makes a version 3 of that window.
 *
 * <p>TensorFlow Serving looks at the store once a second, and does not load a number twice while it
 * is there. So a number is not given again before everybody has seen that it was gone.
 */
public final class VersionPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(VersionPublisher.class);

    /** In which watchers of the store notice what is gone. */
    private static final Duration NOTICE = Duration.ofSeconds(2);

    private final ModelStore store;
    private final TrainingSettings settings;
    private final StoreTimes times;
    private long freed;
    private boolean reused;

    public VersionPublisher(ModelStore store, TrainingSettings settings, StoreTimes times) {
        this.store = store;
        this.settings = settings;
        this.times = times;
    }

    /**
     * Identity of an update, and of the version that it completes: same key, same weights.
     *
     * @param offsets source offsets that the update is trained on
     */
    public String key(ModelRevision parent, List<OffsetRange> offsets) {
        return Sha256.of(
                "%d|%s|%s|%s|%s"
                        .formatted(
                                parent.version(),
                                parent.fingerprint(),
                                parent.updateFingerprint(),
                                offsets,
                                settings.shapeHash()));
    }

    /**
     * The version that earlier work with a key has finished.
     *
     * @throws IOException if the store can't be read
     */
    public Optional<Manifest> find(Job.Place place, String key) throws IOException {
        for (Manifest found : store.manifests(place.number())) {
            try {
                if (found.key().equals(key)) {
                    return Optional.of(store.verify(found.version()));
                }
            } catch (StoreException e) {
                LOG.warn("Version {} is not adopted: {}", found.version(), e.getMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * What a version is made of.
     *
     * @param revision the live model that becomes the version
     * @param window number of the newest training window in it
     * @param end exclusive end of that window in event time, milliseconds since the epoch
     * @param offsets source offsets that its updates were trained on
     */
    public record Draft(
            ModelRevision revision,
            long window,
            long end,
            List<OffsetRange> offsets,
            TrainingSummary summary,
            String key) {}

    /**
     * Writes a version.
     *
     * @throws IOException if the store doesn't take it
     */
    public Manifest publish(Job.Place place, Draft draft, IndexedModel model) throws IOException {
        long number = freeNumber(place.number());
        awaitWatchers();
        store.unannounced(number);
        Manifest manifest = manifest(number, place, draft);
        return times.write(() -> store.write(manifest, model.vocabulary().toArray(), model::save));
    }

    private Manifest manifest(long number, Job.Place place, Draft draft) {
        TrainingSummary summary = draft.summary();
        return Manifest.draft(
                number,
                draft.revision(),
                new Manifest.Window(draft.window(), summary.start(), draft.end(), draft.end() - 1),
                new Manifest.Training(
                        draft.offsets(),
                        Offsets.add(place.offsets(), draft.offsets()),
                        summary.counts(),
                        summary.metrics()),
                new Manifest.Work(
                        draft.key(),
                        settings.shapeHash(),
                        settings.content().toString(),
                        summary.decision().reason()));
    }

    /** The lowest number from {@code least} on that follows every version announced. */
    private long freeNumber(long least) throws IOException {
        List<Long> orphans = store.deleteUnannounced(least);
        if (!orphans.isEmpty()) {
            LOG.warn("Versions {} were never announced: deleted, their numbers are free", orphans);
            freed = System.nanoTime();
            reused = true;
        }
        return store.nextNumber(least);
    }

    private void awaitWatchers() {
        long left = NOTICE.toNanos();
        while (reused && left > 0) {
            left = freed + NOTICE.toNanos() - System.nanoTime();
            LockSupport.parkNanos(left);
        }
        reused = false;
    }

    /** The updates from a revision's version to the revision, oldest first. */
    public List<StoredUpdate> updates(ModelRevision revision) throws IOException {
        return revision.hasUpdates() ? store.updates().chain(revision) : List.of();
    }

    /** What an update in the log was made of. */
    public static UpdateStats stats(StoredUpdate update) {
        var header = update.header();
        return UpdateStats.of(
                header.update(), header.windowStart(), header.windowEnd(), header.metrics());
    }
}
