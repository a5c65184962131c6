package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/** When and how the model is fine-tuned. Each option says its unit, default and values. */
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

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<Boolean> ENABLED =
            OPTIONS.flag("training.enabled", true)
                    .describe(
                            "Whether the model is fine-tuned; without, the base model serves as it "
                                    + "is.");

    public static final ConfigOption<Integer> UPDATES_PER_VERSION =
            OPTIONS.integer("training.updates-per-version", 8, 1, 100000)
                    .describe(
                            "Windows, each an update of the live model, from one durable version to "
                                    + "the next.");

    public static final ConfigOption<Boolean> FROZEN_BASELINE =
            OPTIONS.flag("training.frozen-baseline", false)
                    .describe(
                            "Whether the model that the job started with is evaluated beside the "
                                    + "live one.");

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

    /** What a training window is made of. */
    public record Window(int minInteractions, int maxInteractions, Duration time, int maxBacklog)
            implements Serializable {

        static final OptionGroup OPTIONS = new OptionGroup();

        public static final ConfigOption<Integer> MIN_INTERACTIONS =
                OPTIONS.integer("training.min-interactions", 250, 1, 10000000)
                        .describe(
                                "Fewest new interactions that make a training window. How many do is "
                                        + "found on the stream, from what updates gain.");

        public static final ConfigOption<Integer> MAX_INTERACTIONS =
                OPTIONS.integer("training.max-interactions", 8000, 1, 10000000)
                        .describe("Most new interactions of a training window.");

        public static final ConfigOption<Duration> TIME =
                OPTIONS.duration("training.window-time", Duration.ofDays(7), Duration.ofMillis(10))
                        .describe(
                                "Event time after which a training window is closed with fewer "
                                        + "interactions.");

        public static final ConfigOption<Integer> MAX_BACKLOG =
                OPTIONS.integer("training.max-backlog", 50000, 1, 10000000)
                        .formerly("control.max-paused-sequences")
                        .describe(
                                "Training sequences, one per active user and pane, that wait in memory "
                                        + "for training at most, while it is paused or slower than the stream; "
                                        + "beyond them a sample is passed over.");

        static Window from(ReadableConfig config, Problems problems) {
            OptionGroup.Reader read = OPTIONS.reader(config, problems);
            Window window =
                    new Window(
                            read.get(MIN_INTERACTIONS),
                            read.get(MAX_INTERACTIONS),
                            read.get(TIME),
                            read.get(MAX_BACKLOG));
            if (window.maxInteractions < window.minInteractions) {
                problems.add(
                        MAX_INTERACTIONS.key(),
                        String.valueOf(window.maxInteractions),
                        "at least training.min-interactions = " + window.minInteractions);
            }
            if (window.maxBacklog < window.minInteractions) {
                problems.add(
                        MAX_BACKLOG.key(),
                        String.valueOf(window.maxBacklog),
                        "at least training.min-interactions = " + window.minInteractions);
            }
            return window;
        }
    }

    /** How gradients become weights. */
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

        static final OptionGroup OPTIONS = new OptionGroup();

        public static final ConfigOption<Integer> EPOCHS =
                OPTIONS.integer("training.epochs", 2, 1, 1000)
                        .describe(
                                "Most passes over a window; fewer when one made validation positions worse.");

        public static final ConfigOption<Integer> BATCH_SIZE =
                OPTIONS.integer("training.batch-size", 64, 1, 65536)
                        .describe("Sequences in a batch.");

        public static final ConfigOption<Integer> NEGATIVES =
                OPTIONS.integer("training.negatives", 1024, 1, 1000000)
                        .describe(
                                "Shared negatives drawn per batch, besides the batch's own targets; with "
                                        + "as many as there are items the softmax is exact.");

        public static final ConfigOption<Float> HEAD_RATE =
                OPTIONS.real("training.head-rate", 0.002f, 0, 10)
                        .describe("Peak learning rate of item rows, adapters and biases.");

        public static final ConfigOption<Float> BODY_RATE =
                OPTIONS.real("training.body-rate", 0.001f, 0, 10)
                        .describe("Peak learning rate of the transformer.");

        public static final ConfigOption<Float> LAYER_DECAY =
                OPTIONS.real("training.layer-decay", 1f, 0.01, 1)
                        .describe(
                                "The topmost block of the transformer is fine-tuned at the body rate, "
                                        + "each block below at this share of the rate above it, and the positions "
                                        + "at the lowest.");

        public static final ConfigOption<Float> HEAD_FIRST =
                OPTIONS.real("training.head-first", 0.25f, 0, 1)
                        .describe(
                                "Share of a window's steps, from the first, in which the transformer is "
                                        + "frozen.");

        public static final ConfigOption<Float> WARMUP =
                OPTIONS.real("training.warmup", 0.1f, 0, 1)
                        .describe(
                                "Share of a window's steps in which the learning rates rise; afterwards "
                                        + "they fall along a cosine.");

        public static final ConfigOption<Float> CLIP_NORM =
                OPTIONS.real("training.clip-norm", 5f, 0.000001, 1000000)
                        .describe("Global norm that gradients are clipped to.");

        static Optimizer from(ReadableConfig config, Problems problems) {
            OptionGroup.Reader read = OPTIONS.reader(config, problems);
            return new Optimizer(
                    read.get(EPOCHS),
                    read.get(BATCH_SIZE),
                    read.get(NEGATIVES),
                    read.get(HEAD_RATE),
                    read.get(BODY_RATE),
                    read.get(LAYER_DECAY),
                    read.get(HEAD_FIRST),
                    read.get(WARMUP),
                    read.get(CLIP_NORM));
        }
    }

    /**
     * What a new model's training minimises, and the range of ratings that a loss of them needs.
     */
    public record Objective(Loss loss, float ratingMin, float ratingMax, float rejectionWeight)
            implements Serializable {

        static final OptionGroup OPTIONS = new OptionGroup();

        public static final ConfigOption<TrainingConfig.Loss> LOSS =
                OPTIONS.choice("training.loss", TrainingConfig.Loss.SAMPLED_SOFTMAX)
                        .describe(
                                "What a new model's training minimises: sampled-softmax (cross-entropy "
                                        + "over the target and sampled negatives), bce (binary cross-entropy, each "
                                        + "item judged alone) or mse (squared error of explicit ratings; positions "
                                        + "without one teach nothing). A version keeps the loss that it was made "
                                        + "with.");

        public static final ConfigOption<Float> RATING_MIN =
                OPTIONS.real("training.rating-min", 1f, -1e6, 1e6)
                        .describe("Lowest rating, used with training.loss = mse.");

        public static final ConfigOption<Float> RATING_MAX =
                OPTIONS.real("training.rating-max", 5f, -1e6, 1e6)
                        .describe("Highest rating, used with training.loss = mse.");

        public static final ConfigOption<Float> REJECTION_WEIGHT =
                OPTIONS.real("training.rejection-weight", 0.5f, 0, 10)
                        .describe(
                                "What a rejection (feedback.negative-types) counts in training beside a "
                                        + "choice: it makes the item less likely after what the user did "
                                        + "before; 0 for nothing. Only with training.loss = sampled-softmax.");

        static Objective from(ReadableConfig config, Problems problems) {
            OptionGroup.Reader read = OPTIONS.reader(config, problems);
            Objective objective =
                    new Objective(
                            read.get(LOSS),
                            read.get(RATING_MIN),
                            read.get(RATING_MAX),
                            read.get(REJECTION_WEIGHT));
            if (objective.ratingMin >= objective.ratingMax) {
                problems.add(
                        RATING_MAX.key(),
                        String.valueOf(objective.ratingMax),
                        "more than training.rating-min = " + objective.ratingMin);
            }
            return objective;
        }
    }

    /** What is kept of earlier windows and trained again. */
    public record Replay(float ratio, int capacity, float distillation) implements Serializable {

        static final OptionGroup OPTIONS = new OptionGroup();

        public static final ConfigOption<Float> RATIO =
                OPTIONS.real("training.replay-ratio", 0.5f, 0, 100)
                        .describe("Replayed sequences per new one.");

        public static final ConfigOption<Integer> CAPACITY =
                OPTIONS.integer("training.replay-capacity", 2000, 0, 10000000)
                        .describe("Sequences kept for replay (a sample of all that was trained).");

        public static final ConfigOption<Float> DISTILLATION =
                OPTIONS.real("training.distillation", 0f, 0, 10)
                        .describe(
                                "What a replayed position's divergence from what the model said before "
                                        + "the window counts beside its loss; 0 for no distillation.");

        static Replay from(ReadableConfig config, Problems problems) {
            OptionGroup.Reader read = OPTIONS.reader(config, problems);
            return new Replay(read.get(RATIO), read.get(CAPACITY), read.get(DISTILLATION));
        }
    }

    /** Which updates and versions are refused. */
    public record Gate(float holdout, float tolerance, float maxItemShare) implements Serializable {

        static final OptionGroup OPTIONS = new OptionGroup();

        public static final ConfigOption<Float> HOLDOUT =
                OPTIONS.real("training.holdout", 0.125f, 0, 0.9)
                        .describe(
                                "Share of a window's positions that are held out: they validate updates and "
                                        + "versions for eight windows, and are trained then. With 0 only "
                                        + "a model that diverges is refused.");

        public static final ConfigOption<Float> TOLERANCE =
                OPTIONS.real("training.gate-tolerance", 0.02f, 0, 100)
                        .describe(
                                "How much a model's mean loss on validation positions may exceed that of "
                                        + "the one before, as a share of it; what exceeds it with 95 % confidence "
                                        + "is refused.");

        public static final ConfigOption<Float> MAX_ITEM_SHARE =
                OPTIONS.real("training.max-item-share", 0.3f, 0, 1)
                        .describe(
                                "Share of a window's interactions that one item may have without having had a "
                                        + "third of it before; its excess is weighted down in training.");

        static Gate from(ReadableConfig config, Problems problems) {
            OptionGroup.Reader read = OPTIONS.reader(config, problems);
            return new Gate(read.get(HOLDOUT), read.get(TOLERANCE), read.get(MAX_ITEM_SHARE));
        }
    }

    /** How the base version is made. */
    public record Pretraining(int epochs, float rate) implements Serializable {

        static final OptionGroup OPTIONS = new OptionGroup();

        public static final ConfigOption<Integer> EPOCHS =
                OPTIONS.integer("training.pretrain-epochs", 30, 1, 10000)
                        .describe(
                                "Most passes that make the base version; fewer when validation positions "
                                        + "stop improving.");

        public static final ConfigOption<Float> RATE =
                OPTIONS.real("training.pretrain-rate", 0.001f, 0, 10)
                        .describe(
                                "Peak learning rate of the whole model while the base version is made.");

        static Pretraining from(ReadableConfig config, Problems problems) {
            OptionGroup.Reader read = OPTIONS.reader(config, problems);
            return new Pretraining(read.get(EPOCHS), read.get(RATE));
        }
    }

    /** Which items have a row in the model. */
    public record Vocabulary(
            int admissionInteractions, int maxRows, Duration ttl, Duration withdrawnTtl)
            implements Serializable {

        static final OptionGroup OPTIONS = new OptionGroup();

        public static final ConfigOption<Integer> ADMISSION_INTERACTIONS =
                OPTIONS.integer("vocabulary.admission-interactions", 2, 1, 1000)
                        .describe(
                                "Interactions after which an item that the catalog does not name gets a "
                                        + "row in the model.");

        public static final ConfigOption<Integer> MAX_ROWS =
                OPTIONS.integer("vocabulary.max-rows", 1000000, 16, 100000000)
                        .describe("Most items that have a row in the model, a hard cap.");

        public static final ConfigOption<Duration> TTL =
                OPTIONS.duration("vocabulary.ttl", Duration.ofDays(365), Duration.ofMinutes(1))
                        .describe(
                                "Event time after which the row of an item that is not in the catalog, and "
                                        + "that nobody interacted with, is given to another item.");

        public static final ConfigOption<Duration> WITHDRAWN_TTL =
                OPTIONS.duration(
                                "vocabulary.withdrawn-ttl",
                                Duration.ofDays(30),
                                Duration.ofMinutes(1))
                        .describe("The same time for an item that the catalog has withdrawn.");

        static Vocabulary from(ReadableConfig config, Problems problems) {
            OptionGroup.Reader read = OPTIONS.reader(config, problems);
            return new Vocabulary(
                    read.get(ADMISSION_INTERACTIONS),
                    read.get(MAX_ROWS),
                    read.get(TTL),
                    read.get(WITHDRAWN_TTL));
        }
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    static TrainingConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        TrainingConfig training =
                new TrainingConfig(
                        read.get(ENABLED),
                        read.get(UPDATES_PER_VERSION),
                        read.get(FROZEN_BASELINE),
                        Window.from(config, problems),
                        Optimizer.from(config, problems),
                        Objective.from(config, problems),
                        Replay.from(config, problems),
                        Gate.from(config, problems),
                        Pretraining.from(config, problems),
                        Vocabulary.from(config, problems));
        if (training.objective.loss == Loss.MSE && training.replay.distillation > 0) {
            problems.add(
                    Replay.DISTILLATION.key(),
                    String.valueOf(training.replay.distillation),
                    "0 with training.loss = mse, whose scores are no probabilities");
        }
        return training;
    }
}
