package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Interaction;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
import io.freshet.store.Manifest;
import io.freshet.testing.FaultyFileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole chain on a store that goes away and comes back. A failure would end the job. */
class StoreOutageITCase {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(workers())
                            .build());

    @TempDir private static Path directory = Path.of("");

    @AfterEach
    void heal() {
        FaultyFileSystem.heal(directory.resolve("models"));
    }

    @Test
    void versions_wait_for_the_store_and_nothing_else_does() throws Exception {
        try (GeneratedJob job =
                GeneratedJob.start(
                        "outage",
                        checkpointed(),
                        "--store.path",
                        FaultyFileSystem.uri(directory.resolve("models")),
                        "--model.width",
                        "16",
                        "--model.blocks",
                        "1",
                        "--training.holdout",
                        "0",
                        "--training.epochs",
                        "1",
                        "--training.negatives",
                        "16")) {
            job.await(ModelCheckpoint.class, verdict -> verdict.version() == 2);
            FaultyFileSystem.cutOff(directory.resolve("models"));
            Instant out = Instant.now();
            long offset = job.passed(Interaction.class).size() + 3 * GeneratedJob.WINDOW;
            job.await(Interaction.class, interaction -> interaction.offset() > offset);
            Instant back = Instant.now();
            FaultyFileSystem.heal(directory.resolve("models"));
            job.await(ModelCheckpoint.class, v -> v.promoted() && v.version() == 3);

            assertThat(job.passed(ModelCheckpoint.class, out, back)).isLessThanOrEqualTo(1);
            assertThat(job.passed(RecommendationList.class, out, back)).isGreaterThan(20);
            List<ModelCheckpoint> verdicts = job.passed(ModelCheckpoint.class);
            ModelCheckpoint after =
                    verdicts.stream().filter(v -> v.version() == 3).findFirst().orElseThrow();
            assertThat(after.window()).isEqualTo(3);
            assertThat(after.trainedOffsets())
                    .singleElement()
                    .satisfies(trained -> assertThat(trained.first()).isZero())
                    .satisfies(trained -> assertThat(trained.count()).isEqualTo(trained(3)));
            assertThat(directory.resolve("models/3").resolve(Manifest.FILE)).isNotEmptyFile();
        }
    }

    /** Interactions that so many windows trained, each once. */
    private static long trained(int windows) {
        return (long) windows * GeneratedJob.WINDOW;
    }

    private Configuration checkpointed() {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return cluster;
    }

    private static Configuration workers() {
        Configuration workers = new Configuration();
        workers.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        return workers;
    }
}
