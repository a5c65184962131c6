package io.freshet.runtime.state;

import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Keyed state that expires. */
public final class StateTtl {

    private static final long ENTRIES_PER_CLOCK_READING = 1000;

    private StateTtl() {}

    /**
     * A value that is dropped, by the wall clock, some time after it was last written; it is never
     * returned later, and RocksDB removes it when it compacts its files.
     *
     * @param name of the state, part of savepoints
     */
    public static <T> ValueStateDescriptor<T> value(
            String name, TypeInformation<T> type, Duration ttl) {
        ValueStateDescriptor<T> descriptor = new ValueStateDescriptor<>(name, type);
        descriptor.enableTimeToLive(
                StateTtlConfig.newBuilder(ttl)
                        .updateTtlOnCreateAndWrite()
                        .neverReturnExpired()
                        .cleanupInRocksdbCompactFilter(ENTRIES_PER_CLOCK_READING)
                        .build());
        return descriptor;
    }
}
