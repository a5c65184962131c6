package io.freshet.training;

import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.ModelConfig;
import io.freshet.config.StoreConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.model.ContentLayout;
import io.freshet.model.Loss;
import io.freshet.model.ModelSpec;
import io.freshet.model.Precision;
import io.freshet.model.RatingRange;
import io.freshet.runtime.Sha256;
import io.freshet.runtime.StableHash;
import java.io.Serializable;
import java.util.List;

/**
 * All settings of training.
 *
 * @param content layout of items' content vectors
 * @param start what surrounds the start of the job
 */
public record TrainingSettings(
        ModelConfig model,
        HistoryConfig history,
        TrainingConfig training,
        StoreConfig store,
        ContentLayout content,
        JobStart start)
        implements Serializable {

    /** Of a job with nothing before it, and nobody beside it. */
    public TrainingSettings(
            ModelConfig model,
            HistoryConfig history,
            TrainingConfig training,
            StoreConfig store,
            ContentLayout content) {
        this(model, history, training, store, content, JobStart.ALONE);
    }

    /**
     * The job's settings; whoever makes a base and the job itself must agree on them.
     *
     * @param content layout of items' content vectors
     */
    public static TrainingSettings of(FreshetConfig config, ContentLayout content) {
        return new TrainingSettings(
                config.model(),
                config.history(),
                config.training(),
                config.store(),
                content,
                new JobStart(config.start().stateLeft(), config.kafka().ownerGroup()));
    }

    /** The shape of a new model. */
    public ModelSpec spec() {
        return new ModelSpec(
                model.width(),
                model.blocks(),
                model.heads(),
                history.length(),
                content.width(),
                model.attributes().isEmpty() ? 0 : model.attributeBuckets(),
                model.dropout(),
                switch (model.precision()) {
                    case FLOAT32 -> Precision.FLOAT32;
                    case BFLOAT16 -> Precision.BFLOAT16;
                },
                model.seed(),
                switch (training.objective().loss()) {
                    case SAMPLED_SOFTMAX -> Loss.SAMPLED_SOFTMAX;
                    case BCE -> Loss.BINARY_CROSS_ENTROPY;
                    case MSE -> Loss.MEAN_SQUARED_ERROR;
                },
                new RatingRange(
                        training.objective().ratingMin(), training.objective().ratingMax()));
    }

    /**
     * SHA-256 of what shapes the weights of an update, besides its data: the shape of the model and
     * of content vectors, how steps are taken, what is held out, replayed and weighted, and which
     * items get rows. Options that only decide when something is trained, evaluated, accepted or
     * shown are left out, so that changing one does not disown work that is done.
     */
    public String shapeHash() {
        List<Object> shaping =
                List.of(
                        model,
                        history.length(),
                        content,
                        training.optimizer(),
                        training.objective(),
                        training.replay(),
                        training.gate().holdout(),
                        training.gate().maxItemShare(),
                        training.vocabulary());
        return Sha256.of(shaping.toString());
    }

    /** A seed of its own for one window (0 for pre-training) and purpose. */
    public long seed(long window, Purpose purpose) {
        return StableHash.mix(StableHash.mix(model.seed() + window) + purpose.ordinal());
    }

    /** What random numbers are drawn for. */
    public enum Purpose {
        HOLDOUT,
        REPLAY,
        NEW_ROWS,
        STEPS,
        PAST,
        TEACHER
    }
}
