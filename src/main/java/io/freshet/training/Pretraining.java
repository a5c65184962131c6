package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.Interaction;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.flink.util.FileUtils;

/**
 * Makes a base version from whole histories: passes over all of them until the last positions of a
 * share of the users, which are held out, are predicted no better any more. The best pass is kept.
 */
public final class Pretraining {

    /** Passes without a better held-out loss after which pre-training ends. */
    private static final int PATIENCE = 3;

    private static final BooleanSupplier NEVER = () -> false;

    private final ModelRuntime runtime;
    private final ModelStore store;
    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final Consumer<PretrainingProgress> progress;

    /**
     * @param progress told of every step and pass, on the calling thread
     */
    public Pretraining(
            ModelRuntime runtime,
            ModelStore store,
            TrainingSettings settings,
            Consumer<PretrainingProgress> progress) {
        this.runtime = runtime;
        this.store = store;
        this.settings = settings;
        this.config = settings.training();
        this.progress = progress;
    }

    /**
     * A user's whole history as one sequence, all of it fresh.
     *
     * @param interactions all of one user, in event-time order, at least one
     */
    public static TrainingSequence history(List<Interaction> interactions) {
        int size = interactions.size();
        float[] ratings = new float[size];
        int[] fresh = new int[size];
        Arrays.setAll(fresh, i -> i);
        for (int i = 0; i < size; i++) {
            ratings[i] = interactions.get(i).rating();
        }
        Interaction last = interactions.get(size - 1);
        return new TrainingSequence(
                last.userId(),
                last.timestamp() + 1,
                interactions.stream().map(Interaction::itemId).toArray(String[]::new),
                ratings,
                interactions.stream().mapToLong(Interaction::timestamp).toArray(),
                fresh,
                interactions.stream().mapToInt(Interaction::partition).toArray(),
                interactions.stream().mapToLong(Interaction::offset).toArray());
    }

    /**
     * Trains, and writes the version after the newest in the store.
     *
     * @param users each user's whole history
     * @param items content of items, may be empty
     * @return the manifest of what was written
     * @throws IOException if the store can't be written
     * @throws IllegalStateException if there is nothing to train, or the loss is not finite
     */
    public Manifest run(List<TrainingSequence> users, List<EncodedItem> items) throws IOException {
        Holdout holdout =
                Holdout.of(
                        users,
                        config.holdout(),
                        settings.seed(0, TrainingSettings.Purpose.HOLDOUT));
        Path best = Files.createTempDirectory("freshet-pretraining-");
        try (LoadedModel model = LoadedModel.create(runtime, settings.spec())) {
            model.know(items, users, settings.seed(0, TrainingSettings.Purpose.NEW_ROWS));
            Result result = train(model, holdout, best);
            return write(model, holdout.training(), result);
        } finally {
            FileUtils.deleteDirectory(best.toFile());
        }
    }

    /** What the kept pass has reached. */
    private record Result(int epoch, int targets, float loss, Score heldOut) {}

    private Result train(LoadedModel model, Holdout holdout, Path best) throws IOException {
        SequenceBatcher batcher = batcher(model, holdout.training());
        int steps = batcher.batches();
        TrainingLoop loop =
                new TrainingLoop(
                        model.model(),
                        batcher,
                        LearningRateSchedule.pretraining(config, config.pretrainEpochs() * steps),
                        config.clipNorm(),
                        new SplittableRandom(settings.seed(0, TrainingSettings.Purpose.STEPS)));
        Evaluator evaluator = new Evaluator(NEVER);
        Result kept = new Result(0, batcher.targets(), Float.NaN, new Score());
        int epoch = 0;
        while (epoch < config.pretrainEpochs() && epoch - kept.epoch() < PATIENCE) {
            int pass = ++epoch;
            TrainingLoop.Pass done =
                    loop.pass(NEVER, (step, loss) -> tell(pass, step, steps, loss));
            if (!done.finite()) {
                throw new IllegalStateException(
                        "The loss of pass "
                                + pass
                                + " is "
                                + done.loss()
                                + "; a lower training.pretrain-rate may help");
            }
            Score score = evaluator.evaluate(model, holdout.heldOut());
            progress.accept(
                    new PretrainingProgress(
                            pass,
                            config.pretrainEpochs(),
                            steps,
                            steps,
                            done.loss(),
                            score.loss(),
                            score.hitRate()));
            if (kept.epoch() == 0 || !(score.loss() >= kept.heldOut().loss())) {
                kept = new Result(pass, batcher.targets(), done.loss(), score);
                model.model().save(best);
            }
        }
        if (kept.epoch() < epoch) {
            model.restore(best);
        }
        return kept;
    }

    private SequenceBatcher batcher(LoadedModel model, List<TrainingSequence> sequences) {
        SequenceBatcher batcher = SequenceBatcher.of(model, sequences, config);
        if (batcher.batches() == 0) {
            throw new IllegalStateException(
                    "Nothing to train: none of "
                            + sequences.size()
                            + " users has two interactions"
                            + (model.model().predictsRatings()
                                    ? " of which the later is rated"
                                    : ""));
        }
        return batcher;
    }

    private void tell(int epoch, int step, int steps, float loss) {
        int inPass = step - (epoch - 1) * steps;
        progress.accept(
                new PretrainingProgress(
                        epoch, config.pretrainEpochs(), inPass, steps, loss, Float.NaN, Float.NaN));
    }

    private Manifest write(LoadedModel model, List<TrainingSequence> trained, Result result)
            throws IOException {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        int interactions = 0;
        for (TrainingSequence sequence : trained) {
            interactions += sequence.fresh().length;
            for (int position : sequence.fresh()) {
                first = Math.min(first, sequence.timestamps()[position]);
                last = Math.max(last, sequence.timestamps()[position]);
            }
        }
        List<OffsetRange> offsets = Offsets.of(trained);
        Map<String, Double> metrics = new HashMap<>();
        metrics.put("loss", (double) result.loss());
        if (result.heldOut().scored() > 0) {
            metrics.put("held_out_loss", (double) result.heldOut().loss());
            metrics.put("held_out_hit_rate", (double) result.heldOut().hitRate());
        }
        String hash = settings.hash();
        Manifest draft =
                new Manifest(
                        store.newest().orElse(0) + 1,
                        0,
                        "",
                        0,
                        first,
                        last + 1,
                        last,
                        offsets,
                        List.of(),
                        Map.of(
                                "interactions", (long) interactions,
                                "sequences", (long) trained.size(),
                                "targets", (long) result.targets(),
                                "epochs", (long) result.epoch()),
                        hash,
                        settings.content().toString(),
                        metrics,
                        Hashes.sha256(
                                ("0|" + offsets + "|" + hash).getBytes(StandardCharsets.UTF_8)),
                        "pre-trained",
                        List.of(),
                        0,
                        "");
        return store.write(
                draft, model.vocabulary().toArray(), directory -> model.model().save(directory));
    }
}
