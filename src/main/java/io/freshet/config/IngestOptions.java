package io.freshet.config;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * What is accepted from the topics, and how late it may be. Options of the {@code ingest} group.
 */
public final class IngestOptions {

    public static final ConfigOption<Integer> MAX_RECORD_BYTES =
            ConfigOptions.key("ingest.max-record-bytes")
                    .intType()
                    .defaultValue(1 << 20)
                    .withDescription(
                            "Largest record that is parsed, in bytes; a larger one is a "
                                    + "dead letter.");

    public static final ConfigOption<Integer> MAX_DEAD_LETTER_BYTES =
            ConfigOptions.key("ingest.max-dead-letter-bytes")
                    .intType()
                    .defaultValue(256 << 10)
                    .withDescription(
                            "Most bytes of a bad record's key, and of its value, that its dead "
                                    + "letter carries; of a longer one the beginning, with "
                                    + "the size and the SHA-256 of the whole.");

    public static final ConfigOption<Integer> MAX_ID_LENGTH =
            ConfigOptions.key("ingest.max-id-length")
                    .intType()
                    .defaultValue(256)
                    .withDescription("Longest user, item, event or control id, in characters.");

    public static final ConfigOption<Integer> MAX_TEXT_LENGTH =
            ConfigOptions.key("ingest.max-text-length")
                    .intType()
                    .defaultValue(10000)
                    .withDescription("Longest title or description, in characters.");

    public static final ConfigOption<Duration> MAX_FUTURE =
            ConfigOptions.key("ingest.max-future")
                    .durationType()
                    .defaultValue(Duration.ofHours(1))
                    .withDescription(
                            "How far a timestamp may lie ahead of the clock; a later one "
                                    + "is a dead letter, because it would end all windows.");

    public static final ConfigOption<Long> EARLIEST =
            ConfigOptions.key("ingest.earliest-timestamp-ms")
                    .longType()
                    .defaultValue(0L)
                    .withDescription(
                            "Earliest event time accepted, in milliseconds since the " + "epoch.");

    public static final ConfigOption<Duration> MAX_DISORDER =
            ConfigOptions.key("ingest.max-disorder")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(10))
                    .withDescription(
                            "How far event times may lie out of order within a partition "
                                    + "before they count as late.");

    public static final ConfigOption<Duration> IDLE_TIMEOUT =
            ConfigOptions.key("ingest.idle-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(30))
                    .withDescription(
                            "How long a partition may stay silent before it no longer "
                                    + "holds event time back.");

    private IngestOptions() {}
}
