package io.freshet.training.learn;

import io.freshet.config.TrainingConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelRevision;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ModelRuntime;
import io.freshet.training.Score;
import io.freshet.training.Trainer;
import io.freshet.training.TrainingSettings;
import io.freshet.training.TrainingSettings.Purpose;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A trainer whose one model is in this process. */
public final class LocalTrainer implements Trainer {

    private static final float NO_TOLERANCE = 0;

    /** Trained sequences by whose loss it is seen whether the model diverged. */
    private static final int MOST_SAMPLED = 100;

    private final ModelRuntime runtime;
    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final Revisions revisions;
    private final BooleanSupplier stopped;
    private final Evaluator evaluator;
    private @Nullable IndexedModel model;
    private ModelRevision revision = ModelRevision.NONE;

    /** Whether the weights are others than the revision's. */
    private boolean dirty;

    /**
     * @param stopped asked between steps; work ends with a CancellationException when it is true
     */
    public LocalTrainer(
            ModelRuntime runtime,
            TrainingSettings settings,
            Revisions revisions,
            BooleanSupplier stopped) {
        this.runtime = runtime;
        this.settings = settings;
        this.config = settings.training();
        this.revisions = revisions;
        this.stopped = stopped;
        this.evaluator = new Evaluator(stopped);
    }

    /** The model; a new one if there is none yet. */
    public IndexedModel model() {
        if (model == null) {
            model = IndexedModel.create(runtime, settings.spec());
        }
        return model;
    }

    @Override
    public void sync(ModelRevision wanted) throws IOException {
        if (wanted.equals(revision) && !dirty) {
            return;
        }
        dirty = true;
        if (wanted.version() == 0) {
            close();
        } else {
            Revisions.Snapshot snapshot = revisions.version(wanted);
            if (model != null && model.fits(snapshot)) {
                model.restore(snapshot);
                revisions.updates(wanted, model::importChanges);
            } else {
                close();
                model = load(wanted, snapshot);
            }
        }
        writtenAs(wanted);
    }

    /** Enters that the weights in memory are in the store as a revision: syncing to it is done. */
    public void writtenAs(ModelRevision written) {
        revision = written;
        dirty = false;
    }

    /** Puts a model of another graph in place, which no revision has yet. */
    public void replace(IndexedModel other) {
        close();
        model = other;
        dirty = true;
    }

    /**
     * A revision in a second model.
     *
     * @throws IOException if the version or an update is missing or damaged
     */
    public IndexedModel load(ModelRevision wanted) throws IOException {
        return load(wanted, revisions.version(wanted));
    }

    private IndexedModel load(ModelRevision wanted, Revisions.Snapshot snapshot)
            throws IOException {
        IndexedModel loaded = IndexedModel.load(runtime, snapshot);
        boolean usable = false;
        try {
            revisions.updates(wanted, loaded::importChanges);
            usable = true;
            return loaded;
        } finally {
            if (!usable) {
                loaded.close();
            }
        }
    }

    /**
     * Content of items that a revision has and another model has not.
     *
     * @throws IOException if the revision is not in memory, and is missing or damaged
     */
    public List<EncodedItem> contentLost(ModelRevision left, IndexedModel reached)
            throws IOException {
        if (left.version() == 0) {
            return List.of();
        }
        sync(left);
        return model().contentLostIn(reached);
    }

    @Override
    public Fit fit(FitJob job) {
        dirty = true;
        IndexedModel fitted = model();
        RowChanges rows =
                fitted.prepare(
                        job, config.vocabulary(), settings.seed(job.window(), Purpose.NEW_ROWS));
        float[] before = losses(job.validation());
        List<TrainingSequence> fresh = sample(job.trained());
        float freshBefore = score(fresh).loss();
        SequenceBatcher batcher =
                SequenceBatcher.fineTuning(
                        fitted,
                        new SequenceBatcher.Window(
                                job.trained(), job.replayed(), job.itemWeights()),
                        config,
                        settings.seed(job.window(), Purpose.TEACHER),
                        stopped);
        EarlyStop stop = new EarlyStop(job.validation(), before);
        FittingLoop.Fitted result = loop(job, fitted, batcher).run(job.passes(), stop);
        float[] after = result.finite() ? losses(job.validation()) : before;
        boolean exports = result.finite() && fitted.model().exportsChanges();
        return new Fit(
                result.passes(),
                batcher.targets(),
                result.loss(),
                result.finite(),
                before,
                after,
                freshBefore,
                result.finite() ? score(fresh).loss() : Float.NaN,
                rows,
                exports ? fitted.model().exportChanges() : null);
    }

    private FittingLoop loop(FitJob job, IndexedModel fitted, SequenceBatcher batcher) {
        int steps = config.optimizer().epochs() * batcher.batches();
        return new FittingLoop(
                fitted,
                batcher,
                LearningRateSchedule.fineTuning(config, steps),
                config.optimizer().clipNorm(),
                settings.seed(job.window(), Purpose.STEPS),
                stopped);
    }

    @Override
    public Score score(List<TrainingSequence> sequences) {
        return evaluator.score(model(), sequences);
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
            model = null;
        }
    }

    private static List<TrainingSequence> sample(List<TrainingSequence> sequences) {
        int step = (sequences.size() + MOST_SAMPLED - 1) / MOST_SAMPLED;
        return step <= 1
                ? sequences
                : IntStream.range(0, sequences.size() / step)
                        .mapToObj(i -> sequences.get(i * step))
                        .toList();
    }

    private float[] losses(List<TrainingSequence> validation) {
        return score(validation).losses();
    }

    /**
     * Ends the passes when one made the validation positions worse (early stopping; Prechelt,
     * "Early Stopping - But When?", 1998). Worse is what the gate refuses without a tolerance: with
     * few positions, a mean that rose is no evidence.
     */
    private final class EarlyStop implements FittingLoop.PassListener {

        private final Gate comparison = new Gate(NO_TOLERANCE, config.gate().holdout());
        private final List<TrainingSequence> validation;
        private float[] last;

        EarlyStop(List<TrainingSequence> validation, float[] before) {
            this.validation = validation;
            this.last = before;
        }

        @Override
        public boolean isLast(int pass, float loss) {
            float[] now = losses(validation);
            Gate.Decision decision = comparison.judge(items(validation), last, now);
            last = now;
            return decision.ruling() == Gate.Ruling.REFUSE || decision.ruling() == Gate.Ruling.FAIL;
        }
    }

    /** The item that each validation sequence asks for. */
    public static List<String> items(List<TrainingSequence> validation) {
        return validation.stream().map(s -> s.items()[s.fresh()[0]]).toList();
    }
}
