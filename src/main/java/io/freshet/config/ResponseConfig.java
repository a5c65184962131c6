package io.freshet.config;

import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What counts as the response to an exposure.
 *
 * @param types event types that do; none for all by which users choose
 * @param window event time after an exposure in which they do
 */
public record ResponseConfig(List<String> types, Duration window) implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<List<String>> TYPES =
            OPTIONS.texts("response.types")
                    .describe(
                            "Event types, such as click, by which a user responds to an exposure of the "
                                    + "item; none for all by which users choose.");

    public static final ConfigOption<Duration> WAIT =
            OPTIONS.duration("response.wait", Duration.ofMinutes(1), Duration.ofMillis(1))
                    .describe(
                            "Event time after an exposure in which a response counts. Only then "
                                    + "anything is learned from the exposure, with a response or without.");

    /** Whether an interaction responds to an exposure of its item. */
    public boolean isResponse(String eventType, Kind kind) {
        return types.isEmpty() ? kind == Kind.TARGET : types.contains(eventType);
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    static ResponseConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new ResponseConfig(read.get(TYPES), read.get(WAIT));
    }
}
