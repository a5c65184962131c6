package io.freshet.training;

import static java.util.Objects.requireNonNull;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version that updates make: its identity, its number, and the verdicts on it and on them.
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

    private static final String INTERACTIONS = "interactions";
    private static final String SEQUENCES = "sequences";
    private static final String TARGETS = "targets";
    private static final String TRAINING_MILLIS = "training_millis";
    private static final String LOSS = "loss";
    private static final String CHAMPION_LOSS = "champion_loss";
    private static final String CHALLENGER_LOSS = "challenger_loss";

    private final ModelStore store;
    private final WindowTask task;
    private final List<AppliedUpdate> updates;
    private final List<OffsetRange> offsets;
    private final String configHash;
    private final String content;
    private final String key;
    private long number;
    private boolean reused;
    private long freed;
    private @Nullable Manifest stored;

    /**
     * @param last the update that the task's window brought
     */
    VersionWork(ModelStore store, TrainingSettings settings, WindowTask task, AppliedUpdate last) {
        this(store, task, settings.hash(), settings.content().toString(), last);
    }

    private VersionWork(
            ModelStore store,
            WindowTask task,
            String configHash,
            String content,
            AppliedUpdate last) {
        this.store = store;
        this.task = task;
        this.updates = task.standing().with(last);
        this.offsets =
                Offsets.of(updates.stream().flatMap(update -> update.trained().stream()).toList());
        this.configHash = configHash;
        this.content = content;
        this.key = key();
        this.number = task.nextVersion();
    }

    /** The same work after training, which tells what its last update took. */
    VersionWork trained(AppliedUpdate last) {
        VersionWork trained = new VersionWork(store, task, configHash, content, last);
        trained.number = number;
        trained.reused = reused;
        trained.freed = freed;
        return trained;
    }

    /**
     * Looks through the store, once: settles the number, and finds the version that earlier work
     * with this key finished, or null.
     *
     * @throws IOException if the store can't be read
     */
    @Nullable Manifest look() throws IOException {
        long free = number;
        List<Long> orphans = new ArrayList<>();
        Set<Long> unannounced = store.unannounced();
        for (long taken : store.numbers()) {
            if (taken >= number) {
                stored = own(taken);
                if (stored != null) {
                    number = taken;
                    return stored;
                }
                if (unannounced.contains(taken)) {
                    orphans.add(taken);
                } else {
                    free = taken + 1;
                }
            }
        }
        takeBack(orphans);
        number = free;
        return null;
    }

    /**
     * Writes the version under the number that {@link #look} has settled.
     *
     * @throws IOException if the store doesn't take it
     */
    Manifest write(LoadedModel model, float loss, Gate.Decision decision) throws IOException {
        awaitWatchers();
        store.unannounced(number);
        stored =
                store.write(
                        draft(loss, decision),
                        model.vocabulary().toArray(),
                        directory -> model.model().save(directory));
        return stored;
    }

    private @Nullable Manifest own(long taken) throws IOException {
        try {
            Manifest found = store.manifest(taken);
            if (found.key().equals(key)) {
                return store.verify(taken);
            }
            LOG.warn("Version {} is of other work ({})", taken, found.key());
        } catch (StoreException e) {
            LOG.warn("Version {} is not usable: {}", taken, e.getMessage());
        }
        return null;
    }

    private void takeBack(List<Long> orphans) throws IOException {
        for (long orphan : orphans) {
            store.delete(orphan);
            LOG.warn("Version {} was never announced: deleted, its number is free", orphan);
            freed = System.nanoTime();
            reused = true;
        }
    }

    private void awaitWatchers() {
        long left = NOTICE.toNanos();
        while (reused && left > 0) {
            left = freed + NOTICE.toNanos() - System.nanoTime();
            LockSupport.parkNanos(left);
        }
    }

    /** The verdict on all updates since the parent. */
    ModelCheckpoint judged(Verdict verdict, Gate.Decision decision, float loss) {
        return verdict(verdict, updates, decision, effort(updates, loss));
    }

    /** The verdict on all updates since the parent: the store doesn't take them as a version. */
    ModelCheckpoint delayed(IOException found, float loss, Gate.Decision decision) {
        String reason =
                "the store can't take a version now: "
                        + found.getMessage()
                        + "; the updates stay live, and a later version will hold them";
        return judged(
                Verdict.DELAYED,
                new Gate.Decision(decision.ruling(), reason, decision.before(), decision.after()),
                loss);
    }

    /** The verdict on the last update alone, which is taken back. */
    ModelCheckpoint refused(Verdict verdict, String reason, float loss, Gate.Decision decision) {
        Gate.Decision explained =
                new Gate.Decision(decision.ruling(), reason, decision.before(), decision.after());
        List<AppliedUpdate> last = updates.subList(updates.size() - 1, updates.size());
        return verdict(verdict, last, explained, effort(last, loss));
    }

    /** The verdict that was due when the work was done first. */
    ModelCheckpoint adopted(Manifest own) {
        Gate.Decision decision =
                new Gate.Decision(
                        Gate.Ruling.PASS,
                        own.reason(),
                        own.metric(CHAMPION_LOSS),
                        own.metric(CHALLENGER_LOSS));
        Effort effort =
                new Effort((int) own.count(TARGETS), own.count(TRAINING_MILLIS), own.metric(LOSS));
        return verdict(Verdict.PROMOTED, updates, decision, effort);
    }

    /** What training took, and the loss that it ended with. */
    private record Effort(int targets, long millis, float loss) {}

    private static Effort effort(List<AppliedUpdate> updates, float loss) {
        long millis = updates.stream().mapToLong(update -> update.mark().millis()).sum();
        return new Effort(sum(updates, UpdateMark::targets), millis, loss);
    }

    private ModelCheckpoint verdict(
            Verdict verdict, List<AppliedUpdate> judged, Gate.Decision decision, Effort effort) {
        boolean promoted = verdict == Verdict.PROMOTED;
        long parent = task.standing().version();
        long version = promoted ? number : parent;
        return new ModelCheckpoint(
                version,
                parent,
                verdict,
                decision.reason(),
                version == 0 ? "" : store.path(version).toString(),
                task.window(),
                start(judged),
                task.end(),
                sum(judged, UpdateMark::interactions),
                sum(judged, UpdateMark::sequences),
                effort.targets(),
                effort.loss(),
                decision.before(),
                decision.after(),
                effort.millis(),
                promoted ? trainedOffsets() : task.trainedOffsets(),
                judged.size(),
                promoted ? requireNonNull(stored).fingerprint() : task.standing().fingerprint());
    }

    private Manifest draft(float loss, Gate.Decision decision) {
        Map<String, Double> metrics = new HashMap<>();
        put(metrics, LOSS, loss);
        put(metrics, CHAMPION_LOSS, decision.before());
        put(metrics, CHALLENGER_LOSS, decision.after());
        Map<String, Long> counts =
                Map.of(
                        INTERACTIONS, (long) sum(updates, UpdateMark::interactions),
                        SEQUENCES, (long) sum(updates, UpdateMark::sequences),
                        TARGETS, (long) effort(updates, loss).targets(),
                        TRAINING_MILLIS, effort(updates, loss).millis());
        return new Manifest(
                number,
                task.standing().version(),
                "",
                task.window(),
                start(updates),
                task.end(),
                task.end() - 1,
                offsets,
                trainedOffsets(),
                counts,
                configHash,
                content,
                metrics,
                key,
                decision.reason(),
                List.of());
    }

    private List<OffsetRange> trainedOffsets() {
        return Offsets.add(task.trainedOffsets(), offsets);
    }

    private String key() {
        String text = task.standing().version() + "|" + offsets + "|" + configHash;
        return Hashes.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long start(List<AppliedUpdate> updates) {
        return updates.stream().mapToLong(update -> update.mark().start()).min().orElse(0);
    }

    private static int sum(List<AppliedUpdate> updates, ToIntFunction<UpdateMark> count) {
        return updates.stream().mapToInt(update -> count.applyAsInt(update.mark())).sum();
    }

    private static void put(Map<String, Double> metrics, String name, float value) {
        if (Float.isFinite(value)) {
            metrics.put(name, (double) value);
        }
    }
}
