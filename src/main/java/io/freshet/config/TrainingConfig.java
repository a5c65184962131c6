package io.freshet.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ReadableConfig;

/** When and how the model is fine-tuned. See {@link TrainingOptions} for units and defaults. */
public record TrainingConfig(
        boolean enabled,
        int minInteractions,
        int maxInteractions,
        Duration windowTime,
        int updatesPerVersion,
        int epochs,
        int batchSize,
        int negatives,
        float headRate,
        float bodyRate,
        float headFirst,
        float warmup,
        float clipNorm,
        float replayRatio,
        int replayCapacity,
        float holdout,
        float gateTolerance,
        boolean frozenBaseline,
        int pretrainEpochs,
        float pretrainRate,
        Loss loss,
        float ratingMin,
        float ratingMax,
        float layerDecay,
        float distillation)
        implements Serializable {

    /** What training minimises. */
    public enum Loss {
        /** Cross-entropy of a softmax over the target and sampled negatives. */
        SAMPLED_SOFTMAX("sampled-softmax"),
        /** Binary cross-entropy of the target against sampled negatives. */
        BCE("bce"),
        /** Mean squared error of explicit ratings. */
        MSE("mse");

        private final String value;

        Loss(String value) {
            this.value = value;
        }

        /** The option's value. */
        @Override
        public String toString() {
            return value;
        }
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static TrainingConfig from(ReadableConfig config, Problems problems) {
        return new TrainingConfig(
                problems.any(config, TrainingOptions.ENABLED),
                problems.integer(config, TrainingOptions.MIN_INTERACTIONS, 1, 10000000),
                problems.integer(config, TrainingOptions.MAX_INTERACTIONS, 1, 10000000),
                problems.duration(config, TrainingOptions.WINDOW_TIME, Duration.ofMillis(10)),
                problems.integer(config, TrainingOptions.UPDATES_PER_VERSION, 1, 100000),
                problems.integer(config, TrainingOptions.EPOCHS, 1, 1000),
                problems.integer(config, TrainingOptions.BATCH_SIZE, 1, 65536),
                problems.integer(config, TrainingOptions.NEGATIVES, 1, 1000000),
                problems.real(config, TrainingOptions.HEAD_RATE, 0, 10),
                problems.real(config, TrainingOptions.BODY_RATE, 0, 10),
                problems.real(config, TrainingOptions.HEAD_FIRST, 0, 1),
                problems.real(config, TrainingOptions.WARMUP, 0, 1),
                problems.real(config, TrainingOptions.CLIP_NORM, 0.000001, 1000000),
                problems.real(config, TrainingOptions.REPLAY_RATIO, 0, 100),
                problems.integer(config, TrainingOptions.REPLAY_CAPACITY, 0, 10000000),
                problems.real(config, TrainingOptions.HOLDOUT, 0, 0.9),
                problems.real(config, TrainingOptions.GATE_TOLERANCE, 0, 100),
                problems.any(config, TrainingOptions.FROZEN_BASELINE),
                problems.integer(config, TrainingOptions.PRETRAIN_EPOCHS, 1, 10000),
                problems.real(config, TrainingOptions.PRETRAIN_RATE, 0, 10),
                problems.any(config, TrainingOptions.LOSS),
                problems.real(config, TrainingOptions.RATING_MIN, -1e6, 1e6),
                problems.real(config, TrainingOptions.RATING_MAX, -1e6, 1e6),
                problems.real(config, TrainingOptions.LAYER_DECAY, 0.01, 1),
                problems.real(config, TrainingOptions.DISTILLATION, 0, 10));
    }
}
