package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Interaction;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A window that trains for long, with the real model in the real chain: checkpoints, input and
 * lists go on as if nothing were.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CheckpointsDuringTrainingITCase {

    private static final Duration SLOWEST = Duration.ofSeconds(1);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(workers())
                            .build());

    @TempDir private Path directory = Path.of("");

    /**
     * How long to train, and what to ask for meanwhile.
     *
     * @param atLeast time that the window trains
     * @param interval between checkpoints
     * @param slow share of the checkpoints that may take {@link #SLOWEST} and longer, rounded up
     */
    private record Load(Duration atLeast, int epochs, int batch, Duration interval, double slow) {}

    @Test
    void checkpoints_input_and_lists_do_not_wait_for_training(
            @InjectMiniCluster MiniCluster cluster) throws Exception {
        // a machine that does other things as well may be slow now and then
        train(new Load(Duration.ofSeconds(2), 60, 8, Duration.ofMillis(200), 0.1), cluster);
    }

    @Test
    @Tag("long")
    void checkpoints_input_and_lists_do_not_wait_for_training_of_a_minute(
            @InjectMiniCluster MiniCluster cluster) throws Exception {
        train(new Load(Duration.ofMinutes(1), 400, 2, Duration.ofSeconds(5), 0), cluster);
    }

    private void train(Load load, MiniCluster cluster) throws Exception {
        try (GeneratedJob job =
                GeneratedJob.start(
                        "long training",
                        checkpointed(load.interval()),
                        "--store.path",
                        directory.resolve("models").toUri().toString(),
                        "--training.epochs",
                        String.valueOf(load.epochs()),
                        "--training.batch-size",
                        String.valueOf(load.batch()))) {
            // the second: lists come from a live model while it trains
            Instant end = job.await(ModelCheckpoint.class, verdict -> verdict.version() == 2);
            ModelCheckpoint verdict = job.passed(ModelCheckpoint.class).get(1);
            Instant start = end.minusMillis(verdict.trainingMillis());
            List<AbstractCheckpointStats> during = during(cluster, job, start, end);
            Figures.leave(
                    "checkpoints-during-training",
                    "%d ms of training, checkpoints in ms %s, %d interactions, %d lists"
                            .formatted(
                                    verdict.trainingMillis(),
                                    during.stream()
                                            .mapToLong(AbstractCheckpointStats::getEndToEndDuration)
                                            .summaryStatistics(),
                                    job.passed(Interaction.class, start, end),
                                    job.passed(RecommendationList.class, start, end)));

            assertThat(Duration.between(start, end))
                    .as("time of training, by training.epochs and training.batch-size")
                    .isGreaterThan(load.atLeast());
            assertThat(during)
                    .hasSizeGreaterThan(
                            (int) (load.atLeast().minus(SLOWEST).dividedBy(load.interval()) / 2));
            assertThat(during.stream().filter(each -> !isFast(each)).count())
                    .as("slow checkpoints of %s", during)
                    .isLessThanOrEqualTo((long) Math.ceil(load.slow() * during.size()));
            for (Instant time = start;
                    time.plus(SLOWEST).isBefore(end);
                    time = time.plus(SLOWEST)) {
                Instant next = time.plus(SLOWEST);
                assertThat(job.passed(Interaction.class, time, next)).isPositive();
                assertThat(job.passed(RecommendationList.class, time, next)).isPositive();
            }
        }
    }

    private static boolean isFast(AbstractCheckpointStats checkpoint) {
        return checkpoint.getStatus() == CheckpointStatsStatus.COMPLETED
                && checkpoint.getEndToEndDuration() < SLOWEST.toMillis();
    }

    /** Checkpoints that were triggered in a time, and should be complete at its end. */
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
                                                < end.minus(SLOWEST).toEpochMilli())
                .toList();
    }

    private Configuration checkpointed(Duration interval) {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
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
