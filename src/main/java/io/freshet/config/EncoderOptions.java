package io.freshet.config;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** How the content of items becomes vectors. Options of the {@code encoder} group. */
public final class EncoderOptions {

    public static final ConfigOption<Boolean> ENABLED =
            ConfigOptions.key("encoder.enabled")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether a pre-trained text encoder turns titles, categories "
                                    + "and descriptions into vectors.");

    public static final ConfigOption<Integer> BATCH_SIZE =
            ConfigOptions.key("encoder.batch-size")
                    .intType()
                    .defaultValue(32)
                    .withDescription("Most texts that are encoded in one batch.");

    public static final ConfigOption<Integer> MAX_TOKENS =
            ConfigOptions.key("encoder.max-tokens")
                    .intType()
                    .defaultValue(64)
                    .withDescription("Tokens of a text that are read; the rest is cut.");

    private EncoderOptions() {}
}
