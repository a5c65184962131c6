package io.freshet.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What is accepted from the topics, and how late it may be. See {@link IngestOptions} for units and
 * defaults.
 */
public record IngestConfig(
        int maxRecordBytes,
        int maxDeadLetterBytes,
        int maxIdLength,
        int maxTextLength,
        Duration maxFuture,
        long earliest,
        Duration maxDisorder,
        Duration idleTimeout)
        implements Serializable {

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
    public static IngestConfig from(ReadableConfig config, Problems problems) {
        return new IngestConfig(
                problems.integer(config, IngestOptions.MAX_RECORD_BYTES, 16, 64 << 20),
                problems.integer(config, IngestOptions.MAX_DEAD_LETTER_BYTES, 0, 64 << 20),
                problems.integer(config, IngestOptions.MAX_ID_LENGTH, 1, 4096),
                problems.integer(config, IngestOptions.MAX_TEXT_LENGTH, 1, 1 << 20),
                problems.duration(config, IngestOptions.MAX_FUTURE, Duration.ZERO),
                problems.check(
                        config,
                        IngestOptions.EARLIEST,
                        value -> value >= 0L,
                        "a number of at least 0"),
                problems.duration(config, IngestOptions.MAX_DISORDER, Duration.ZERO),
                problems.duration(config, IngestOptions.IDLE_TIMEOUT, Duration.ofMillis(100)));
    }
}
