package io.freshet.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ReadableConfig;

/**
 * When and how the model is fine-tuned. See {@link TrainingOptions} for units and defaults.
 *
 * @param enabled whether the model is fine-tuned at all
 * @param updatesPerVersion windows, each an update of the live model, from one version to the next
 * @param frozenBaseline whether the model that the job started with is evaluated beside the live
 *     one
 */
public record TrainingConfig(
        boolean enabled,
        int updatesPerVersion,
        boolean frozenBaseline,
        Window window,
        Optimizer optimizer,
        Objective objective,
        Replay replay,
        Gate gate,
        Pretraining pretraining,
        Vocabulary vocabulary)
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

    /**
     * What a training window is made of.
     *
     * @param time event time after which a window is closed with fewer interactions
     * @param maxBacklog sequences that wait for training at most
     */
    public record Window(int minInteractions, int maxInteractions, Duration time, int maxBacklog)
            implements Serializable {

        static Window from(ReadableConfig config, Problems problems) {
            Window window =
                    new Window(
                            problems.integer(config, TrainingOptions.MIN_INTERACTIONS, 1, 10000000),
                            problems.integer(config, TrainingOptions.MAX_INTERACTIONS, 1, 10000000),
                            problems.duration(
                                    config, TrainingOptions.WINDOW_TIME, Duration.ofMillis(10)),
                            problems.integer(config, TrainingOptions.MAX_BACKLOG, 1, 10000000));
            if (window.maxInteractions < window.minInteractions) {
                problems.add(
                        TrainingOptions.MAX_INTERACTIONS.key(),
                        String.valueOf(window.maxInteractions),
                        "at least training.min-interactions = " + window.minInteractions);
            }
            return window;
        }
    }

    /**
     * How gradients become weights.
     *
     * @param epochs most passes over a window
     * @param batchSize sequences
     * @param headRate peak learning rate of item rows, adapters and biases
     * @param bodyRate peak learning rate of the topmost block of the transformer
     * @param layerDecay learning rate of a block as a share of that of the block above it
     * @param headFirst share of the steps, from the first, in which the transformer is frozen
     * @param warmup share of the steps in which the learning rates rise
     * @param clipNorm global norm that gradients are clipped to
     */
    public record Optimizer(
            int epochs,
            int batchSize,
            int negatives,
            float headRate,
            float bodyRate,
            float layerDecay,
            float headFirst,
            float warmup,
            float clipNorm)
            implements Serializable {

        static Optimizer from(ReadableConfig config, Problems problems) {
            return new Optimizer(
                    problems.integer(config, TrainingOptions.EPOCHS, 1, 1000),
                    problems.integer(config, TrainingOptions.BATCH_SIZE, 1, 65536),
                    problems.integer(config, TrainingOptions.NEGATIVES, 1, 1000000),
                    problems.real(config, TrainingOptions.HEAD_RATE, 0, 10),
                    problems.real(config, TrainingOptions.BODY_RATE, 0, 10),
                    problems.real(config, TrainingOptions.LAYER_DECAY, 0.01, 1),
                    problems.real(config, TrainingOptions.HEAD_FIRST, 0, 1),
                    problems.real(config, TrainingOptions.WARMUP, 0, 1),
                    problems.real(config, TrainingOptions.CLIP_NORM, 0.000001, 1000000));
        }
    }

    /**
     * What a new model's training minimises, and the range of ratings that a loss of them needs.
     */
    public record Objective(Loss loss, float ratingMin, float ratingMax) implements Serializable {

        static Objective from(ReadableConfig config, Problems problems) {
            Objective objective =
                    new Objective(
                            problems.any(config, TrainingOptions.LOSS),
                            problems.real(config, TrainingOptions.RATING_MIN, -1e6, 1e6),
                            problems.real(config, TrainingOptions.RATING_MAX, -1e6, 1e6));
            if (objective.ratingMin >= objective.ratingMax) {
                problems.add(
                        TrainingOptions.RATING_MAX.key(),
                        String.valueOf(objective.ratingMax),
                        "more than training.rating-min = " + objective.ratingMin);
            }
            return objective;
        }
    }

    /**
     * What is kept of earlier windows and trained again.
     *
     * @param ratio replayed sequences per new one
     * @param capacity sequences
     * @param distillation weight of a replayed position's divergence from the model before
     */
    public record Replay(float ratio, int capacity, float distillation) implements Serializable {

        static Replay from(ReadableConfig config, Problems problems) {
            return new Replay(
                    problems.real(config, TrainingOptions.REPLAY_RATIO, 0, 100),
                    problems.integer(config, TrainingOptions.REPLAY_CAPACITY, 0, 10000000),
                    problems.real(config, TrainingOptions.DISTILLATION, 0, 10));
        }
    }

    /**
     * Which updates and versions are refused.
     *
     * @param holdout share of a window's users whose newest position judges
     * @param tolerance how much the mean loss may exceed that of the model before, as a share of it
     * @param maxItemShare share of a window's interactions that one item may have
     */
    public record Gate(float holdout, float tolerance, float maxItemShare) implements Serializable {

        static Gate from(ReadableConfig config, Problems problems) {
            return new Gate(
                    problems.real(config, TrainingOptions.HOLDOUT, 0, 0.9),
                    problems.real(config, TrainingOptions.GATE_TOLERANCE, 0, 100),
                    problems.real(config, TrainingOptions.MAX_ITEM_SHARE, 0, 1));
        }
    }

    /**
     * How the base version is made.
     *
     * @param epochs most passes
     * @param rate peak learning rate of the whole model
     */
    public record Pretraining(int epochs, float rate) implements Serializable {

        static Pretraining from(ReadableConfig config, Problems problems) {
            return new Pretraining(
                    problems.integer(config, TrainingOptions.PRETRAIN_EPOCHS, 1, 10000),
                    problems.real(config, TrainingOptions.PRETRAIN_RATE, 0, 10));
        }
    }

    /**
     * Which items have a row in the model.
     *
     * @param admissionInteractions interactions after which an item that the catalog does not name
     *     gets a row
     * @param maxRows most rows of the item table, a hard cap
     * @param ttl event time after which the row of an item that nobody took is given to another
     * @param withdrawnTtl the same for an item that the catalog has withdrawn
     */
    public record Vocabulary(
            int admissionInteractions, int maxRows, Duration ttl, Duration withdrawnTtl)
            implements Serializable {

        static Vocabulary from(ReadableConfig config, Problems problems) {
            return new Vocabulary(
                    problems.integer(config, TrainingOptions.ADMISSION_INTERACTIONS, 1, 1000),
                    problems.integer(config, TrainingOptions.MAX_ROWS, 16, 100000000),
                    problems.duration(config, TrainingOptions.ITEM_TTL, Duration.ofMinutes(1)),
                    problems.duration(
                            config, TrainingOptions.WITHDRAWN_TTL, Duration.ofMinutes(1)));
        }
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static TrainingConfig from(ReadableConfig config, Problems problems) {
        TrainingConfig training =
                new TrainingConfig(
                        problems.any(config, TrainingOptions.ENABLED),
                        problems.integer(config, TrainingOptions.UPDATES_PER_VERSION, 1, 100000),
                        problems.any(config, TrainingOptions.FROZEN_BASELINE),
                        Window.from(config, problems),
                        Optimizer.from(config, problems),
                        Objective.from(config, problems),
                        Replay.from(config, problems),
                        Gate.from(config, problems),
                        Pretraining.from(config, problems),
                        Vocabulary.from(config, problems));
        if (training.objective.loss == Loss.MSE && training.replay.distillation > 0) {
            problems.add(
                    TrainingOptions.DISTILLATION.key(),
                    String.valueOf(training.replay.distillation),
                    "0 with training.loss = mse, whose scores are no probabilities");
        }
        return training;
    }
}
