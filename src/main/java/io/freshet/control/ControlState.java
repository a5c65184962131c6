package io.freshet.control;

import io.freshet.config.ControlConfig;
import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** How long state about controls lives. */
final class ControlState {

    private static final long ENTRIES_PER_CLOCK_READING = 1000;

    private ControlState() {}

    /**
     * A value that is dropped some time after it was written, by the wall clock: when a control of
     * then is older than {@code control.id-ttl}, though its time was as far ahead as it may be.
     */
    static <T> ValueStateDescriptor<T> remembered(
            String name, Class<T> type, ControlConfig config, Duration maxFuture) {
        Duration ttl = config.idTtl().plus(maxFuture);
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
