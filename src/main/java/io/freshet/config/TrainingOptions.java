package io.freshet.config;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** When and how the model is fine-tuned. Options of the {@code training} group. */
public final class TrainingOptions {

    public static final ConfigOption<Boolean> ENABLED =
            ConfigOptions.key("training.enabled")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether the model is fine-tuned; without, the base model "
                                    + "serves as it is.");

    public static final ConfigOption<Integer> MIN_INTERACTIONS =
            ConfigOptions.key("training.min-interactions")
                    .intType()
                    .defaultValue(250)
                    .withDescription(
                            "Fewest new interactions that make a training window. How many "
                                    + "do is found on the stream, from what updates gain.");

    public static final ConfigOption<Integer> MAX_INTERACTIONS =
            ConfigOptions.key("training.max-interactions")
                    .intType()
                    .defaultValue(8000)
                    .withDescription("Most new interactions that a training window waits for.");

    public static final ConfigOption<Duration> WINDOW_TIME =
            ConfigOptions.key("training.window-time")
                    .durationType()
                    .defaultValue(Duration.ofDays(7))
                    .withDescription(
                            "Event time after which a training window is closed with "
                                    + "fewer interactions.");

    public static final ConfigOption<Integer> UPDATES_PER_VERSION =
            ConfigOptions.key("training.updates-per-version")
                    .intType()
                    .defaultValue(8)
                    .withDescription(
                            "Windows, each an update of the live model, from one durable "
                                    + "version to the next.");

    public static final ConfigOption<Integer> EPOCHS =
            ConfigOptions.key("training.epochs")
                    .intType()
                    .defaultValue(2)
                    .withDescription(
                            "Most passes over a window; fewer when one made held-out positions "
                                    + "worse.");

    public static final ConfigOption<Integer> BATCH_SIZE =
            ConfigOptions.key("training.batch-size")
                    .intType()
                    .defaultValue(64)
                    .withDescription("Sequences in a batch.");

    public static final ConfigOption<Integer> NEGATIVES =
            ConfigOptions.key("training.negatives")
                    .intType()
                    .defaultValue(1024)
                    .withDescription(
                            "Shared negatives drawn per batch, besides the batch's own "
                                    + "targets; with as many as there are items the softmax is "
                                    + "exact.");

    public static final ConfigOption<Float> HEAD_RATE =
            ConfigOptions.key("training.head-rate")
                    .floatType()
                    .defaultValue(0.002f)
                    .withDescription("Peak learning rate of item rows, adapters and biases.");

    public static final ConfigOption<Float> BODY_RATE =
            ConfigOptions.key("training.body-rate")
                    .floatType()
                    .defaultValue(0.001f)
                    .withDescription("Peak learning rate of the transformer.");

    public static final ConfigOption<Float> HEAD_FIRST =
            ConfigOptions.key("training.head-first")
                    .floatType()
                    .defaultValue(0.25f)
                    .withDescription(
                            "Share of a window's steps, from the first, in which the "
                                    + "transformer is frozen.");

    public static final ConfigOption<Float> WARMUP =
            ConfigOptions.key("training.warmup")
                    .floatType()
                    .defaultValue(0.1f)
                    .withDescription(
                            "Share of a window's steps in which the learning rates rise; "
                                    + "afterwards they fall along a cosine.");

    public static final ConfigOption<Float> CLIP_NORM =
            ConfigOptions.key("training.clip-norm")
                    .floatType()
                    .defaultValue(5f)
                    .withDescription("Global norm that gradients are clipped to.");

    public static final ConfigOption<Float> REPLAY_RATIO =
            ConfigOptions.key("training.replay-ratio")
                    .floatType()
                    .defaultValue(0.5f)
                    .withDescription("Replayed sequences per new one.");

    public static final ConfigOption<Integer> REPLAY_CAPACITY =
            ConfigOptions.key("training.replay-capacity")
                    .intType()
                    .defaultValue(2000)
                    .withDescription(
                            "Sequences kept for replay (a sample of all that was " + "trained).");

    public static final ConfigOption<Float> HOLDOUT =
            ConfigOptions.key("training.holdout")
                    .floatType()
                    .defaultValue(0.05f)
                    .withDescription(
                            "Share of a window's users whose newest position judges the "
                                    + "trained model and is trained in the next window.");

    public static final ConfigOption<Float> GATE_TOLERANCE =
            ConfigOptions.key("training.gate-tolerance")
                    .floatType()
                    .defaultValue(0.02f)
                    .withDescription(
                            "How much a model's mean loss on held-out positions may "
                                    + "exceed that of the one before, as a share of it; what "
                                    + "exceeds it with 95 % confidence is refused.");

    public static final ConfigOption<Float> MAX_ITEM_SHARE =
            ConfigOptions.key("training.max-item-share")
                    .floatType()
                    .defaultValue(0.3f)
                    .withDescription(
                            "Share of a window's interactions that one item may have; a window "
                                    + "with more, of an item that had less than a third of that "
                                    + "before, is refused as an attack or a fault.");

    public static final ConfigOption<Boolean> FROZEN_BASELINE =
            ConfigOptions.key("training.frozen-baseline")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether the model that the job started with is evaluated "
                                    + "beside the live one.");

    public static final ConfigOption<Integer> PRETRAIN_EPOCHS =
            ConfigOptions.key("training.pretrain-epochs")
                    .intType()
                    .defaultValue(30)
                    .withDescription(
                            "Most passes that make the base version; fewer when held-out "
                                    + "positions stop improving.");

    public static final ConfigOption<Float> PRETRAIN_RATE =
            ConfigOptions.key("training.pretrain-rate")
                    .floatType()
                    .defaultValue(0.001f)
                    .withDescription(
                            "Peak learning rate of the whole model while the base version "
                                    + "is made.");

    public static final ConfigOption<TrainingConfig.Loss> LOSS =
            ConfigOptions.key("training.loss")
                    .enumType(TrainingConfig.Loss.class)
                    .defaultValue(TrainingConfig.Loss.SAMPLED_SOFTMAX)
                    .withDescription(
                            "What a new model's training minimises: sampled-softmax "
                                    + "(cross-entropy over the target and sampled negatives), "
                                    + "bce (binary cross-entropy, each item judged alone) or "
                                    + "mse (squared error of explicit ratings; positions without "
                                    + "one teach nothing). A version keeps the loss that it was "
                                    + "made with.");

    public static final ConfigOption<Float> RATING_MIN =
            ConfigOptions.key("training.rating-min")
                    .floatType()
                    .defaultValue(1f)
                    .withDescription("Lowest rating, used with training.loss = mse.");

    public static final ConfigOption<Float> RATING_MAX =
            ConfigOptions.key("training.rating-max")
                    .floatType()
                    .defaultValue(5f)
                    .withDescription("Highest rating, used with training.loss = mse.");

    public static final ConfigOption<Float> LAYER_DECAY =
            ConfigOptions.key("training.layer-decay")
                    .floatType()
                    .defaultValue(1f)
                    .withDescription(
                            "The topmost block of the transformer is fine-tuned at the body "
                                    + "rate, each block below at this share of the rate above it, "
                                    + "and the positions at the lowest.");

    public static final ConfigOption<Float> DISTILLATION =
            ConfigOptions.key("training.distillation")
                    .floatType()
                    .defaultValue(0f)
                    .withDescription(
                            "What a replayed position's divergence from what the model said "
                                    + "before the window counts beside its loss; 0 for no "
                                    + "distillation.");

    public static final ConfigOption<Integer> MAX_BACKLOG =
            ConfigOptions.key("training.max-backlog")
                    .intType()
                    .defaultValue(50000)
                    .withDeprecatedKeys("control.max-paused-sequences")
                    .withDescription(
                            "Training sequences, one per active user and pane, that wait in "
                                    + "memory for training at most, while it is paused or slower "
                                    + "than the stream; beyond them the oldest are passed over.");

    public static final ConfigOption<Integer> ADMISSION_INTERACTIONS =
            ConfigOptions.key("vocabulary.admission-interactions")
                    .intType()
                    .defaultValue(2)
                    .withDescription(
                            "Interactions after which an item that the catalog does not name gets "
                                    + "a row in the model.");

    public static final ConfigOption<Integer> MAX_ROWS =
            ConfigOptions.key("vocabulary.max-rows")
                    .intType()
                    .defaultValue(1000000)
                    .withDescription("Most rows of the model's item table, a hard cap.");

    public static final ConfigOption<Duration> ITEM_TTL =
            ConfigOptions.key("vocabulary.ttl")
                    .durationType()
                    .defaultValue(Duration.ofDays(365))
                    .withDescription(
                            "Event time after which the row of an item that nobody took is given "
                                    + "to another item.");

    public static final ConfigOption<Duration> WITHDRAWN_TTL =
            ConfigOptions.key("vocabulary.withdrawn-ttl")
                    .durationType()
                    .defaultValue(Duration.ofDays(30))
                    .withDescription("The same time for an item that the catalog has withdrawn.");

    private TrainingOptions() {}
}
