package io.freshet.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ReadableConfig;

/** How control messages are followed. See {@link ControlOptions} for units and defaults. */
public record ControlConfig(Duration idTtl) implements Serializable {

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static ControlConfig from(ReadableConfig config, Problems problems) {
        return new ControlConfig(
                problems.duration(config, ControlOptions.ID_TTL, Duration.ofMinutes(1)));
    }
}
