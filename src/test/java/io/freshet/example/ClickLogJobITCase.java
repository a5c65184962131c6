package io.freshet.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.JobTopology;
import io.freshet.cluster.Await;
import io.freshet.config.FreshetConfig;
import io.freshet.model.TestingModelRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The operators in a job of somebody else's: lists by a model that was trained there. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ClickLogJobITCase {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir private Path directory = Path.of("");

    @Test
    void lists_are_made_by_the_reference_model() throws Exception {
        StreamExecutionEnvironment env = environment();

        ClickLogJob.build(env, config(), lists());

        awaitListsOfAVersion(env);
    }

    @Test
    void lists_are_made_by_a_model_of_another_engine() throws Exception {
        StreamExecutionEnvironment env = environment();

        JobTopology.Outputs outputs =
                JobTopology.build(config(), new TestingModelRuntime(), ClickLogJob.inputs(env));
        ClickLogJob.write(outputs, lists());

        awaitListsOfAVersion(env);
    }

    private void awaitListsOfAVersion(StreamExecutionEnvironment env) throws Exception {
        JobClient job = env.executeAsync("click log");
        try {
            Await.until(
                    "a list by a trained model",
                    () -> lines().stream().anyMatch(line -> line.matches("reader-.* v[1-9].*")),
                    () -> lines().size() + " lists without, job " + job.getJobStatus());
        } finally {
            job.cancel().get();
        }
        assertThat(lines())
                .filteredOn(line -> line.contains(" v1 "))
                .allMatch(line -> line.matches("reader-\\d+ v1( article-\\d+)+"));
    }

    private List<String> lines() {
        if (Files.notExists(lists())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(lists())) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.toList()) {
                String text = Files.readString(file, UTF_8);
                all.append(text, 0, text.lastIndexOf('\n') + 1); // the rest is being written
            }
            return all.toString().lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path lists() {
        return directory.resolve("lists");
    }

    private FreshetConfig config() {
        return FreshetConfig.from(
                Configuration.fromMap(
                        Map.of(
                                "store.path", directory.resolve("models").toUri().toString(),
                                "encoder.enabled", "false",
                                "history.pane", "1 s",
                                "history.debounce", "50 ms",
                                "training.min-interactions", "300",
                                "training.max-interactions", "300",
                                "training.updates-per-version", "1",
                                "training.gate-tolerance", "100")));
    }

    private static StreamExecutionEnvironment environment() {
        Configuration cluster = new Configuration();
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        env.setParallelism(2);
        return env;
    }
}
