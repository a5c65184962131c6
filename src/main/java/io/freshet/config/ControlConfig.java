package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/** How control messages are followed. */
public record ControlConfig(Duration idTtl) implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<Duration> ID_TTL =
            OPTIONS.duration("control.id-ttl", Duration.ofDays(30), Duration.ofMinutes(1))
                    .describe(
                            "Time for which the id of a control is remembered, so that a repeat is "
                                    + "answered and not carried out again; older controls about training are "
                                    + "refused.");

    /** Reads the group; what is wrong is added to {@code problems}. */
    static ControlConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new ControlConfig(read.get(ID_TTL));
    }
}
