package io.freshet.config;

import java.io.Serializable;
import org.apache.flink.configuration.ReadableConfig;

/** Shape of the reference model. See {@link ModelOptions} for units and defaults. */
public record ModelConfig(int width, int blocks, int heads, float dropout, long seed)
        implements Serializable {

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static ModelConfig from(ReadableConfig config, Problems problems) {
        return new ModelConfig(
                problems.integer(config, ModelOptions.WIDTH, 4, 4096),
                problems.integer(config, ModelOptions.BLOCKS, 1, 48),
                problems.integer(config, ModelOptions.HEADS, 1, 64),
                problems.real(config, ModelOptions.DROPOUT, 0, 0.9),
                problems.any(config, ModelOptions.SEED));
    }
}
