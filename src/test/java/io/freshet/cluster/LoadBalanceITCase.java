package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Task managers with more slots than the job needs, and this repository's {@code flink-conf}. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ExtendWith(ShowLogs.class)
class LoadBalanceITCase {

    private static final int TASK_MANAGERS = 2;

    @Test
    void tasks_are_spread_over_all_task_managers_though_one_has_slots_for_all() throws Exception {
        Path directory = RunDirectory.create("load-balance");
        try (Broker broker = new Broker(directory);
                Topics topics = new Topics(broker.bootstrapServers());
                FlinkCluster cluster =
                        new FlinkCluster(
                                directory,
                                TASK_MANAGERS,
                                false,
                                Map.of("taskmanager.numberOfTaskSlots", "2"))) {
            JobArguments arguments =
                    new JobArguments(
                            broker.bootstrapServers(),
                            directory.resolve("models"),
                            Duration.ofSeconds(1),
                            JobArguments.HISTORY_LENGTH);

            String job = cluster.submit(List.of(), arguments.list());
            cluster.awaitRunning(job);

            assertThat(cluster.rest().taskManagersOf(job)).hasSize(TASK_MANAGERS);
        }
    }
}
