package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.demo.RecordWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The job on task managers with made-up GPUs: fine-tuner and recommender wait for two of them, a
 * device that two processes were given is refused to one, training goes on with the index that
 * Flink gave, and moves when its task manager is killed.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ExtendWith(ShowLogs.class)
class GpuITCase {

    private static final int INTERACTIONS = 1_200;
    private static final int WINDOW = 200;
    private static final String REFUSED = "is in use by another process";

    /** No test that runs beside this one has the same. */
    private final String shared = "made-up-" + Ports.free() + "-a";

    private final String second = shared.replace("-a", "-b");
    private final String third = shared.replace("-a", "-c");

    @AfterEach
    void deleteLocks() throws IOException {
        for (String index : List.of(shared, second, third)) {
            Files.deleteIfExists(Path.of("/tmp", "freshet-gpu-" + index + ".lock"));
        }
    }

    @Test
    void trainingWaitsForAGpuAndRunsOnTheOneThatFlinkGaveAndOnNoOthers() throws Exception {
        Path directory = RunDirectory.create("gpu");
        MadeUpGpus gpus = new MadeUpGpus(directory);
        ShopStream stream = ShopStream.generated(11, INTERACTIONS);
        try (Broker broker = new Broker(directory);
                FlinkCluster cluster =
                        new FlinkCluster(directory, 1, false, flink(), List.of(gpus.devices()));
                Topics topics = new Topics(broker.bootstrapServers())) {
            gpus.installDriver();
            JobArguments arguments =
                    onGpus(
                            new JobArguments(
                                    broker.bootstrapServers(),
                                    directory.resolve("models"),
                                    stream.disorder(),
                                    WINDOW));
            RecordWriter writer = new RecordWriter(arguments.topics());
            stream.send(topics, writer, 0, stream.size() / 2);

            String job = cluster.submit(List.of(), arguments.list());
            assertThat(cluster.submissionLog())
                    .contains("freshet-training waits for a task manager with a free slot of 1.0")
                    .contains("freshet-recommenders waits for a task manager");
            Await.until("the job", () -> cluster.rest().state(job).equals("RUNNING"));

            int one = cluster.addTaskManager(MadeUpGpus.taskManager(shared));
            int twin = cluster.addTaskManager(MadeUpGpus.taskManager(shared));
            int refused =
                    Await.value(
                            "the refusal of a device that another process has",
                            () -> {
                                cluster.requireAlive();
                                return Stream.of(one, twin)
                                        .filter(tm -> log(cluster, tm).contains(REFUSED))
                                        .findAny();
                            },
                            () -> cluster.rest().state(job));
            assertThat(cluster.rest().running(job)).isFalse();

            cluster.killTaskManager(refused);
            cluster.addTaskManager(MadeUpGpus.taskManager(second));
            cluster.awaitRunning(job);
            int trainer = cluster.taskManagerOf(job, "fine-tuner");
            assertThat(trainer).isNotEqualTo(cluster.taskManagerOf(job, "recommender"));
            assertThat(log(cluster, trainer))
                    .contains(
                            "computes on GPU "
                                    + (trainer == one || trainer == twin ? shared : second));
            topics.await("model-checkpoints", found -> found.path("version").asLong() == 1);

            cluster.killTaskManager(trainer);
            Await.until("its loss", () -> !cluster.rest().running(job));
            int last = cluster.addTaskManager(MadeUpGpus.taskManager(third));
            cluster.awaitRunning(job);
            stream.send(topics, writer, stream.size() / 2, stream.size());
            topics.await("model-checkpoints", found -> found.path("version").asLong() == 4);
            assertThat(cluster.taskManagerOf(job, "fine-tuner")).isNotEqualTo(trainer);
            assertThat(log(cluster, last)).contains("computes on GPU " + third);
        }
    }

    private static String log(FlinkCluster cluster, int taskManager) {
        return cluster.taskManager(taskManager).output();
    }

    /** Task managers of one core, each of which is one slot's. */
    private static Map<String, String> flink() {
        Map<String, String> options = new HashMap<>(MadeUpGpus.cluster());
        options.put("parallelism.default", "1");
        return options;
    }

    /** Slots that fit into these small task managers. */
    private static JobArguments onGpus(JobArguments arguments) {
        arguments.with("training.device", "gpu").with("recommend.device", "gpu");
        for (String slot : List.of("gpu.slot-", "cpu.slot-")) {
            arguments
                    .with(slot + "heap", "24 mb")
                    .with(slot + "off-heap", "256 mb")
                    .with(slot + "managed", "128 mb");
        }
        return arguments;
    }
}
