package io.freshet.training;

import io.freshet.config.ControlConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.ModelConfig;
import io.freshet.config.StoreConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.model.ContentLayout;
import io.freshet.model.Loss;
import io.freshet.model.ModelSpec;
import io.freshet.model.RatingRange;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/**
 * All that training is told.
 *
 * @param content layout of items' content vectors
 */
public record TrainingSettings(
        ModelConfig model,
        HistoryConfig history,
        TrainingConfig training,
        StoreConfig store,
        ContentLayout content,
        ControlConfig control)
        implements Serializable {

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
                config.control());
    }

    /** The shape of a new model. */
    ModelSpec spec() {
        return new ModelSpec(
                model.width(),
                model.blocks(),
                model.heads(),
                history.length(),
                content.width(),
                model.dropout(),
                model.seed(),
                switch (training.objective().loss()) {
                    case SAMPLED_SOFTMAX -> Loss.SAMPLED_SOFTMAX;
                    case BCE -> Loss.BINARY_CROSS_ENTROPY;
                    case MSE -> Loss.MEAN_SQUARED_ERROR;
                },
                new RatingRange(
                        training.objective().ratingMin(), training.objective().ratingMax()));
    }

    /** SHA-256 of everything that shapes the weights. */
    String hash() {
        String text = model + "|" + training + "|" + history.length() + "|" + content;
        return Hashes.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A seed of its own for one window (0 for pre-training) and purpose. */
    long seed(long window, Purpose purpose) {
        return Hashes.mix(Hashes.mix(model.seed() + window) + purpose.ordinal());
    }

    /** What random numbers are drawn for. */
    enum Purpose {
        HOLDOUT,
        REPLAY,
        NEW_ROWS,
        STEPS,
        PAST,
        TEACHER
    }
}
