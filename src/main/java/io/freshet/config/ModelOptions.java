package io.freshet.config;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Shape of the reference model. Options of the {@code model} group. */
public final class ModelOptions {

    public static final ConfigOption<Integer> WIDTH =
            ConfigOptions.key("model.width")
                    .intType()
                    .defaultValue(64)
                    .withDescription("Width of item vectors and hidden states.");

    public static final ConfigOption<Integer> BLOCKS =
            ConfigOptions.key("model.blocks")
                    .intType()
                    .defaultValue(2)
                    .withDescription("Transformer blocks.");

    public static final ConfigOption<Integer> HEADS =
            ConfigOptions.key("model.heads")
                    .intType()
                    .defaultValue(2)
                    .withDescription("Attention heads; divides model.width.");

    public static final ConfigOption<Float> DROPOUT =
            ConfigOptions.key("model.dropout")
                    .floatType()
                    .defaultValue(0.2f)
                    .withDescription("Share of activations dropped in training.");

    public static final ConfigOption<Long> SEED =
            ConfigOptions.key("model.seed")
                    .longType()
                    .defaultValue(42L)
                    .withDescription("Seed of initial weights, sampling and dropout.");

    private ModelOptions() {}
}
