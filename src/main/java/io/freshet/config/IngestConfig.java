package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What is accepted from the topics, and how late it may be.
 *
 * @param attributes what else records may say
 */
public record IngestConfig(
        int maxRecordBytes,
        int maxDeadLetterBytes,
        int maxIdLength,
        int maxTextLength,
        Duration maxFuture,
        long earliest,
        Duration maxDisorder,
        Duration idleTimeout,
        Duration clockSkew,
        AttributesConfig attributes)
        implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    private static final long YEAR_2000 = 946_684_800_000L;

    public static final ConfigOption<Integer> MAX_RECORD_BYTES =
            OPTIONS.integer("ingest.max-record-bytes", 1 << 20, 16, 64 << 20)
                    .describe(
                            "Largest record that is parsed, in bytes; a larger one is a dead letter.");

    public static final ConfigOption<Integer> MAX_DEAD_LETTER_BYTES =
            OPTIONS.integer("ingest.max-dead-letter-bytes", 256 << 10, 0, 64 << 20)
                    .describe(
                            "Most bytes of a bad record's key, and of its value, that its dead "
                                    + "letter carries; of a longer one the beginning, with the size and the "
                                    + "SHA-256 of the whole.");

    public static final ConfigOption<Integer> MAX_ID_LENGTH =
            OPTIONS.integer("ingest.max-id-length", 256, 1, 4096)
                    .describe("Longest user, item, event or control id, in characters.");

    public static final ConfigOption<Integer> MAX_TEXT_LENGTH =
            OPTIONS.integer("ingest.max-text-length", 10000, 1, 1 << 20)
                    .describe(
                            "Longest title, description, and categories of an item together, in characters.");

    public static final ConfigOption<Duration> MAX_FUTURE =
            OPTIONS.duration("ingest.max-future", Duration.ofHours(1), Duration.ZERO)
                    .describe(
                            "How far a timestamp may lie ahead of the clock; a later one is a dead "
                                    + "letter.");

    public static final ConfigOption<Long> EARLIEST =
            OPTIONS.number("ingest.earliest-timestamp-ms", YEAR_2000, 0)
                    .describe(
                            "Earliest event time accepted, in milliseconds since the epoch; by "
                                    + "default the year 2000, so that seconds are not read as "
                                    + "milliseconds.");

    public static final ConfigOption<Duration> MAX_DISORDER =
            OPTIONS.duration("ingest.max-disorder", Duration.ofSeconds(10), Duration.ZERO)
                    .describe(
                            "How far event times may lie out of order within a partition before they "
                                    + "count as late.");

    public static final ConfigOption<Duration> IDLE_TIMEOUT =
            OPTIONS.duration("ingest.idle-timeout", Duration.ofSeconds(30), Duration.ofMillis(100))
                    .describe(
                            "How long a partition may stay silent before it no longer holds event "
                                    + "time back.");

    public static final ConfigOption<Duration> CLOCK_SKEW =
            OPTIONS.duration("ingest.clock-skew", Duration.ofMinutes(1), Duration.ZERO)
                    .describe(
                            "How far an interaction's timestamp may lie ahead of its arrival, which is "
                                    + "its record's timestamp in Kafka or the clock, whichever is "
                                    + "earlier. One further ahead is taken to have happened when it "
                                    + "arrived: it would move event time for everyone.");

    // a dead letter's topic, field and reason, escaped in the worst way, and Kafka's own framing
    private static final int LETTER_MARGIN = 64 << 10;

    /**
     * Most bytes of a record on the dead-letters topic: key and payload travel as base64, which
     * makes four bytes of three.
     */
    public long maxDeadLetterRecordBytes() {
        return maxDeadLetterBytes * 8L / 3 + LETTER_MARGIN;
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    static IngestConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new IngestConfig(
                read.get(MAX_RECORD_BYTES),
                read.get(MAX_DEAD_LETTER_BYTES),
                read.get(MAX_ID_LENGTH),
                read.get(MAX_TEXT_LENGTH),
                read.get(MAX_FUTURE),
                read.get(EARLIEST),
                read.get(MAX_DISORDER),
                read.get(IDLE_TIMEOUT),
                read.get(CLOCK_SKEW),
                AttributesConfig.from(config, problems));
    }
}
