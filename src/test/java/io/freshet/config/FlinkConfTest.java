package io.freshet.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;

class FlinkConfTest {

    @Test
    void nothingListensBeyondLoopbackUnlessADeploymentAsksForIt() {
        Configuration shipped = GlobalConfiguration.loadConfiguration("flink-conf");

        assertThat(shipped.get(JobManagerOptions.BIND_HOST)).isEqualTo("localhost");
        assertThat(shipped.get(TaskManagerOptions.BIND_HOST)).isEqualTo("localhost");
        assertThat(shipped.get(RestOptions.BIND_ADDRESS)).isEqualTo("localhost");
    }
}
