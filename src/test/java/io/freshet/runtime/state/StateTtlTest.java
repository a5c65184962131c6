package io.freshet.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.StateTtlConfig.StateVisibility;
import org.apache.flink.api.common.state.StateTtlConfig.UpdateType;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.junit.jupiter.api.Test;

class StateTtlTest {

    @Test
    void valueExpiresAfterItsLastWriteAndIsNeverReturnedLater() {
        ValueStateDescriptor<Long> value =
                StateTtl.value("forgotten", Types.LONG, Duration.ofDays(3));

        StateTtlConfig ttl = value.getTtlConfig();
        assertThat(value.getName()).isEqualTo("forgotten");
        assertThat(ttl.getTimeToLive()).isEqualTo(Duration.ofDays(3));
        assertThat(ttl.getUpdateType()).isEqualTo(UpdateType.OnCreateAndWrite);
        assertThat(ttl.getStateVisibility()).isEqualTo(StateVisibility.NeverReturnExpired);
        assertThat(ttl.getCleanupStrategies().inRocksdbCompactFilter()).isTrue();
    }
}
