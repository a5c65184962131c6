package io.freshet.config;

import io.freshet.config.option.Problems;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;

/**
 * Refuses a cluster on which the job would start and later lose something: Flink's own
 * configuration must fit what Freshet promises. That there is a model store at all is checked here,
 * too.
 */
public final class ClusterPreflight {

    private static final String ENGINE_CLASS = "org.tensorflow.TensorFlow";

    private ClusterPreflight() {}

    /**
     * Checks the cluster's configuration against the job's.
     *
     * @param jobLoader the class loader that loaded the job
     * @throws IllegalConfigurationException naming every problem, with what to set
     */
    public static void check(ReadableConfig cluster, FreshetConfig config, ClassLoader jobLoader) {
        Problems problems = new Problems();
        check(cluster, config, jobLoader, problems);
        problems.throwIfAny();
    }

    /** Checks the same; what is wrong is added to {@code problems}. */
    public static void check(
            ReadableConfig cluster,
            FreshetConfig config,
            ClassLoader jobLoader,
            Problems problems) {
        checkState(cluster, problems);
        checkCheckpoints(cluster, config.kafka().transactionTimeout(), problems);
        checkDirectory(cluster, problems);
        checkBarriers(cluster, problems);
        checkEngine(jobLoader, problems);
        config.store().requirePath(problems);
    }

    private static void checkState(ReadableConfig cluster, Problems problems) {
        String backend = cluster.get(StateBackendOptions.STATE_BACKEND);
        if (!backend.equals("rocksdb")) {
            problems.add(
                    StateBackendOptions.STATE_BACKEND.key(),
                    backend,
                    "rocksdb, because the state of all users does not fit a heap");
        }
    }

    private static void checkCheckpoints(
            ReadableConfig cluster, Duration transactionTimeout, Problems problems) {
        Duration interval =
                cluster.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                        .orElse(Duration.ZERO);
        if (interval.isZero()) {
            problems.add(
                    CheckpointingOptions.CHECKPOINTING_INTERVAL.key(),
                    "none",
                    "an interval, because outputs become visible with checkpoints only");
        } else if (transactionTimeout.compareTo(interval) <= 0) {
            problems.add(
                    KafkaConfig.TRANSACTION_TIMEOUT.key(),
                    transactionTimeout.toString(),
                    "more than "
                            + CheckpointingOptions.CHECKPOINTING_INTERVAL.key()
                            + " = "
                            + interval
                            + ", because a transaction lives as long as a checkpoint");
        }
    }

    private static void checkDirectory(ReadableConfig cluster, Problems problems) {
        if (cluster.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY).isEmpty()) {
            problems.add(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                    "none",
                    "a directory that job and task managers share, such as s3://bucket/checkpoints,"
                            + " because checkpoints in the job manager's memory are lost with it");
        }
    }

    private static void checkBarriers(ReadableConfig cluster, Problems problems) {
        CheckpointingMode mode = cluster.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE);
        if (mode != CheckpointingMode.EXACTLY_ONCE) {
            problems.add(
                    CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE.key(),
                    mode.name(),
                    "EXACTLY_ONCE, because a restore would count and train interactions twice");
        }
        if (cluster.get(CheckpointingOptions.ENABLE_UNALIGNED)) {
            problems.add(
                    CheckpointingOptions.ENABLE_UNALIGNED.key(),
                    "true",
                    "false, because a barrier that overtakes a request would let a list follow"
                            + " the tombstone of a forgotten user");
        }
    }

    private static void checkEngine(ClassLoader jobLoader, Problems problems) {
        String expected = "the jars of target/flink-lib in Flink's lib/ and not in the job's jar";
        try {
            ClassLoader engineLoader =
                    Class.forName(ENGINE_CLASS, false, jobLoader).getClassLoader();
            if (engineLoader == jobLoader && jobLoader != ClassLoader.getSystemClassLoader()) {
                problems.add(
                        "class path",
                        ENGINE_CLASS + " in the job's jar",
                        expected + ", because TensorFlow's natives load once per process");
            }
        } catch (ClassNotFoundException e) {
            problems.add("class path", "no " + ENGINE_CLASS, expected);
        }
    }
}
