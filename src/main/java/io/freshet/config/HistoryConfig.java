package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/** What is kept of a user, and when a user asks. */
public record HistoryConfig(
        int length,
        Duration pane,
        Duration ttl,
        Duration forgottenTtl,
        int rememberedEvents,
        boolean consumeOnce,
        FeedbackConfig feedback,
        ResponseConfig response,
        Asking asking)
        implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<Integer> LENGTH =
            OPTIONS.integer("history.length", 50, 2, 1000)
                    .describe("Interactions that are kept per user and seen by the model.");

    public static final ConfigOption<Duration> PANE =
            OPTIONS.duration("history.pane", Duration.ofMinutes(10), Duration.ofMillis(10))
                    .describe(
                            "Event time after which a user's new interactions become one training "
                                    + "sequence.");

    public static final ConfigOption<Duration> TTL =
            OPTIONS.duration("history.ttl", Duration.ofDays(180), Duration.ofMinutes(1))
                    .describe("Time without activity after which a user's state is dropped.");

    public static final ConfigOption<Duration> DEBOUNCE =
            OPTIONS.duration("history.debounce", Duration.ofSeconds(1), Duration.ZERO)
                    .describe(
                            "Processing time that a user's activity is gathered before one request "
                                    + "is made of it.");

    public static final ConfigOption<Integer> REMEMBERED_EVENTS =
            OPTIONS.integer("history.remembered-events", 100, 1, 10000)
                    .describe("Event ids remembered per user to recognise duplicates.");

    public static final ConfigOption<Boolean> CONSUME_ONCE =
            OPTIONS.flag("history.consume-once", false)
                    .describe(
                            "Whether an item is consumed once (a film, an article), so that lists "
                                    + "leave out what the user had.");

    public static final ConfigOption<Boolean> SERVE =
            OPTIONS.flag("history.serve", true)
                    .internal()
                    .describe(
                            "Whether activity asks for lists; a replay switches it off and probes "
                                    + "instead.");

    public static final ConfigOption<Integer> PROBE_STRIDE =
            OPTIONS.integer("history.probe-stride", 20, 0, 1000000)
                    .describe(
                            "Every how many source offsets a list is made just before the "
                                    + "interaction is applied, to measure what users would have got and to "
                                    + "learn the fusion from; 0 for never.");

    public static final ConfigOption<Long> PROBE_FROM =
            OPTIONS.number("history.probe-from-offset", 0L, 0)
                    .internal()
                    .describe("First source offset that is probed.");

    public static final ConfigOption<List<String>> PROBE_TYPES =
            OPTIONS.texts("history.probe-types")
                    .internal()
                    .describe("Event types that are probed; none for all that users choose by.");

    public static final ConfigOption<Duration> FORGOTTEN_TTL =
            OPTIONS.duration("history.forgotten-ttl", Duration.ofDays(30), Duration.ofMinutes(1))
                    .describe(
                            "Time for which a forgotten user's older interactions are dropped when "
                                    + "they arrive after all; at least the retention of the interactions topic.");

    /**
     * When a list is asked for.
     *
     * @param debounce processing time that a user's activity is gathered before one request
     * @param serve whether activity asks for lists
     * @param probeStride every how many source offsets a list is made to measure by; 0 for never
     * @param probeFrom first source offset that is probed
     * @param probeTypes event types that are probed; none for all that users choose by
     */
    public record Asking(
            Duration debounce,
            boolean serve,
            int probeStride,
            long probeFrom,
            List<String> probeTypes)
            implements Serializable {}

    /** Reads the group; what is wrong is added to {@code problems}. */
    static HistoryConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new HistoryConfig(
                read.get(LENGTH),
                read.get(PANE),
                read.get(TTL),
                read.get(FORGOTTEN_TTL),
                read.get(REMEMBERED_EVENTS),
                read.get(CONSUME_ONCE),
                FeedbackConfig.from(config, problems),
                ResponseConfig.from(config, problems),
                new Asking(
                        read.get(DEBOUNCE),
                        read.get(SERVE),
                        read.get(PROBE_STRIDE),
                        read.get(PROBE_FROM),
                        read.get(PROBE_TYPES)));
    }
}
