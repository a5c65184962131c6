package io.freshet.config;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** How control messages are followed. Options of the {@code control} group. */
public final class ControlOptions {

    public static final ConfigOption<Duration> ID_TTL =
            ConfigOptions.key("control.id-ttl")
                    .durationType()
                    .defaultValue(Duration.ofDays(30))
                    .withDescription(
                            "Time for which the id of a control is remembered, so that a "
                                    + "repeat is answered and not carried out again; older "
                                    + "controls about training are refused.");

    private ControlOptions() {}
}
