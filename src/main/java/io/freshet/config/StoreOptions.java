package io.freshet.config;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Where model versions are kept. Options of the {@code store} group. */
public final class StoreOptions {

    public static final ConfigOption<String> PATH =
            ConfigOptions.key("store.path")
                    .stringType()
                    .defaultValue("file:///tmp/freshet/models")
                    .withDescription(
                            "Directory of all versions, on any file system that Flink " + "knows.");

    public static final ConfigOption<Integer> RETAIN =
            ConfigOptions.key("store.retain")
                    .intType()
                    .defaultValue(10)
                    .withDescription(
                            "Newest versions that are kept; older ones are deleted, unless a"
                                    + " checkpoint or a savepoint points to them.");

    public static final ConfigOption<Long> BASE =
            ConfigOptions.key("store.base-version")
                    .longType()
                    .defaultValue(0L)
                    .withDescription(
                            "Version that a job without state starts from; 0 for the "
                                    + "newest in the store, or none.");

    private StoreOptions() {}
}
