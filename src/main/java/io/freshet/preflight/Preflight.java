package io.freshet.preflight;

import io.freshet.config.ClusterPreflight;
import io.freshet.config.FreshetConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.config.StartConfig;
import io.freshet.config.option.Problems;
import io.freshet.kafka.KafkaPreflight;
import io.freshet.kafka.KafkaPreflight.Start;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be known to be wrong before a job starts, in one round: whatever part is
 * looked at, the others are as well.
 *
 * <p><b>State.</b> A job that starts without state where one was before forgets all users and goes
 * on behind what that one has read. It is refused, in one of two places:
 *
 * <ul>
 *   <li>Here, where no state can come: no checkpoint is named ({@code
 *       execution.state-recovery.path}), and nothing recovers the job by itself.
 *   <li>Where Flink may recover the job (application mode with high availability), {@code main}
 *       runs again after each failover, and can't see whether it will. Then what was found goes
 *       with the options ({@link StartConfig#STATE_LEFT}) to the fine-tuner, which refuses if no
 *       state is restored to it.
 * </ul>
 */
public final class Preflight {

    private final Configuration options;
    private final Problems problems;
    private final boolean asksKafka;
    private final FreshetConfig config;

    private Preflight(Configuration options, Problems problems) {
        boolean wrongKey = problems.concern("kafka."); // then the brokers are not those meant
        this.options = options;
        this.problems = problems;
        this.config = FreshetConfig.read(options, problems);
        this.asksKafka =
                config.kafka().preflight()
                        && !wrongKey
                        && !problems.concern(KafkaConfig.BOOTSTRAP_SERVERS.key());
    }

    /**
     * Checks options, and what they need; what is wrong is added to {@code problems}.
     *
     * @param options as they were read
     * @param cluster Flink's configuration; null to leave out the cluster and its file systems
     * @param problems has what was wrong in the reading
     */
    public static void check(
            Configuration options,
            @Nullable ReadableConfig cluster,
            ClassLoader jobLoader,
            Problems problems)
            throws InterruptedException {
        Preflight preflight = new Preflight(options, problems);
        if (cluster != null) {
            ClusterPreflight.check(cluster, preflight.config, jobLoader, problems);
            StoreLook.of(preflight.config.store(), problems);
        }
        if (preflight.asksKafka) {
            KafkaPreflight.check(
                    preflight.config, FreshetConfig.kafkaProperties(options), null, problems);
        }
    }

    /**
     * Checks the same for a job that starts now: also that no other has its names, and that no
     * state is left behind. Sets {@link StartConfig#STATE_LEFT} in {@code options} if only the
     * operators can see that.
     *
     * @param cluster Flink's configuration, as the submission has it
     */
    public static void start(
            Configuration options, ReadableConfig cluster, ClassLoader jobLoader, Problems problems)
            throws InterruptedException {
        Preflight preflight = new Preflight(options, problems);
        ClusterPreflight.check(cluster, preflight.config, jobLoader, problems);
        StoreLook store = StoreLook.of(preflight.config.store(), problems);
        Optional<String> committed =
                preflight.asksKafka
                        ? KafkaPreflight.check(
                                preflight.config,
                                FreshetConfig.kafkaProperties(options),
                                Start.of(recoverable(cluster).orElse(""), store.ownerGroup()),
                                problems)
                        : Optional.empty();
        boolean trains = preflight.config.training().enabled();
        preflight.checkState(
                cluster,
                Stream.of(committed, trains ? store.version() : Optional.<String>empty())
                        .flatMap(Optional::stream)
                        .toList());
    }

    private void checkState(ReadableConfig cluster, List<String> left) {
        boolean named = cluster.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent();
        if (left.isEmpty() || named || config.start().withoutState()) {
            return;
        }
        String expected =
                "a checkpoint or savepoint to start from, because an earlier run has left traces: "
                        + String.join("; ", left)
                        + ". Without its state the job would forget all users and go on behind what"
                        + " it has read. "
                        + RetainedCheckpoints.newest(cluster)
                        + " To start without state all the same, set "
                        + StartConfig.WITHOUT_STATE.key()
                        + ": true for this start";
        if (recoverable(cluster).isPresent()) {
            options.set(StartConfig.STATE_LEFT, "Found no state, expected " + expected);
        } else {
            problems.add(StartConfig.WITHOUT_STATE.key(), "false", expected);
        }
    }

    /** The id of the job that Flink recovers by itself, if there is one. */
    private static Optional<String> recoverable(ReadableConfig cluster) {
        boolean highlyAvailable =
                !cluster.get(HighAvailabilityOptions.HA_MODE).equalsIgnoreCase("none");
        return highlyAvailable
                ? cluster.getOptional(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID)
                : Optional.empty();
    }
}
