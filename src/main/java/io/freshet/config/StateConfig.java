package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/** How keyed state is held. */
public record StateConfig(int cachedKeys) implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<Integer> CACHED_KEYS =
            OPTIONS.integer("state.cached-keys", 10_000, 0, 10_000_000)
                    .describe(
                            "Users, and items, whose state each task keeps on the heap, to write it to "
                                    + "RocksDB once per checkpoint and not with each event; 0 for none.");

    /** Reads the group; what is wrong is added to {@code problems}. */
    static StateConfig from(ReadableConfig config, Problems problems) {
        return new StateConfig(OPTIONS.reader(config, problems).get(CACHED_KEYS));
    }
}
