package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Interaction;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
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
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsStatus;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Windows that train for long, with the real model in the real chain: checkpoints, input and lists
 * go on as if nothing were. The long form, with {@code -Dfreshet.long=true}, trains for a minute.
 */
class CheckpointsDuringTrainingITCase {

    private static final boolean LONG = Boolean.getBoolean("freshet.long");
    private static final Duration INTERVAL = LONG ? Duration.ofSeconds(5) : Duration.ofMillis(500);
    private static final Duration TRAINING = LONG ? Duration.ofMinutes(1) : Duration.ofSeconds(4);
    private static final Duration SLOWEST = Duration.ofSeconds(1);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(workers())
                            .build());

    @TempDir private Path directory;

    @Test
    void checkpoints_input_and_lists_do_not_wait_for_training(
            @InjectMiniCluster MiniCluster cluster) throws Exception {
        try (GeneratedJob job =
                GeneratedJob.start(
                        "long training",
                        checkpointed(),
                        "--store.path",
                        directory.resolve("models").toUri().toString(),
                        "--training.epochs",
                        LONG ? "1000" : "150",
                        "--training.batch-size",
                        LONG ? "2" : "8")) {
            Instant end = job.await(ModelCheckpoint.class, verdict -> verdict.version() == 2);
            ModelCheckpoint verdict = job.passed(ModelCheckpoint.class).get(1);
            Instant start = end.minusMillis(verdict.trainingMillis());
            List<AbstractCheckpointStats> during = during(cluster, job, start, end);
            System.out.printf(
                    "trained %s, %d checkpoints, slowest %d ms%n",
                    Duration.between(start, end),
                    during.size(),
                    during.stream()
                            .mapToLong(AbstractCheckpointStats::getEndToEndDuration)
                            .max()
                            .orElse(-1));

            assertThat(Duration.between(start, end))
                    .as("time of training, by training.epochs and training.batch-size")
                    .isGreaterThan(TRAINING);
            assertThat(during)
                    .hasSizeGreaterThan((int) (TRAINING.dividedBy(INTERVAL) / 2))
                    .allSatisfy(
                            checkpoint -> {
                                assertThat(checkpoint.getStatus())
                                        .isEqualTo(CheckpointStatsStatus.COMPLETED);
                                assertThat(checkpoint.getEndToEndDuration())
                                        .isLessThan(SLOWEST.toMillis());
                            });
            for (Instant time = start;
                    time.plus(SLOWEST).isBefore(end);
                    time = time.plus(SLOWEST)) {
                Instant next = time.plus(SLOWEST);
                assertThat(job.passed(Interaction.class, time, next)).isPositive();
                assertThat(job.passed(RecommendationList.class, time, next)).isPositive();
            }
        }
    }

    /** Checkpoints that were triggered in a time, less what may have been after it. */
    private static List<AbstractCheckpointStats> during(
            MiniCluster cluster, GeneratedJob job, Instant start, Instant end) throws Exception {
        return cluster
                .getExecutionGraph(job.job().getJobID())
                .get()
                .getCheckpointStatsSnapshot()
                .getHistory()
                .getCheckpoints()
                .stream()
                .filter(
                        checkpoint ->
                                checkpoint.getTriggerTimestamp() >= start.toEpochMilli()
                                        && checkpoint.getTriggerTimestamp()
                                                < end.minus(INTERVAL).toEpochMilli())
                .toList();
    }

    private Configuration checkpointed() {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, INTERVAL);
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return cluster;
    }

    private static Configuration workers() {
        Configuration workers = new Configuration();
        workers.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        workers.set(WebOptions.CHECKPOINTS_HISTORY_SIZE, 10_000);
        return workers;
    }
}
