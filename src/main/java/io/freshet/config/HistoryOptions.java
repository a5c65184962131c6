package io.freshet.config;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** What is kept of a user, and when a user asks. Options of the {@code history} group. */
public final class HistoryOptions {

    public static final ConfigOption<Integer> LENGTH =
            ConfigOptions.key("history.length")
                    .intType()
                    .defaultValue(50)
                    .withDescription("Interactions that are kept per user and seen by the model.");

    public static final ConfigOption<Duration> PANE =
            ConfigOptions.key("history.pane")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(10))
                    .withDescription(
                            "Event time after which a user's new interactions become one "
                                    + "training sequence.");

    public static final ConfigOption<Duration> TTL =
            ConfigOptions.key("history.ttl")
                    .durationType()
                    .defaultValue(Duration.ofDays(180))
                    .withDescription(
                            "Time without activity after which a user's state is dropped.");

    public static final ConfigOption<Duration> DEBOUNCE =
            ConfigOptions.key("history.debounce")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(1))
                    .withDescription(
                            "Processing time that a user's activity is gathered before "
                                    + "one request is made of it.");

    public static final ConfigOption<Integer> REMEMBERED_EVENTS =
            ConfigOptions.key("history.remembered-events")
                    .intType()
                    .defaultValue(100)
                    .withDescription("Event ids remembered per user to recognise duplicates.");

    public static final ConfigOption<Boolean> CONSUME_ONCE =
            ConfigOptions.key("history.consume-once")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether an item is consumed once (a film, an article), so "
                                    + "that lists leave out what the user had.");

    public static final ConfigOption<Boolean> SERVE =
            ConfigOptions.key("history.serve")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether activity asks for lists; a replay switches it off "
                                    + "and probes instead.");

    public static final ConfigOption<Integer> PROBE_STRIDE =
            ConfigOptions.key("history.probe-stride")
                    .intType()
                    .defaultValue(20)
                    .withDescription(
                            "Every how many source offsets a list is made just before the "
                                    + "interaction is applied, to measure what users would have got "
                                    + "and to learn the fusion from; 0 for never.");

    public static final ConfigOption<Long> PROBE_FROM =
            ConfigOptions.key("history.probe-from-offset")
                    .longType()
                    .defaultValue(0L)
                    .withDescription("First source offset that is probed.");

    public static final ConfigOption<List<String>> EXPOSURE_TYPES =
            ConfigOptions.key("history.exposure-types")
                    .stringType()
                    .asList()
                    .defaultValues()
                    .withDescription(
                            "Event types, such as impression, that say what a user was shown. "
                                    + "They are no feedback and train nothing; lists demote what "
                                    + "was shown and not chosen.");

    public static final ConfigOption<Duration> FORGOTTEN_TTL =
            ConfigOptions.key("history.forgotten-ttl")
                    .durationType()
                    .defaultValue(Duration.ofDays(30))
                    .withDescription(
                            "Time for which a forgotten user's older interactions are dropped "
                                    + "when they arrive after all; at least the retention of "
                                    + "the interactions topic.");

    private HistoryOptions() {}
}
