package io.freshet.config;

import java.io.Serializable;
import org.apache.flink.configuration.ReadableConfig;

/** Where model versions are kept. See {@link StoreOptions} for units and defaults. */
public record StoreConfig(String path, int retain, long base) implements Serializable {

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static StoreConfig from(ReadableConfig config, Problems problems) {
        return new StoreConfig(
                problems.text(config, StoreOptions.PATH),
                problems.integer(config, StoreOptions.RETAIN, 1, 1000000),
                problems.check(
                        config, StoreOptions.BASE, value -> value >= 0L, "a number of at least 0"));
    }
}
