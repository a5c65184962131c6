package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/** Shape of the reference model. */
public record ModelConfig(
        int width, int blocks, int heads, float dropout, Precision precision, long seed)
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
                read.get(DROPOUT),
                read.get(PRECISION),
                read.get(SEED));
    }
}
