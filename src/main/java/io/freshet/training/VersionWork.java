package io.freshet.training;

import io.freshet.event.OffsetRange;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version that updates make, in the store: its identity, its number, and how it is written.
 *
 * <p>Work runs again after a restore, and its version may already be in the store, written but
 * never announced. The key (parent, source offsets, configuration) recognises it, and it is
 * adopted.
 *
 * <p>Numbers that hold anything else are passed over when they were announced: they belong to
 * another timeline of this job, which a savepoint may lead back to. Those that were never announced
 * are deleted, all of them, because a later one may build on an earlier one, and their numbers are
 * given again: there are no holes. Example: versions 3 and 4 are written, and the process dies
 * before a checkpoint. The restored job has fallen behind, cuts a larger window, and finds a 3 that
 * is not its own. It deletes 3 and 4, and makes a version 3 of that window.
 *
 * <p>TensorFlow Serving looks at the store once a second, and does not load a number twice while it
 * is there. So a number is not given again before everybody has seen that it was gone.
 */
final class VersionWork {

    private static final Logger LOG = LoggerFactory.getLogger(VersionWork.class);

    /** In which watchers of the store notice what is gone. */
    private static final Duration NOTICE = Duration.ofSeconds(2);

    private final ModelStore store;
    private final WindowTask task;
    private final List<OffsetRange> offsets;
    private final String configHash;
    private final String content;
    private final String key;
    private long number;
    private boolean reused;
    private long freed;

    /**
     * @param last the update that the task's window brought
     */
    VersionWork(ModelStore store, TrainingSettings settings, WindowTask task, AppliedUpdate last) {
        this.store = store;
        this.task = task;
        this.offsets =
                Offsets.of(
                        task.standing().with(last).stream()
                                .flatMap(update -> update.trained().stream())
                                .toList());
        this.configHash = settings.hash();
        this.content = settings.content().toString();
        this.key = key();
        this.number = task.nextVersion();
    }

    /** Source offsets that the version was trained on since the base. */
    List<OffsetRange> trainedOffsets() {
        return Offsets.add(task.trainedOffsets(), offsets);
    }

    /**
     * Looks through the store, once: settles the number, and finds the version that earlier work
     * with this key finished, or null.
     *
     * @throws IOException if the store can't be read
     */
    @Nullable Manifest look() throws IOException {
        for (Manifest taken : store.manifests(number)) {
            try {
                if (taken.key().equals(key)) {
                    Manifest own = store.verify(taken.version());
                    number = own.version();
                    return own;
                }
            } catch (StoreException e) {
                LOG.warn("Version {} is not usable: {}", taken.version(), e.getMessage());
            }
        }
        List<Long> orphans = store.deleteUnannounced(number);
        if (!orphans.isEmpty()) {
            LOG.warn("Versions {} were never announced: deleted, their numbers are free", orphans);
            freed = System.nanoTime();
            reused = true;
        }
        number = store.nextNumber(number);
        return null;
    }

    /**
     * Writes the version under the number that {@link #look} has settled.
     *
     * @throws IOException if the store doesn't take it
     */
    Manifest write(LoadedModel model, Judgement judgement) throws IOException {
        awaitWatchers();
        store.unannounced(number);
        return store.write(
                draft(judgement),
                model.vocabulary().toArray(),
                directory -> model.model().save(directory));
    }

    private void awaitWatchers() {
        long left = NOTICE.toNanos();
        while (reused && left > 0) {
            left = freed + NOTICE.toNanos() - System.nanoTime();
            LockSupport.parkNanos(left);
        }
    }

    private Manifest draft(Judgement judgement) {
        return new Manifest(
                number,
                task.standing().version(),
                "",
                task.window(),
                judgement.start(),
                task.end(),
                task.end() - 1,
                offsets,
                trainedOffsets(),
                judgement.counts(),
                configHash,
                content,
                judgement.metrics(),
                key,
                judgement.decision().reason(),
                List.of(),
                0,
                "");
    }

    private String key() {
        String text = task.standing().version() + "|" + offsets + "|" + configHash;
        return Hashes.sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
