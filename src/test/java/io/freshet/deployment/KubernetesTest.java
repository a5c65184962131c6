package io.freshet.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.FreshetJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;

class KubernetesTest {

    private static final Path DIRECTORY = Path.of("docker/kubernetes");

    /** Flink's on Kubernetes, or fields of the resource. */
    private static final Set<String> NOT_FLINKS_OPTIONS_HERE =
            Set.of(
                    JobManagerOptions.ADDRESS.key(),
                    JobManagerOptions.PORT.key(),
                    JobManagerOptions.BIND_HOST.key(),
                    JobManagerOptions.TOTAL_PROCESS_MEMORY.key(),
                    TaskManagerOptions.HOST.key(),
                    TaskManagerOptions.BIND_HOST.key(),
                    TaskManagerOptions.TOTAL_PROCESS_MEMORY.key(),
                    RestOptions.ADDRESS.key(),
                    RestOptions.BIND_ADDRESS.key(),
                    CoreOptions.DEFAULT_PARALLELISM.key());

    /** Other values: what is on the machine there must be where all pods reach it. */
    private static final Set<String> ELSEWHERE =
            Set.of(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                    CheckpointingOptions.SAVEPOINT_DIRECTORY.key());

    private final Object deployment = Yaml.read(DIRECTORY.resolve("flinkdeployment.yaml")).get(0);
    private final Configuration shipped = GlobalConfiguration.loadConfiguration("flink-conf");

    @Test
    void everything_of_flink_conf_is_in_the_configuration_that_replaces_it() {
        Map<String, String> expected = new TreeMap<>(shipped.toMap());
        expected.keySet().removeAll(NOT_FLINKS_OPTIONS_HERE);
        expected.keySet().removeAll(ELSEWHERE);

        assertThat(flinkConfiguration())
                .containsAllEntriesOf(expected)
                .containsKeys(ELSEWHERE.toArray(String[]::new))
                .doesNotContainKeys(NOT_FLINKS_OPTIONS_HERE.toArray(String[]::new));
    }

    @Test
    void pods_have_the_memory_of_flink_conf() {
        assertThat(memory("jobManager"))
                .isEqualTo(shipped.get(JobManagerOptions.TOTAL_PROCESS_MEMORY));
        assertThat(memory("taskManager"))
                .isEqualTo(shipped.get(TaskManagerOptions.TOTAL_PROCESS_MEMORY));
    }

    @Test
    void it_is_highly_available_and_upgraded_by_savepoint() {
        Configuration flink = Configuration.fromMap(flinkConfiguration());

        assertThat(flink.get(HighAvailabilityOptions.HA_MODE)).isEqualTo("kubernetes");
        assertThat(
                        List.of(
                                flink.get(HighAvailabilityOptions.HA_STORAGE_PATH),
                                flink.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY),
                                flink.get(CheckpointingOptions.SAVEPOINT_DIRECTORY),
                                job().config().store().path()))
                .allMatch(path -> path.startsWith("s3://"));
        assertThat(Yaml.at(deployment, "spec", "job", "upgradeMode")).isEqualTo("savepoint");
    }

    @Test
    void it_runs_what_the_image_has() {
        assertThat(Yaml.at(deployment, "spec", "job", "entryClass"))
                .isEqualTo(FreshetJob.class.getName());
        String jar = Yaml.at(deployment, "spec", "job", "jarURI").toString();
        assertThat(Dockerfile.read().all("COPY"))
                .anyMatch(copy -> copy.endsWith(" " + jar.replace("local://", "")));
        assertThat(Yaml.at(deployment, "spec", "flinkVersion"))
                .isEqualTo(
                        Dockerfile.read().all("ARG").stream()
                                .filter(arg -> arg.startsWith("FLINK_IMAGE="))
                                .map(arg -> arg.replaceAll(".*:(\\d+)\\.(\\d+)\\..*", "v$1_$2"))
                                .findFirst()
                                .orElseThrow());
    }

    @Test
    void pods_do_not_run_as_root_and_mount_what_is_theirs() {
        Object pod = Yaml.at(deployment, "spec", "podTemplate", "spec");
        Object container = Yaml.list(Yaml.at(pod, "containers")).get(0);

        assertThat(Yaml.at(container, "name")).isEqualTo("flink-main-container");
        assertThat(Yaml.map(Yaml.at(pod, "securityContext")))
                .containsEntry("runAsNonRoot", true)
                .containsEntry("runAsUser", 9999);
        assertThat(names(Yaml.at(container, "volumeMounts")))
                .isEqualTo(names(Yaml.at(pod, "volumes")));
        Object metrics = Yaml.list(Yaml.at(container, "ports")).get(0);
        assertThat(Yaml.at(container, "livenessProbe", "httpGet", "port"))
                .isEqualTo(Yaml.at(metrics, "containerPort"))
                .isEqualTo(Yaml.at(container, "startupProbe", "httpGet", "port"));
    }

    @Test
    void every_topic_is_there_and_controls_have_one_partition() {
        List<Map<String, Object>> topics = Yaml.read(DIRECTORY.resolve("topics.yaml"));

        assertThat(topics)
                .extracting(topic -> Yaml.at(topic, "metadata", "name"))
                .containsExactlyInAnyOrderElementsOf(job().topics());
        assertThat(topics)
                .filteredOn(topic -> Yaml.at(topic, "metadata", "name").equals("controls"))
                .extracting(topic -> Yaml.at(topic, "spec", "partitions"))
                .containsExactly(1);
        assertThat(topics)
                .extracting(topic -> Yaml.at(topic, "apiVersion") + " " + Yaml.at(topic, "kind"))
                .containsOnly("kafka.strimzi.io/v1 KafkaTopic");
    }

    @Test
    void kustomizations_name_files_that_are_there() {
        for (Path directory : List.of(DIRECTORY, DIRECTORY.resolve("gpu"))) {
            Object kustomization = Yaml.read(directory.resolve("kustomization.yaml")).get(0);
            assertThat(Yaml.list(Yaml.at(kustomization, "resources")))
                    .isNotEmpty()
                    .allMatch(path -> Files.exists(directory.resolve(path.toString())));
        }
    }

    @Test
    void the_gpu_variant_changes_what_is_there_and_adds_what_is_not() {
        Object kustomization = Yaml.read(DIRECTORY.resolve("gpu/kustomization.yaml")).get(0);
        Object patch = Yaml.list(Yaml.at(kustomization, "patches")).get(0);
        String operations = "operations:\n" + Yaml.at(patch, "patch").toString();

        assertThat(Yaml.at(patch, "target", "name"))
                .isEqualTo(Yaml.at(deployment, "metadata", "name"));
        assertThat(Yaml.list(Yaml.at(Yaml.parse(operations).get(0), "operations")))
                .isNotEmpty()
                .allSatisfy(this::applies);
    }

    private void applies(Object operation) {
        String[] path = Yaml.at(operation, "path").toString().substring(1).split("/");
        Object node = deployment;
        for (String key : List.of(path).subList(0, path.length - 1)) {
            node = Yaml.at(node, key);
        }
        String last = path[path.length - 1];
        if (Yaml.at(operation, "op").equals("replace")) {
            assertThat(Yaml.map(node)).containsKey(last);
        } else if (last.equals("-")) {
            assertThat(node).isInstanceOf(List.class);
        } else {
            assertThat(Yaml.map(node)).doesNotContainKey(last);
        }
    }

    private Map<String, String> flinkConfiguration() {
        Map<String, String> options = new TreeMap<>();
        // the operator takes texts alone
        Yaml.map(Yaml.at(deployment, "spec", "flinkConfiguration"))
                .forEach((key, value) -> options.put(key, (String) value));
        return options;
    }

    private DeployedJob job() {
        return DeployedJob.of(
                Yaml.list(Yaml.at(deployment, "spec", "job", "args")).stream()
                        .map(Object::toString)
                        .toList());
    }

    private MemorySize memory(String process) {
        return MemorySize.parse(
                Yaml.at(deployment, "spec", process, "resource", "memory").toString());
    }

    private static Set<String> names(Object list) {
        return Yaml.list(list).stream()
                .map(entry -> Yaml.at(entry, "name").toString())
                .collect(Collectors.toSet());
    }
}
