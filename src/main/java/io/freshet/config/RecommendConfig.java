package io.freshet.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;

/** How lists are made. See {@link RecommendOptions} for units and defaults. */
public record RecommendConfig(
        int listSize,
        int candidates,
        int batchSize,
        Duration batchDelay,
        boolean alignVersions,
        boolean explain,
        int categoryCap,
        float diversity,
        Duration exposureHalfLife,
        float exposurePenalty,
        List<RecommendSource> sources)
        implements Serializable {

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static RecommendConfig from(ReadableConfig config, Problems problems) {
        return new RecommendConfig(
                problems.integer(config, RecommendOptions.LIST_SIZE, 1, 1000),
                problems.integer(config, RecommendOptions.CANDIDATES, 1, 10000),
                problems.integer(config, RecommendOptions.BATCH_SIZE, 1, 4096),
                problems.duration(config, RecommendOptions.BATCH_DELAY, Duration.ZERO),
                problems.any(config, RecommendOptions.ALIGN_VERSIONS),
                problems.any(config, RecommendOptions.EXPLAIN),
                problems.integer(config, RecommendOptions.CATEGORY_CAP, 0, 1000),
                problems.real(config, RecommendOptions.DIVERSITY, 0, 1),
                problems.duration(
                        config, RecommendOptions.EXPOSURE_HALF_LIFE, Duration.ofSeconds(1)),
                problems.real(config, RecommendOptions.EXPOSURE_PENALTY, 0, 100),
                problems.check(
                        config,
                        RecommendOptions.SOURCES,
                        sources -> !sources.isEmpty(),
                        "MODEL, COUNTS or both"));
    }
}
