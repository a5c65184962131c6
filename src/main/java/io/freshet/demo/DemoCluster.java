package io.freshet.demo;

import io.freshet.demo.Demo.DemoJob;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Flink cluster inside this process, on loopback only, with web UI, RocksDB and exactly-once
 * checkpoints, and the one job that it runs.
 */
final class DemoCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DemoCluster.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(2);
    private static final Duration METRICS_INTERVAL = Duration.ofSeconds(1);
    private static final int RESTARTS = 3;
    private static final long PATIENCE_SECONDS = 20;

    private final Configuration configuration;
    private final MiniCluster cluster;
    private final int parallelism;
    private @Nullable JobID job;

    /**
     * @param directory for checkpoints, local state and all else
     * @param webPort port of the web UI, 0 for a free one
     */
    DemoCluster(Path directory, int parallelism, int webPort) {
        this.parallelism = parallelism;
        this.configuration = configuration(directory, parallelism, webPort);
        this.cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(parallelism)
                                .setCommonBindAddress(LOOPBACK)
                                .build());
    }

    /**
     * Starts the cluster.
     *
     * @return the address of its web UI
     */
    URI start() throws Exception { // declared so by Flink
        cluster.start();
        return cluster.getRestAddress().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Submits the job.
     *
     * @param end completed when the job ends, exceptionally if it fails
     * @return the job's id
     */
    JobID submit(DemoJob demoJob, Configuration options, CompletableFuture<Void> end)
            throws ExecutionException, InterruptedException {
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        demoJob.build(env, options);
        var graph = env.getStreamGraph();
        graph.setJobName("Freshet demo");
        JobID submitted = cluster.submitJob(graph.getJobGraph()).get().getJobID();
        job = submitted;
        var unused =
                cluster.requestJobResult(submitted)
                        .whenComplete(
                                (result, problem) -> {
                                    if (problem != null) {
                                        end.completeExceptionally(problem);
                                    } else if (result.getSerializedThrowable().isPresent()) {
                                        end.completeExceptionally(
                                                result.getSerializedThrowable()
                                                        .get()
                                                        .deserializeError(
                                                                getClass().getClassLoader()));
                                    } else {
                                        end.complete(null);
                                    }
                                });
        return submitted;
    }

    /** Cancels the job and stops the cluster. */
    @Override
    public void close() throws InterruptedException {
        JobID submitted = job;
        if (submitted != null) {
            await("The job's cancellation", cluster.cancelJob(submitted));
            await("The job's end", cluster.requestJobResult(submitted));
        }
        await("The cluster's end", cluster.closeAsync());
    }

    private static void await(String what, CompletableFuture<?> future)
            throws InterruptedException {
        try {
            future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            LOG.warn("{} failed", what, e.getCause());
        } catch (TimeoutException e) {
            LOG.warn("{} took longer than {} s", what, PATIENCE_SECONDS, e);
        }
    }

    private static Configuration configuration(Path directory, int parallelism, int webPort) {
        Configuration conf = new Configuration();
        conf.set(RestOptions.ADDRESS, LOOPBACK);
        conf.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        conf.set(RestOptions.BIND_PORT, String.valueOf(webPort));
        conf.set(RestOptions.PORT, webPort);
        conf.set(JobManagerOptions.BIND_HOST, LOOPBACK);
        conf.set(BlobServerOptions.PORT, "0");
        conf.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
        conf.set(TaskManagerOptions.HOST, LOOPBACK);
        conf.set(WebOptions.SUBMIT_ENABLE, false);
        conf.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, METRICS_INTERVAL);
        conf.set(CoreOptions.TMP_DIRS, directory.resolve("flink").toString());
        conf.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        conf.set(TaskManagerOptions.BUFFER_DEBLOAT_ENABLED, true);
        conf.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        conf.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        conf.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        conf.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
        conf.set(
                CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
                CheckpointingMode.EXACTLY_ONCE);
        conf.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        conf.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.NO_EXTERNALIZED_CHECKPOINTS);
        conf.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        conf.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTARTS);
        conf.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
        return conf;
    }
}
