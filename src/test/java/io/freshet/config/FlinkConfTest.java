package io.freshet.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
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

    /** Of what is scraped the port alone can be set; the handbook says so, under "What listens". */
    @Test
    void prometheusFindsWhatItScrapesWhereItsConfigurationLooks() throws IOException {
        Configuration shipped = GlobalConfiguration.loadConfiguration("flink-conf");

        assertThat(shipped.get(MetricOptions.REPORTERS_LIST)).isEqualTo("prom");
        assertThat(MetricOptions.forReporter(shipped, "prom").getString("factory.class", ""))
                .isEqualTo("org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
        String ports = MetricOptions.forReporter(shipped, "prom").getString("port", "");
        assertThat(ports).matches("\\d+-\\d+");
        assertThat(Files.readString(Path.of("docker/prometheus/prometheus.yml")))
                .contains("jobmanager:" + ports.split("-")[0])
                .contains("port: " + ports.split("-")[0]);
    }
}
