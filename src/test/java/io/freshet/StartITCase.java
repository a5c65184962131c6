package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.Arguments;
import io.freshet.config.option.Problems;
import io.freshet.preflight.Preflight;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a second start finds while the job runs, and after it was stopped for an upgrade. */
class StartITCase {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(TestingLife.cluster());

    @TempDir private static Path directory = Path.of("");

    @Test
    void aSecondJobIsRefusedAndAnUpgradeIsNot() throws Exception {
        try (TestingTopics topics = new TestingTopics(1)) {
            TestingLife life = new TestingLife(topics, directory);
            assertThat(start(topics, life, "")).as("nothing was there before").isEmpty();
            JobClient job = life.start(1, options());
            long now = System.currentTimeMillis();
            for (int i = 0; i < 5; i++) {
                topics.send("interactions", 0, interaction(i, now));
            }
            topics.awaitRead("freshet", List.of("interactions"));

            String running = "(a member of the consumer group 'freshet-owner')";
            assertThat(start(topics, life, "s3://any/savepoint"))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(each -> each.contains(running))
                    .allMatch(each -> each.contains("job-" + job.getJobID()))
                    .anyMatch(each -> each.startsWith("kafka.transactional-id-prefix: "))
                    .anyMatch(each -> each.startsWith("store.path: "));

            String savepoint = life.stop(job);
            assertThat(start(topics, life, savepoint)).isEmpty();
            assertThat(start(topics, life, ""))
                    .singleElement()
                    .asString()
                    .startsWith("start.without-state: found 'false'")
                    .contains(
                            "consumer group 'freshet' has committed offsets (interactions-0 at 5)")
                    .contains("The newest is " + savepoint.replaceFirst("/$", ""));
        }
    }

    private static List<String> start(TestingTopics topics, TestingLife life, String savepoint)
            throws InterruptedException {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        cluster.set(
                CheckpointingOptions.SAVEPOINT_DIRECTORY,
                directory.resolve("savepoints").toUri().toString());
        if (!savepoint.isEmpty()) {
            cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--kafka.bootstrap-servers",
                                topics.bootstrapServers(),
                                "--store.path",
                                life.store().toUri().toString()));
        options().forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        Problems problems = new Problems();
        Preflight.start(
                Arguments.parse(arguments.toArray(String[]::new)),
                cluster,
                StartITCase.class.getClassLoader(),
                problems);
        return problems.all();
    }

    private static Map<String, String> options() {
        return TestingLife.options();
    }

    private static String interaction(int number, long time) {
        return "{\"user_id\":\"anna\",\"item_id\":\"shoe-%d\",\"timestamp_ms\":%d}"
                .formatted(number, time + number);
    }
}
