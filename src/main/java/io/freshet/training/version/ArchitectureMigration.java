package io.freshet.training.version;

import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ModelRuntime;
import io.freshet.runtime.TemporaryFiles;
import io.freshet.training.Job;
import io.freshet.training.TrainingSettings;
import io.freshet.training.TrainingSettings.Purpose;
import io.freshet.training.learn.Evaluator;
import io.freshet.training.learn.FittingLoop;
import io.freshet.training.learn.Gate.Decision;
import io.freshet.training.learn.Gate.Ruling;
import io.freshet.training.learn.IndexedModel;
import io.freshet.training.learn.LearningRateSchedule;
import io.freshet.training.learn.SequenceBatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.flink.util.FileUtils;

/**
 * Moves a reference model into a graph of the configured architecture: item vectors stay as they
 * are, and a body that is new is trained on the sequences that the fine-tuner still has. A graph of
 * an earlier release with the same architecture is only exchanged, with all weights and slots.
 */
public final class ArchitectureMigration {

    private final ModelRuntime runtime;
    private final TrainingSettings settings;
    private final TrainingConfig config;
    private final Evaluator evaluator;
    private final BooleanSupplier stopped;

    /**
     * @param stopped asked between steps; work ends with a CancellationException when it is true
     */
    public ArchitectureMigration(
            ModelRuntime runtime, TrainingSettings settings, BooleanSupplier stopped) {
        this.runtime = runtime;
        this.settings = settings;
        this.config = settings.training();
        this.evaluator = new Evaluator(stopped);
        this.stopped = stopped;
    }

    /**
     * Whether a reference model has to move: it was built otherwise than is configured, and the
     * options have changed since; or its graph is of an earlier release, and can't export updates.
     *
     * @param newArchitecture whether the options have changed
     */
    public boolean isNeeded(IndexedModel model, boolean newArchitecture) {
        String found = model.model().architecture();
        boolean other = !found.isEmpty() && !found.equals(settings.spec().architecture());
        return other && (newArchitecture || !model.model().exportsChanges());
    }

    /** A model of the configured architecture, and what there is to say of the move. */
    public record Migrated(IndexedModel model, Decision decision) {}

    /**
     * Builds a model that takes another's place. The other stays as it is.
     *
     * @throws IllegalArgumentException if the item vectors have no place in the new model
     * @throws IllegalStateException if the loss is not finite
     */
    public Migrated migrate(Job.Resume job, IndexedModel from) throws IOException {
        String found = from.model().architecture();
        IndexedModel to = transfer(from);
        boolean usable = false;
        try {
            boolean sameBody = found.startsWith(settings.spec().shape());
            String warmUp =
                    sameBody
                            ? "all weights are carried over"
                            : "warmed up on %d positions".formatted(warmUp(job, to));
            usable = true;
            return new Migrated(
                    to,
                    Decision.without(
                            Ruling.PASS,
                            "version %d was built as '%s', the options ask for '%s': %s"
                                    .formatted(
                                            job.revision().version(),
                                            found,
                                            settings.spec().architecture(),
                                            warmUp)));
        } finally {
            if (!usable) {
                to.close();
            }
        }
    }

    private IndexedModel transfer(IndexedModel from) throws IOException {
        Path saved = TemporaryFiles.directory("freshet-migration");
        try {
            from.model().save(saved);
            return from.successor(runtime.renew(settings.spec(), saved));
        } finally {
            FileUtils.deleteDirectoryQuietly(saved.toFile());
        }
    }

    /**
     * Trains the body, and nothing else, pass by pass until the validation positions are predicted
     * no better any more.
     *
     * @return positions in a pass
     */
    private int warmUp(Job.Resume job, IndexedModel model) {
        SequenceBatcher batcher = SequenceBatcher.of(model, job.remembered(), config);
        if (batcher.batches() == 0) {
            return 0;
        }
        int passes =
                job.validation().isEmpty()
                        ? config.optimizer().epochs()
                        : config.pretraining().epochs();
        FittingLoop loop =
                new FittingLoop(
                        model,
                        batcher,
                        LearningRateSchedule.bodyOnly(
                                config, config.pretraining().epochs() * batcher.batches()),
                        config.optimizer().clipNorm(),
                        settings.seed(job.window(), Purpose.STEPS),
                        stopped);
        float[] best = {Float.POSITIVE_INFINITY};
        FittingLoop.Fitted fitted =
                loop.run(passes, (pass, loss) -> isWorse(model, job.validation(), best));
        if (!fitted.finite()) {
            throw new IllegalStateException(
                    "The loss of the new body is %s; a lower training.pretrain-rate may help"
                            .formatted(fitted.loss()));
        }
        return batcher.targets();
    }

    private boolean isWorse(IndexedModel model, List<TrainingSequence> validation, float[] best) {
        float reached = evaluator.score(model, validation).loss();
        boolean worse = reached > best[0];
        best[0] = reached;
        return worse;
    }
}
