package io.freshet;

import io.freshet.config.Arguments;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The whole job in a life of several runs, each going on from the savepoint of the one before. */
final class TestingLife {

    static final int SLOTS = 3;

    /** Time to live of state that must not expire while it lies in a repository. */
    static final Duration FOR_GOOD = Duration.ofDays(36_500);

    private final TestingTopics topics;
    private final Path directory;

    /**
     * @param directory of the model store, checkpoints and savepoints
     */
    TestingLife(TestingTopics topics, Path directory) {
        this.topics = topics;
        this.directory = directory;
    }

    /** What a cluster needs for these runs. */
    static MiniClusterResourceConfiguration cluster() {
        Configuration workers = new Configuration();
        workers.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        return new MiniClusterResourceConfiguration.Builder()
                .setNumberTaskManagers(1)
                .setNumberSlotsPerTaskManager(SLOTS)
                .setConfiguration(workers)
                .build();
    }

    /** Options of a small job whose partitions are never idle and whose state never expires. */
    static Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("store.retain", "100");
        options.put("encoder.enabled", "false");
        options.put("model.width", "8");
        options.put("model.blocks", "1");
        options.put("history.length", "10");
        options.put("history.pane", "1 s");
        options.put("history.ttl", FOR_GOOD.toDays() + " d");
        options.put("history.debounce", "50 ms");
        options.put("history.probe-stride", "5");
        options.put("item.ttl", FOR_GOOD.toDays() + " d");
        options.put("ingest.max-disorder", "3 s");
        options.put("ingest.idle-timeout", "10 min");
        options.put("training.window-time", "10 min");
        options.put("training.holdout", "0");
        options.put("training.epochs", "1");
        options.put("training.negatives", "16");
        options.put("training.gate-tolerance", "100");
        return options;
    }

    /** Where the versions are. */
    Path store() {
        return directory.resolve("models");
    }

    /** Starts a job without state. */
    JobClient start(int parallelism, Map<String, String> options) throws Exception {
        return start(configuration(), parallelism, options);
    }

    /** Starts a job from a savepoint. */
    JobClient resume(String savepoint, int parallelism, Map<String, String> options)
            throws Exception {
        Configuration configuration = configuration();
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return start(configuration, parallelism, options);
    }

    /** Stops a job with a savepoint, and returns its path. */
    String stop(JobClient job) throws Exception {
        String savepoints = directory.resolve("savepoints").toUri().toString();
        return job.stopWithSavepoint(false, savepoints, SavepointFormatType.CANONICAL)
                .get(2, TimeUnit.MINUTES);
    }

    private JobClient start(
            Configuration configuration, int parallelism, Map<String, String> options)
            throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        Map<String, String> all = new LinkedHashMap<>(options);
        all.put("kafka.bootstrap-servers", topics.bootstrapServers());
        all.put("store.path", store().toUri().toString());
        List<String> arguments = new ArrayList<>();
        all.forEach(
                (key, value) -> {
                    arguments.add("--" + key);
                    arguments.add(value);
                });
        FreshetJob.build(env, Arguments.parse(arguments.toArray(new String[0])));
        return env.executeAsync();
    }

    /** A savepoint is one file, as all that is in it is small. */
    private Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.parse("1 mb"));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return configuration;
    }
}
