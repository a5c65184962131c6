package io.freshet.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.junit.jupiter.api.Test;

class ClusterPreflightTest {

    private static final FreshetConfig CONFIG =
            FreshetConfig.from(Arguments.parse("--store.path", "s3://bucket/models"));
    private static final ClassLoader LOADER = ClassLoader.getSystemClassLoader();

    @Test
    void aClusterThatKeepsThePromisesPasses() {
        assertThatCode(() -> ClusterPreflight.check(fit(), CONFIG, LOADER))
                .doesNotThrowAnyException();
    }

    @Test
    void heapStateAndMissingCheckpointsAreRefusedTogether() {
        assertThatThrownBy(() -> ClusterPreflight.check(new Configuration(), CONFIG, LOADER))
                .hasMessageContaining("3 problem(s)")
                .hasMessageContaining("execution.checkpointing.dir: found 'none', expected")
                .hasMessageContaining("state.backend.type: found 'hashmap', expected rocksdb")
                .hasMessageContaining("execution.checkpointing.interval");
    }

    @Test
    void aJobWithoutAStoreIsRefusedWithWhatAStoreIs() {
        FreshetConfig without = FreshetConfig.from(new Configuration());

        assertThatThrownBy(() -> ClusterPreflight.check(fit(), without, LOADER))
                .hasMessageContaining("1 problem(s)")
                .hasMessageContaining("store.path: found '', expected an absolute place, such as")
                .hasMessageContaining("that all task managers share");
    }

    @Test
    void aTransactionMustOutliveACheckpoint() {
        Configuration slow = fit();
        slow.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));

        assertThatThrownBy(() -> ClusterPreflight.check(slow, CONFIG, LOADER))
                .hasMessageContaining("kafka.transaction-timeout: found 'PT15M'");
    }

    @Test
    void checkpointsThatCountTwiceAreRefused() {
        Configuration lax = fit();
        lax.set(
                CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
                CheckpointingMode.AT_LEAST_ONCE);

        assertThatThrownBy(() -> ClusterPreflight.check(lax, CONFIG, LOADER))
                .hasMessageContaining("1 problem(s)")
                .hasMessageContaining(
                        "execution.checkpointing.mode: found 'AT_LEAST_ONCE', expected"
                                + " EXACTLY_ONCE, because");
    }

    @Test
    void barriersThatOvertakeRequestsAreRefused() {
        Configuration unaligned = fit();
        unaligned.set(CheckpointingOptions.ENABLE_UNALIGNED, true);

        assertThatThrownBy(() -> ClusterPreflight.check(unaligned, CONFIG, LOADER))
                .hasMessageContaining("1 problem(s)")
                .hasMessageContaining(
                        "execution.checkpointing.unaligned.enabled: found 'true', expected"
                                + " false, because");
    }

    @Test
    void anEngineThatIsNotFlinksOwnIsRefused() {
        ClassLoader empty = new URLClassLoader(new URL[0], null);

        assertThatThrownBy(() -> ClusterPreflight.check(fit(), CONFIG, empty))
                .hasMessageContaining("no org.tensorflow.TensorFlow")
                .hasMessageContaining("target/flink-lib");
    }

    private static Configuration fit() {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "s3://bucket/checkpoints");
        return configuration;
    }
}
