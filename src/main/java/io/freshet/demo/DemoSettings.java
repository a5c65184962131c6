package io.freshet.demo;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What the user of the demo decides.
 *
 * @param seed of the generated shop
 * @param history shop time that the generated shop has been open for
 * @param rate interactions a second, on average
 * @param interactions CSV file that takes the generated shop's place, or null
 * @param items CSV file of that shop's items; null exactly if {@code interactions} is
 * @param speedUp shop time per real time for CSV files, or null to follow {@code rate}
 * @param webPort port of Flink's web UI, 0 for a free one
 * @param options job options that win over the demo's
 */
public record DemoSettings(
        long seed,
        Duration history,
        double rate,
        @Nullable Path interactions,
        @Nullable Path items,
        @Nullable Double speedUp,
        int webPort,
        Configuration options) {}
