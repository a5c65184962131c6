package io.freshet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ProcessMemoryTest {

    @TempDir private Path directory;

    @Test
    void isWhatTheSystemSaysInBytes() throws IOException {
        Path status = directory.resolve("status");
        Files.writeString(status, "Name:\tjava\nVmHWM:\t  900 kB\nVmRSS:\t  812 kB\n");

        assertThat(ProcessMemory.resident(status)).isEqualTo(812 * 1024);
    }

    @Test
    void isZeroWhereTheSystemDoesNotSay() throws IOException {
        Path silent = Files.createFile(directory.resolve("silent"));

        assertThat(ProcessMemory.resident(silent)).isZero();
        assertThat(ProcessMemory.resident(directory.resolve("missing"))).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void isAMetricOfThisProcess() {
        MetricListener reported = new MetricListener();
        ProcessMemory.register(reported.getMetricGroup());

        assertThat(reported.<Long>getGauge("processResidentBytes").orElseThrow().getValue())
                .isGreaterThan(10_000_000);
    }
}
