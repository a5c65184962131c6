package io.freshet.training.version;

import io.freshet.config.TrainingConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ModelRuntime;
import io.freshet.runtime.Sha256;
import io.freshet.runtime.TemporaryFiles;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.Score;
import io.freshet.training.Trainer.FitJob;
import io.freshet.training.TrainingSettings;
import io.freshet.training.TrainingSettings.Purpose;
import io.freshet.training.learn.Evaluator;
import io.freshet.training.learn.FittingLoop;
import io.freshet.training.learn.Gate;
import io.freshet.training.learn.IndexedModel;
import io.freshet.training.learn.LearningRateSchedule;
import io.freshet.training.learn.SequenceBatcher;
import io.freshet.training.window.HoldoutSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * Makes a base version from whole histories: passes over all of them until the last positions of a
 * share of the users, which are held out for validation, are predicted no better any more. The best
 * pass is kept.
 */
public final class Pretraining {

    /** Passes without a better validation loss after which pre-training ends. */
    private static final int PATIENCE = 3;

    /** Histories by whose loss it is seen whether the model diverged, if none is held out. */
    private static final int MOST_JUDGED = 100;

    private static final BooleanSupplier NEVER = () -> false;

    private final ModelRuntime runtime;
    private final ModelStore store;
    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final Consumer<PretrainingProgress> progress;

    /**
     * @param progress called for every step and pass, on the calling thread
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
     * Trains, and writes the version after the newest in the store.
     *
     * @param users each user's whole history
     * @param items content of items, may be empty
     * @return the manifest of what was written
     * @throws IOException if the store can't be written
     * @throws IllegalStateException if there is nothing to train, or the model diverges
     */
    public Manifest run(List<TrainingSequence> users, List<EncodedItem> items) throws IOException {
        HoldoutSplit split =
                HoldoutSplit.ofNewest(
                        users, config.gate().holdout(), settings.seed(0, Purpose.HOLDOUT));
        Path best = TemporaryFiles.directory("freshet-pretraining-");
        try (IndexedModel model = IndexedModel.create(runtime, settings.spec())) {
            long end = users.stream().mapToLong(TrainingSequence::paneEnd).max().orElse(0);
            model.prepare(
                    new FitJob(
                            0,
                            end,
                            users,
                            List.of(),
                            items,
                            List.of(),
                            Map.of(),
                            split.heldOut(),
                            config.pretraining().epochs()),
                    config.vocabulary(),
                    settings.seed(0, Purpose.NEW_ROWS));
            Passes passes = new Passes(model, split, best);
            passes.run();
            return write(model, split.training(), passes);
        } finally {
            FileUtils.deleteDirectory(best.toFile());
        }
    }

    /** The passes over all histories, of which the best is kept. */
    private final class Passes {

        private final IndexedModel model;
        private final HoldoutSplit split;
        private final Path best;
        private final SequenceBatcher batcher;
        private final Evaluator evaluator = new Evaluator(NEVER);
        private int kept;
        private float loss = Float.NaN;
        private Score validation;

        Passes(IndexedModel model, HoldoutSplit split, Path best) {
            this.model = model;
            this.split = split;
            this.best = best;
            this.validation = new Score(split.heldOut().size());
            this.batcher = SequenceBatcher.of(model, split.training(), config);
            if (batcher.batches() == 0) {
                throw new IllegalStateException(
                        "Nothing to train: none of %d users has two interactions%s"
                                .formatted(
                                        split.training().size(),
                                        model.model().predictsRatings()
                                                ? " of which the later is rated"
                                                : ""));
            }
        }

        void run() throws IOException {
            List<TrainingSequence> judged = judged();
            float untrained = evaluator.score(model, judged).loss();
            int steps = batcher.batches();
            int epochs = config.pretraining().epochs();
            FittingLoop loop =
                    new FittingLoop(
                            model,
                            batcher,
                            LearningRateSchedule.pretraining(config, epochs * steps),
                            config.optimizer().clipNorm(),
                            settings.seed(0, Purpose.STEPS),
                            NEVER);
            FittingLoop.Fitted fitted =
                    loop.run(
                            epochs,
                            (pass, step, stepLoss) ->
                                    report(pass, step - (pass - 1) * steps, stepLoss, null),
                            (pass, passLoss) -> keepBest(pass, passLoss));
            if (!fitted.finite()) {
                throw new IllegalStateException(
                        "The loss of pass %d is %s; a lower training.pretrain-rate may help"
                                .formatted(fitted.passes(), fitted.loss()));
            }
            if (fitted.passes() == epochs) {
                keepBest(epochs, fitted.loss());
            }
            if (kept < fitted.passes()) {
                model.model().restore(best);
            }
            float trained = evaluator.score(model, judged).loss();
            if (Gate.isDiverged(untrained, trained)) {
                throw new IllegalStateException(
                        "The model diverged: loss %s at best, %s untrained; a lower"
                                        .formatted(trained, untrained)
                                + " training.pretrain-rate may help");
            }
        }

        private List<TrainingSequence> judged() {
            List<TrainingSequence> training = split.training();
            return split.heldOut().isEmpty()
                    ? training.subList(0, Math.min(MOST_JUDGED, training.size()))
                    : split.heldOut();
        }

        /** Keeps the pass if it is the best so far; returns whether it is time to end. */
        private boolean keepBest(int pass, float passLoss) {
            Score score = evaluator.score(model, split.heldOut());
            report(pass, batcher.batches(), passLoss, score);
            if (kept == 0 || !(score.loss() >= validation.loss())) {
                kept = pass;
                loss = passLoss;
                validation = score;
                try {
                    model.model().save(best);
                } catch (IOException e) {
                    throw new UncheckedIOException("The best pass can't be kept", e);
                }
            }
            return pass - kept >= PATIENCE;
        }

        private void report(int pass, int step, float stepLoss, @Nullable Score score) {
            progress.accept(
                    new PretrainingProgress(
                            pass,
                            config.pretraining().epochs(),
                            step,
                            batcher.batches(),
                            stepLoss,
                            score == null ? Float.NaN : score.loss(),
                            score == null ? Float.NaN : score.hitRate()));
        }
    }

    private Manifest write(IndexedModel model, List<TrainingSequence> trained, Passes passes)
            throws IOException {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long interactions = 0;
        for (TrainingSequence sequence : trained) {
            interactions += sequence.fresh().length;
            for (int position : sequence.fresh()) {
                first = Math.min(first, sequence.timestamps()[position]);
                last = Math.max(last, sequence.timestamps()[position]);
            }
        }
        List<OffsetRange> offsets = Offsets.of(trained);
        Map<String, Double> metrics = new HashMap<>();
        metrics.put("loss", (double) passes.loss);
        if (passes.validation.scored() > 0) {
            metrics.put("validation_loss", (double) passes.validation.loss());
            metrics.put("validation_hit_rate", (double) passes.validation.hitRate());
        }
        String hash = Sha256.of(settings.shapeHash() + "|" + config.pretraining());
        Manifest draft =
                Manifest.draft(
                        store.nextNumber(1),
                        ModelRevision.NONE,
                        new Manifest.Window(0, first, last + 1, last),
                        new Manifest.Training(
                                offsets,
                                List.of(),
                                Map.of(
                                        "interactions", interactions,
                                        "sequences", (long) trained.size(),
                                        "targets", (long) passes.batcher.targets(),
                                        "epochs", (long) passes.kept),
                                metrics),
                        new Manifest.Work(
                                Sha256.of("0|" + offsets + "|" + hash),
                                hash,
                                settings.content().toString(),
                                "pre-trained"));
        return store.write(draft, model.vocabulary().toArray(), model::save);
    }
}
