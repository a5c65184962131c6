package io.freshet.training.version;

import io.freshet.config.StoreConfig;
import io.freshet.runtime.BackgroundThread;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreWriter;
import io.freshet.training.FineTuneState;
import io.freshet.training.TrainingSettings;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks in the store which versions are announced for good, keeps those that Flink's snapshots
 * point to, and deletes the others with their updates.
 *
 * <p><b>Announced</b> is what is announced in a completed checkpoint: its notice commits the
 * announcement to Kafka. The same notice has the mark removed at once, on a thread that waits for
 * no training, and tried again until it is: who goes back to an older checkpoint must find that the
 * number was given. What is live then doesn't matter: a version may be announced and rolled back
 * between two checkpoints.
 *
 * <p><b>Checkpoints</b> are replaced by newer ones. A job goes back to the last, but those before
 * it, as many as Flink retains, can be started from as well: a version is old when it is older than
 * what was live at all of these.
 *
 * <p><b>Savepoints</b>, and checkpoints that another job was started from, stay until their owner
 * deletes them, of which Flink gives no notice. Their version is marked in the store, for good; a
 * savepoint is complete only when the mark is written, and one that comes to nothing takes its mark
 * along.
 *
 * <p>A job that doesn't train makes no versions, and leaves the store to the job that does.
 */
public final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final StoreConfig store;
    private final StoreWriter writer;
    private final boolean writes;
    private final FineTuneState state;
    private final int retainedCheckpoints;
    private final TreeMap<Long, Taken> taken = new TreeMap<>();
    private @Nullable String startedFrom;
    private @Nullable BackgroundThread work;
    private @Nullable BackgroundThread notes;
    private boolean noting;
    private long sealed;
    private long announced;
    private long swept;

    /**
     * @param writer who writes versions, if the settings have any written
     * @param state has the live versions of completed checkpoints, and the job
     * @param retainedCheckpoints how many completed checkpoints Flink retains
     */
    public Retention(
            TrainingSettings settings,
            StoreWriter writer,
            FineTuneState state,
            int retainedCheckpoints) {
        this.store = settings.store();
        this.writer = writer;
        this.writes = settings.training().enabled();
        this.state = state;
        this.retainedCheckpoints = retainedCheckpoints;
    }

    /**
     * What a snapshot holds.
     *
     * @param live the version that is live
     * @param announced highest number that was announced
     */
    private record Taken(long live, long announced) {}

    /** The state was restored, so it is of a complete snapshot. */
    public void restored(String job) {
        complete(new Taken(state.live, state.announced));
        startedFrom = job.equals(state.job) ? null : "start-of-job-" + job;
    }

    /** A snapshot is being taken. */
    public void taken(long checkpointId) {
        taken.put(checkpointId, new Taken(state.live, state.announced));
    }

    /** Makes a savepoint wait for the mark of its version, beside the task. */
    public void protect(
            long checkpointId, CheckpointOptions options, OperatorSnapshotFutures futures) {
        long live = state.live;
        if (options.getCheckpointType().isSavepoint() && live > 0) {
            String by = savepoint(checkpointId);
            futures.setOperatorStateManagedFuture(
                    new SavepointFuture<>(
                            () -> mark(live, by),
                            () -> release(by),
                            futures.getOperatorStateManagedFuture()));
        }
    }

    /** A checkpoint is complete, and the oldest that was retained is gone. */
    public void completed(long checkpointId) {
        Taken complete = taken.get(checkpointId);
        taken.headMap(checkpointId, true).clear();
        if (complete != null) {
            complete(complete);
        }
        if (writes && work != null && notes != null) {
            sweep(work, notes);
        }
    }

    /** A snapshot came to nothing. */
    public void aborted(long checkpointId) {
        taken.remove(checkpointId);
        if (notes != null) {
            String by = savepoint(checkpointId);
            notes.run(() -> release(by), done -> {});
        }
    }

    /**
     * Tidies up on a thread for work, before a writer writes and however late that is.
     *
     * @param forNotes a thread that nothing else waits for; {@link #close} ends it
     */
    public void start(BackgroundThread forWork, BackgroundThread forNotes) {
        work = forWork;
        notes = forNotes;
        long live = state.live;
        long through = sealed;
        String by = startedFrom;
        forWork.persist(
                () -> {
                    if (writes) {
                        clean(through);
                    }
                    if (by != null && live > 0) {
                        mark(live, by);
                    }
                    return true;
                },
                done -> announced = Math.max(announced, through));
    }

    /** Ends the thread for notes, after what it was given. */
    public void close() throws InterruptedException {
        if (notes != null) {
            notes.close();
        }
    }

    /** Marks what is announced for good, then deletes, on the thread for work, what became old. */
    private void sweep(BackgroundThread forWork, BackgroundThread forNotes) {
        long through = sealed;
        if (noting) {
            return;
        }
        if (through > announced) {
            noting = true;
            forNotes.persist(
                    () -> announce(through),
                    done -> {
                        noting = false;
                        announced = through;
                        if (sealed > through) {
                            sweep(forWork, forNotes);
                        } else {
                            deleteOld(forWork);
                        }
                    });
        } else if (floor() > Math.max(swept, state.base)) {
            deleteOld(forWork);
        }
    }

    /** The oldest version that a retained checkpoint points to, 0 if there is none. */
    private long floor() {
        return state.checkpointed.isEmpty() ? 0 : Collections.min(state.checkpointed);
    }

    private void deleteOld(BackgroundThread forWork) {
        long live = state.live;
        long floor = floor();
        Set<Long> named = new HashSet<>(Set.of(state.base));
        state.rollbacks.forEach(rollback -> named.add(rollback.version()));
        forWork.run(() -> deleteOld(live, floor, named), done -> swept = done ? floor : swept);
    }

    private boolean deleteOld(long live, long floor, Set<Long> named) {
        try (ModelStore opened = new ModelStore(store, writer)) {
            List<Long> deleted = opened.retain(live, floor, named);
            if (!deleted.isEmpty()) {
                LOG.info("Deleted old versions {}", deleted);
            }
            return true;
        } catch (IOException e) {
            LOG.warn("The model store can't be tidied up now: {}", e.toString());
            return false;
        }
    }

    private void clean(long through) throws IOException {
        try (ModelStore opened = new ModelStore(store, writer)) {
            opened.clean();
            opened.announced(through);
        }
    }

    private boolean announce(long through) throws IOException {
        try (ModelStore opened = new ModelStore(store, writer)) {
            opened.announced(through);
        }
        return true;
    }

    private String savepoint(long checkpointId) {
        return "savepoint-" + checkpointId + "-of-job-" + state.job;
    }

    private void mark(long version, String by) throws IOException {
        try (ModelStore opened = new ModelStore(store)) {
            opened.keep(version, by);
        }
    }

    private boolean release(String by) {
        try (ModelStore opened = new ModelStore(store)) {
            opened.release(by);
            return true;
        } catch (IOException e) {
            LOG.warn("The mark kept/*-{} of a failed savepoint stays: {}", by, e.toString());
            return false;
        }
    }

    private void complete(Taken complete) {
        sealed = Math.max(sealed, complete.announced());
        state.checkpointed.add(complete.live());
        while (state.checkpointed.size() > retainedCheckpoints) {
            state.checkpointed.remove(0);
        }
    }
}
