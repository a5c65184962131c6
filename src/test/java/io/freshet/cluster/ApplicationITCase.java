package io.freshet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.deployment.Compose;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What {@code docker/compose.yaml} runs, without Docker: its commands and configuration, in
 * application mode, as Flink's user, on a directory in place of the object store. The job manager
 * is killed and started again as the restart policy does, and the job upgraded as the handbook
 * says.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ExtendWith(ShowLogs.class)
@EnabledOnOs(OS.LINUX)
class ApplicationITCase {

    private static final int TASK_MANAGERS = 2;

    private final int restPort = Ports.free();
    private final int zooKeeperPort = Ports.free();
    private final FlinkRest rest = new FlinkRest(restPort);
    private long sent;

    @Test
    void the_job_outlives_its_job_manager_and_is_upgraded() throws Exception {
        Path directory = RunDirectory.create("application");
        try (Broker broker = new Broker(RunDirectory.create("application-broker"));
                Topics topics = new Topics(broker.bootstrapServers());
                ImageProcesses image = new ImageProcesses(directory)) {
            image.startZooKeeper(zooKeeperPort);
            Deployment first = new Deployment(image, broker, directory, Map.of());
            ChildJvm jobManager = first.startJobManager();
            List<ChildJvm> taskManagers = first.startTaskManagers();
            String job = awaitJob();

            assertThat(taskManagers).allMatch(ApplicationITCase::runsAsUser);
            assertThat(jobManager).matches(ApplicationITCase::runsAsUser);
            assertThat(
                            image.configuration("taskmanager-1")
                                    .get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
                    .isEqualTo("file://" + directory.resolve("objects/checkpoints"));
            assertThat(rest.taskManagersOf(job)).hasSize(TASK_MANAGERS);
            awaitList(topics);
            Await.until("a checkpoint", () -> rest.checkpoints(job, "completed") > 0);

            jobManager.kill();
            jobManager = first.startJobManager();
            assertThat(awaitJob()).isEqualTo(job);
            assertThat(rest.checkpoints(job, "restored")).isEqualTo(1);
            awaitList(topics);

            String savepoint = rest.stop(job, directory.resolve("objects").resolve("savepoints"));
            assertThat(jobManager.await()).isZero();
            taskManagers.forEach(ChildJvm::kill);
            Deployment second =
                    new Deployment(
                            image,
                            broker,
                            directory,
                            Map.of("FRESHET_DEPLOYMENT", "2", "FRESHET_FROM", savepoint));
            second.startJobManager();
            second.startTaskManagers();
            String upgraded = awaitJob();
            assertThat(upgraded).isNotEqualTo(job);
            assertThat(rest.checkpoints(upgraded, "restored")).isEqualTo(1);
            awaitList(topics);
        }
    }

    private String awaitJob() {
        String job = Await.value("a job", rest::onlyJob, () -> "none");
        Await.until("all tasks of " + job, () -> rest.running(job), () -> rest.state(job));
        return job;
    }

    private void awaitList(Topics topics) {
        String user = "user-" + ++sent;
        String interaction =
                """
                {"event_id":"e-%s","user_id":"%s","item_id":"item","event_type":"click","timestamp_ms":%d}
                """
                        .formatted(user, user, System.currentTimeMillis());
        topics.send(
                new ProducerRecord<>(
                        "interactions", user.getBytes(UTF_8), interaction.getBytes(UTF_8)));
        topics.flush();
        topics.await("recommendations", found -> found.path("user_id").asText().equals(user));
    }

    private static boolean runsAsUser(ChildJvm process) {
        try {
            return ImageProcesses.runsAsUser(process);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Compose's services of Flink, with the addresses and the memory of this test. */
    private final class Deployment {

        private final ImageProcesses image;
        private final Compose compose;
        private final Map<String, String> addresses;
        private final String name;

        Deployment(
                ImageProcesses image,
                Broker broker,
                Path directory,
                Map<String, String> variables) {
            this.image = image;
            this.compose = Compose.read(Compose.FILE, variables);
            this.addresses =
                    Map.of(
                            "s3://freshet", "file://" + directory.resolve("objects"),
                            "kafka:9092", broker.bootstrapServers(),
                            "zookeeper:2181", "127.0.0.1:" + zooKeeperPort);
            this.name = variables.getOrDefault("FRESHET_DEPLOYMENT", "");
        }

        /** Its container is the one of before, if there was one. */
        ChildJvm startJobManager() throws IOException {
            List<String> command = new ArrayList<>();
            compose.command("jobmanager").forEach(word -> command.add(here(word)));
            command.addAll(List.of("--encoder.enabled", "false", "--history.debounce", "0 ms"));
            return image.start("jobmanager" + name, command, properties("jobmanager"));
        }

        List<ChildJvm> startTaskManagers() throws IOException {
            List<ChildJvm> started = new ArrayList<>();
            for (int i = 1; i <= TASK_MANAGERS; i++) {
                started.add(
                        image.start(
                                "taskmanager" + name + "-" + i,
                                compose.command("taskmanager"),
                                properties("taskmanager")));
            }
            return started;
        }

        private Map<String, String> properties(String service) {
            Map<String, String> all = new TreeMap<>(compose.flinkProperties(service));
            all.replaceAll((key, value) -> here(value));
            all.put("rest.port", String.valueOf(restPort));
            all.put("rest.bind-port", String.valueOf(restPort));
            all.put("blob.server.port", "0");
            all.put("jobmanager.memory.process.size", "900m");
            all.put("taskmanager.numberOfTaskSlots", "1");
            all.put("taskmanager.memory.process.size", "1600m");
            all.put("taskmanager.memory.task.off-heap.size", "512m");
            all.put("taskmanager.memory.network.max", "64m");
            all.put("execution.checkpointing.interval", "1s");
            all.put("execution.checkpointing.min-pause", "200ms");
            all.put("high-availability.zookeeper.client.session-timeout", "15s");
            return all;
        }

        private String here(String word) {
            String found = word;
            for (Map.Entry<String, String> address : addresses.entrySet()) {
                found = found.replace(address.getKey(), address.getValue());
            }
            return found;
        }
    }
}
