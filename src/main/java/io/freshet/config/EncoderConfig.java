package io.freshet.config;

import java.io.Serializable;
import org.apache.flink.configuration.ReadableConfig;

/** How the content of items becomes vectors. See {@link EncoderOptions} for units and defaults. */
public record EncoderConfig(boolean enabled, int batchSize, int maxTokens) implements Serializable {

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static EncoderConfig from(ReadableConfig config, Problems problems) {
        return new EncoderConfig(
                problems.any(config, EncoderOptions.ENABLED),
                problems.integer(config, EncoderOptions.BATCH_SIZE, 1, 1024),
                problems.integer(config, EncoderOptions.MAX_TOKENS, 8, 512));
    }
}
