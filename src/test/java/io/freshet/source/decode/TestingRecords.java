package io.freshet.source.decode;

import io.freshet.config.Arguments;
import io.freshet.config.AttributesConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.testing.RecordFuzzer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Raw records, limits and a clock for the decoders' tests. */
final class TestingRecords {

    static final long NOW = 1_700_000_000_000L;
    static final long RECORD_TIME = NOW - 5_000;
    static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);
    static final IngestConfig LIMITS =
            new IngestConfig(
                    1 << 20,
                    256,
                    16,
                    40,
                    Duration.ofHours(1),
                    1_000,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    attributes());

    private TestingRecords() {}

    /** Those of the fuzzed records. */
    private static AttributesConfig attributes() {
        String[] options = RecordFuzzer.ATTRIBUTE_OPTIONS.toArray(String[]::new);
        return FreshetConfig.from(Arguments.parse(options)).ingest().attributes();
    }

    static RawRecord record(byte[] value) {
        return new RawRecord("topic", 3, 42, RECORD_TIME, utf8("key"), value);
    }

    static RawRecord record(String json) {
        return record(utf8(json));
    }

    static RawRecord tombstone(byte @Nullable [] key) {
        return new RawRecord("topic", 3, 42, RECORD_TIME, key, null);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
