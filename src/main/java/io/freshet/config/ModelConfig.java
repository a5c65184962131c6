package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Shape of the reference model.
 *
 * @param attributes names of what it takes of an interaction besides its item
 * @param attributeBuckets what their values are hashed to
 */
public record ModelConfig(
        int width,
        int blocks,
        int heads,
        List<String> attributes,
        int attributeBuckets,
        float dropout,
        Precision precision,
        long seed)
        implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<Integer> WIDTH =
            OPTIONS.integer("model.width", 64, 4, 4096)
                    .describe("Width of item vectors and hidden states.");

    public static final ConfigOption<Integer> BLOCKS =
            OPTIONS.integer("model.blocks", 2, 1, 48).describe("Transformer blocks.");

    public static final ConfigOption<Integer> HEADS =
            OPTIONS.integer("model.heads", 2, 1, 64)
                    .describe("Attention heads; divides model.width.");

    /** What an interaction says whatever is declared. */
    public static final Set<String> BUILT_IN_ATTRIBUTES =
            Set.of("event-type", "gap", "hour", "weekday");

    public static final ConfigOption<List<String>> ATTRIBUTES =
            OPTIONS.texts("model.attributes")
                    .describe(
                            "What the model takes of the interactions of a history besides their items: "
                                    + "event-type, gap (time since the interaction before), hour and "
                                    + "weekday (UTC), and attributes that attributes.context declares.");

    public static final ConfigOption<Integer> ATTRIBUTE_BUCKETS =
            OPTIONS.integer("model.attribute-buckets", 256, 8, 65536)
                    .describe(
                            "Vectors that the values of model.attributes share by their hashes; for many "
                                    + "values more, so that few share one.");

    public static final ConfigOption<Float> DROPOUT =
            OPTIONS.real("model.dropout", 0.2f, 0, 0.9)
                    .describe("Share of activations dropped in training.");

    public static final ConfigOption<Precision> PRECISION =
            OPTIONS.choice("model.precision", Precision.FLOAT32)
                    .describe(
                            "What the transformer blocks' matrix products are computed in. bfloat16 is "
                                    + "mixed precision, for GPUs of compute capability 8.0 and above; "
                                    + "weights, softmaxes, scores and losses stay float32.");

    public static final ConfigOption<Long> SEED =
            OPTIONS.number("model.seed", 42L, Long.MIN_VALUE)
                    .describe("Seed of initial weights, sampling and dropout.");

    /** What matrix products are computed in. */
    public enum Precision {
        /** Single precision. */
        FLOAT32("float32"),
        /** Factors of 16 bits, sums of 32. */
        BFLOAT16("bfloat16");

        private final String value;

        Precision(String value) {
            this.value = value;
        }

        /** The option's value. */
        @Override
        public String toString() {
            return value;
        }
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    static ModelConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new ModelConfig(
                read.get(WIDTH),
                read.get(BLOCKS),
                read.get(HEADS),
                read.get(ATTRIBUTES),
                read.get(ATTRIBUTE_BUCKETS),
                read.get(DROPOUT),
                read.get(PRECISION),
                read.get(SEED));
    }
}
