package io.freshet.control;

import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** How long state about controls lives. */
final class ControlState {

    private static final long ENTRIES_PER_CLOCK_READING = 1000;

    private ControlState() {}

    /** A value that is dropped when it was not written for so long, by the wall clock. */
    static <T> ValueStateDescriptor<T> lasting(String name, Class<T> type, Duration ttl) {
        ValueStateDescriptor<T> descriptor =
                new ValueStateDescriptor<>(name, TypeInformation.of(type));
        descriptor.enableTimeToLive(
                StateTtlConfig.newBuilder(ttl)
                        .updateTtlOnCreateAndWrite()
                        .neverReturnExpired()
                        .cleanupInRocksdbCompactFilter(ENTRIES_PER_CLOCK_READING)
                        .build());
        return descriptor;
    }
}
