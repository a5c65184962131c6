package io.freshet.training;

import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version that one window makes: its identity, its number, and what is known of it so far.
 *
 * <p>Work runs again after a restore, and its version may already be in the store, written but
 * never announced. The key (parent, source offsets, configuration) recognises it. A number that
 * holds anything else is passed over, never taken: it may belong to a savepoint of another timeline
 * of this job, and TensorFlow Serving would not load a number twice.
 */
final class VersionWork {

    private static final Logger LOG = LoggerFactory.getLogger(VersionWork.class);

    private static final String INTERACTIONS = "interactions";
    private static final String SEQUENCES = "sequences";
    private static final String TARGETS = "targets";
    private static final String TRAINING_MILLIS = "training_millis";
    private static final String LOSS = "loss";
    private static final String CHAMPION_LOSS = "champion_loss";
    private static final String CHALLENGER_LOSS = "challenger_loss";

    private final ModelStore store;
    private final WindowTask task;
    private final List<TrainingSequence> trained;
    private final List<TrainingSequence> heldOut;
    private final List<OffsetRange> offsets;
    private final String configHash;
    private final String content;
    private final String key;
    private long number;

    VersionWork(
            ModelStore store,
            TrainingSettings settings,
            WindowTask task,
            List<TrainingSequence> trained,
            List<TrainingSequence> heldOut) {
        this.store = store;
        this.task = task;
        this.trained = trained;
        this.heldOut = heldOut;
        this.offsets = Offsets.of(trained);
        this.configHash = settings.hash();
        this.content = settings.content().toString();
        this.key = key();
        this.number = task.nextVersion();
    }

    /**
     * What training measured.
     *
     * @param targets positions trained in a pass, replayed ones included
     * @param millis time it took, in milliseconds
     * @param loss mean loss of the last pass, NaN when nothing was trained
     * @param championLoss mean loss on the held-out positions before training, NaN if not known
     * @param challengerLoss the same after training
     */
    record Figures(
            int targets, long millis, float loss, float championLoss, float challengerLoss) {}

    WindowTask task() {
        return task;
    }

    List<TrainingSequence> trained() {
        return trained;
    }

    List<TrainingSequence> heldOut() {
        return heldOut;
    }

    /** The version that earlier work with this key finished, or null; settles the number. */
    @Nullable Manifest finished() throws IOException {
        while (store.occupied(number)) {
            try {
                Manifest found = store.manifest(number);
                if (found.key().equals(key)) {
                    return store.verify(number);
                }
                LOG.warn("Version {} is of other work ({}), passed over", number, found.key());
            } catch (StoreException e) {
                LOG.warn("Version {} is not usable, passed over: {}", number, e.getMessage());
            }
            number++;
        }
        return null;
    }

    /** Writes the version, and returns its number. */
    long write(LoadedModel model, Figures figures, String reason) throws IOException {
        store.write(
                draft(figures, reason),
                model.vocabulary().toArray(),
                directory -> model.model().save(directory));
        return number;
    }

    /** The window's outcome with its verdict. */
    WindowOutcome outcome(
            List<Evaluation> evaluations, ModelCheckpoint verdict, int ignoredVectors) {
        return new WindowOutcome(task, evaluations, verdict, trained, heldOut, ignoredVectors);
    }

    /** The verdict on what was done; {@code version} is the one that lives after it. */
    ModelCheckpoint verdict(Verdict verdict, String reason, long version, Figures figures) {
        return new ModelCheckpoint(
                version,
                task.parent(),
                verdict,
                reason,
                version == 0 ? "" : store.path(version).toString(),
                task.window(),
                task.start(),
                task.end(),
                task.interactions(),
                task.sequences().size(),
                figures.targets(),
                figures.loss(),
                figures.championLoss(),
                figures.challengerLoss(),
                figures.millis(),
                verdict == Verdict.PROMOTED ? trainedOffsets() : task.trainedOffsets());
    }

    /** The verdict that was due when the work was done first. */
    ModelCheckpoint adopted(Manifest own) {
        Figures figures =
                new Figures(
                        (int) own.count(TARGETS),
                        own.count(TRAINING_MILLIS),
                        own.metric(LOSS),
                        own.metric(CHAMPION_LOSS),
                        own.metric(CHALLENGER_LOSS));
        return verdict(Verdict.PROMOTED, own.reason(), own.version(), figures);
    }

    private Manifest draft(Figures figures, String reason) {
        Map<String, Double> metrics = new HashMap<>();
        put(metrics, LOSS, figures.loss());
        put(metrics, CHAMPION_LOSS, figures.championLoss());
        put(metrics, CHALLENGER_LOSS, figures.challengerLoss());
        Map<String, Long> counts =
                Map.of(
                        INTERACTIONS, (long) task.interactions(),
                        SEQUENCES, (long) task.sequences().size(),
                        TARGETS, (long) figures.targets(),
                        TRAINING_MILLIS, figures.millis());
        return new Manifest(
                number,
                task.parent(),
                "",
                task.window(),
                task.start(),
                task.end(),
                task.end() - 1,
                offsets,
                trainedOffsets(),
                counts,
                configHash,
                content,
                metrics,
                key,
                reason,
                List.of());
    }

    private List<OffsetRange> trainedOffsets() {
        return Offsets.add(task.trainedOffsets(), offsets);
    }

    private String key() {
        String text = task.parent() + "|" + offsets + "|" + configHash;
        return Hashes.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(Map<String, Double> metrics, String name, float value) {
        if (Float.isFinite(value)) {
            metrics.put(name, (double) value);
        }
    }
}
