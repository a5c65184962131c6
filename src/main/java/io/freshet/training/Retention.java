package io.freshet.training;

import io.freshet.config.StoreConfig;
import io.freshet.store.ModelStore;
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
 * Keeps the versions that Flink's snapshots point to, and has the others deleted.
 *
 * <p><b>Checkpoints</b> are replaced by newer ones. A job goes back to the last, but those before
 * it, as many as Flink retains, can be started from as well: a version is old when it is older than
 * what was live at all of these.
 *
 * <p><b>Savepoints</b>, and checkpoints that another job was started from, stay until their owner
 * deletes them, which Flink tells nobody. Their version is marked in the store, for good; a
 * savepoint is complete only when the mark is written.
 */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final StoreConfig store;
    private final FineTuneState state;
    private final int retainedCheckpoints;
    private final TreeMap<Long, Long> liveAt = new TreeMap<>();
    private @Nullable String startedFrom;
    private long swept;
    private long announced;

    /**
     * @param state has the live versions of completed checkpoints, and the job
     * @param retainedCheckpoints how many completed checkpoints Flink retains
     */
    Retention(StoreConfig store, FineTuneState state, int retainedCheckpoints) {
        this.store = store;
        this.state = state;
        this.retainedCheckpoints = retainedCheckpoints;
    }

    /** The state was restored, so it is of a complete snapshot. */
    void restored(String job) {
        complete(state.live);
        startedFrom = job.equals(state.job) ? null : "start-of-job-" + job;
    }

    /** A snapshot points to what is live now. */
    void taken(long checkpointId) {
        liveAt.put(checkpointId, state.live);
    }

    /** Makes a savepoint wait for the mark of its version, beside the task. */
    void protect(long checkpointId, CheckpointOptions options, OperatorSnapshotFutures futures) {
        long live = state.live;
        if (options.getCheckpointType().isSavepoint() && live > 0) {
            String by = "savepoint-" + checkpointId + "-of-job-" + state.job;
            futures.setOperatorStateManagedFuture(
                    new SavepointFuture<>(
                            () -> mark(live, by), futures.getOperatorStateManagedFuture()));
        }
    }

    /** A checkpoint is complete, and the oldest that was retained is gone. */
    void completed(long checkpointId) {
        Long live = liveAt.get(checkpointId);
        liveAt.headMap(checkpointId, true).clear();
        if (live != null) {
            complete(live);
        }
    }

    /** Tidies up on a thread for work, before a writer writes and however late that is. */
    void start(TrainingThread thread) {
        long live = state.live;
        String by = startedFrom;
        thread.persist(
                () -> {
                    try (ModelStore opened = new ModelStore(store)) {
                        opened.clean();
                    }
                    if (by != null && live > 0) {
                        mark(live, by);
                    }
                    return true;
                },
                done -> {});
    }

    /** Tells the store, on a thread for work, what is announced for good, and what became old. */
    void sweep(TrainingThread thread) {
        if (state.checkpointed.isEmpty()) {
            return;
        }
        long newest = Collections.max(state.checkpointed);
        long floor = Collections.min(state.checkpointed);
        if (newest > announced || floor > Math.max(swept, state.base)) {
            long live = state.live;
            Set<Long> named = new HashSet<>(Set.of(state.base));
            state.rollbacks.forEach(rollback -> named.add(rollback.version()));
            thread.run(
                    () -> tidyUp(newest, live, floor, named),
                    done -> {
                        announced = done ? newest : announced;
                        swept = done ? floor : swept;
                    });
        }
    }

    private boolean tidyUp(long newest, long live, long floor, Set<Long> named) {
        try (ModelStore opened = new ModelStore(store)) {
            opened.announced(newest);
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

    private void mark(long version, String by) throws IOException {
        try (ModelStore opened = new ModelStore(store)) {
            opened.keep(version, by);
        }
    }

    private void complete(long live) {
        state.checkpointed.add(live);
        while (state.checkpointed.size() > retainedCheckpoints) {
            state.checkpointed.remove(0);
        }
    }
}
