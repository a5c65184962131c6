package io.freshet.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;

class ComposeTest {

    private static final Set<String> ONE_SHOT = Set.of("topics", "bucket");
    private static final Set<String> OWN = Set.of("jobmanager", "taskmanager");

    private final Compose compose = Compose.read(Compose.FILE, Map.of());

    @Test
    void every_service_is_pinned_and_limited() {
        assertThat(compose.services())
                .allSatisfy(
                        (name, service) -> {
                            String image = Yaml.at(service, "image").toString();
                            if (!OWN.contains(name)) {
                                assertThat(image)
                                        .matches("[a-z/]+:.*\\d.*")
                                        .doesNotEndWith("latest");
                            }
                            Object limits = Yaml.at(service, "deploy", "resources", "limits");
                            assertThat(Yaml.map(limits)).containsKeys("cpus", "memory");
                        });
    }

    @Test
    void what_runs_on_is_checked_and_started_again() {
        assertThat(compose.services())
                .allSatisfy(
                        (name, service) -> {
                            Map<String, Object> keys = Yaml.map(service);
                            if (ONE_SHOT.contains(name)) {
                                assertThat(keys).doesNotContainKeys("restart", "healthcheck");
                            } else {
                                assertThat(keys).containsKey("restart");
                                // the image brings that of Freshet's own
                                assertThat(keys.containsKey("healthcheck"))
                                        .isNotEqualTo(OWN.contains(name));
                            }
                        });
    }

    @Test
    void services_wait_for_what_they_need() {
        compose.services()
                .forEach(
                        (name, service) ->
                                Yaml.map(Yaml.map(service).getOrDefault("depends_on", Map.of()))
                                        .forEach(this::canBeWaitedFor));
    }

    private void canBeWaitedFor(String name, Object how) {
        Map<String, Object> service = Yaml.map(Yaml.at(compose.services(), name));
        switch (Yaml.at(how, "condition").toString()) {
            case "service_healthy" -> assertThat(service).as(name).containsKey("healthcheck");
            case "service_completed_successfully" -> assertThat(ONE_SHOT).contains(name);
            default -> throw new AssertionError(name + " is not waited for: " + how);
        }
    }

    @Test
    void what_is_mounted_exists_and_what_is_published_is_on_loopback() {
        Set<String> named = new HashSet<>();
        for (Object service : compose.services().values()) {
            for (Object volume : Yaml.list(Yaml.map(service).getOrDefault("volumes", List.of()))) {
                String source = volume.toString().split(":", 2)[0];
                if (source.startsWith(".")) {
                    assertThat(Compose.FILE.resolveSibling(source)).exists();
                } else {
                    named.add(source);
                }
            }
            assertThat(Yaml.list(Yaml.map(service).getOrDefault("ports", List.of())))
                    .allMatch(port -> port.toString().startsWith("127.0.0.1:"));
        }
        assertThat(compose.volumes().keySet()).isEqualTo(named);
    }

    @Test
    void flink_is_highly_available_and_keeps_nothing_on_a_machine_of_its_own() {
        Configuration flink = flink();

        assertThat(flink.get(HighAvailabilityOptions.HA_MODE)).isEqualTo("zookeeper");
        assertThat(flink.get(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM))
                .isEqualTo("zookeeper:2181");
        assertThat(
                        List.of(
                                flink.get(HighAvailabilityOptions.HA_STORAGE_PATH),
                                flink.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY),
                                flink.get(CheckpointingOptions.SAVEPOINT_DIRECTORY),
                                job().config().store().path()))
                .allMatch(path -> path.startsWith("s3://"));
    }

    @Test
    void task_managers_can_be_as_many_as_asked_for() {
        Map<String, Object> service = Yaml.map(Yaml.at(compose.services(), "taskmanager"));

        assertThat(service).doesNotContainKeys("container_name", "hostname", "ports");
        assertThat(compose.command("taskmanager")).containsExactly("taskmanager");
        assertThat(compose.flinkProperties("taskmanager"))
                .doesNotContainKey(TaskManagerOptions.HOST.key())
                .isEqualTo(compose.flinkProperties("jobmanager"));
        assertThat(Dockerfile.read().configurationChanges())
                .containsSequence("-rmKV", "taskmanager.host=localhost");
    }

    @Test
    void every_topic_is_created_and_controls_have_one_partition() {
        String script = compose.command("topics").get(0);

        assertThat(job().topics())
                .allSatisfy(topic -> assertThat(script).containsPattern("\\b" + topic + "\\b"));
        assertThat(script).containsPattern("for topic in controls [a-z -]*; do create \\S+ 1;");
    }

    @Test
    void the_gpu_variant_trains_on_what_its_task_managers_offer() {
        Compose gpu = Compose.read(Path.of("docker/compose.gpu.yaml"), Map.of());

        assertThat(gpu.services().keySet()).isEqualTo(OWN);
        assertThat(gpu.command("jobmanager"))
                .startsWith(compose.command("jobmanager").toArray(String[]::new))
                .endsWith("--training.device", "gpu");
        assertThat(gpu.command("taskmanager")).contains("-Dexternal-resources=gpu");
    }

    private Configuration flink() {
        return GlobalConfiguration.loadConfiguration(
                "flink-conf", Configuration.fromMap(compose.flinkProperties("jobmanager")));
    }

    private DeployedJob job() {
        List<String> command = compose.command("jobmanager");
        List<String> arguments =
                command.subList(command.indexOf("--kafka.bootstrap-servers"), command.size());
        return DeployedJob.of(arguments);
    }
}
