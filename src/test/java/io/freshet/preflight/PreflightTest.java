package io.freshet.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.Arguments;
import io.freshet.config.StartConfig;
import io.freshet.config.StoreConfig;
import io.freshet.config.option.Problems;
import io.freshet.event.ModelRevision;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start without Kafka; {@code KafkaPreflightITCase} has the rest. */
class PreflightTest {

    @TempDir private Path directory;
    private Configuration cluster;
    private Configuration options;

    @BeforeEach
    void prepare() {
        cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        options = parse();
    }

    @Test
    void aNewJobOnANewStoreStarts() throws Exception {
        assertThat(start()).isEmpty();
    }

    @Test
    void aStoreThatWasOnlyPreTrainedIsNoJobs() throws Exception {
        write(1, 0);

        assertThat(start()).isEmpty();
    }

    @Test
    void aVersionThatWasNeverAnnouncedIsNoTrace() throws Exception {
        write(1, 0);
        write(2, 1);
        try (ModelStore store = store()) {
            store.unannounced(2);
        }

        assertThat(start()).isEmpty();
    }

    @Test
    void aStartThatLeavesStateBehindIsRefusedAndTheNewestCheckpointNamed() throws Exception {
        write(1, 0);
        write(2, 1);
        checkpoint("a", 9, Instant.EPOCH.plusSeconds(10));
        Path newest = checkpoint("b", 4, Instant.EPOCH.plusSeconds(20));
        Files.createDirectories(directory.resolve("checkpoints/c/chk-99")); // incomplete

        assertThat(start())
                .singleElement()
                .asString()
                .startsWith(
                        "start.without-state: found 'false', expected a checkpoint or savepoint")
                .contains("has version 2, which a job has made")
                .contains("flink run -s file:" + newest)
                .contains("start.without-state: true");
    }

    @Test
    void withoutACheckpointItSaysThatThereIsNone() throws Exception {
        write(1, 1);

        assertThat(start()).singleElement().asString().contains("None was found in file:");
    }

    @Test
    void aStartFromACheckpointOrOneThatWasAllowedIsNotRefused() throws Exception {
        write(1, 1);

        options = parse("--start.without-state", "true");
        assertThat(start()).isEmpty();
        options = parse();
        cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, "s3://bucket/chk-3");
        assertThat(start()).isEmpty();
        assertThat(options.get(StartConfig.STATE_LEFT)).isEmpty();
    }

    @Test
    void aJobThatDoesNotTrainMayShareAnothersStore() throws Exception {
        write(1, 1);
        options = parse("--training.enabled", "false");

        assertThat(start()).isEmpty();
    }

    /** main() runs again after a failover, and must not fail: Flink recovers the job. */
    @Test
    void whereFlinkMayRecoverTheJobTheDecisionIsTheOperators() throws Exception {
        write(1, 1);
        cluster.set(HighAvailabilityOptions.HA_MODE, "zookeeper");
        cluster.set(
                PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID, "00000000000000000000000000000001");

        assertThat(start()).isEmpty();
        assertThat(options.get(StartConfig.STATE_LEFT))
                .startsWith("Found no state, expected a checkpoint or savepoint")
                .contains("has version 1, which a job has made");
    }

    @Test
    void aSessionClusterDoesNotRecoverWhatIsSubmittedAnew() throws Exception {
        write(1, 1);
        cluster.set(HighAvailabilityOptions.HA_MODE, "zookeeper");

        assertThat(start()).singleElement().asString().startsWith("start.without-state");
    }

    @Test
    void aSchemeThatFlinkDoesNotKnowIsRefusedWithThePluginAndItsPlace() throws Exception {
        options.set(StoreConfig.PATH, "s3://bucket/models");

        assertThat(start())
                .singleElement()
                .asString()
                .startsWith("store.path: found 's3://bucket/models', expected a scheme that Flink")
                .contains("opt/flink-s3-fs-hadoop-<version>.jar")
                .contains("plugins/flink-s3-fs-hadoop/");
    }

    @Test
    void keysValuesAndClusterAreNamedInOneRound() throws Exception {
        Problems problems = new Problems();
        options = Arguments.read(problems, "--history.lenght", "3", "--history.pane", "10");

        Preflight.start(options, new Configuration(), loader(), problems);

        assertThat(problems.all())
                .anyMatch(each -> each.startsWith("--history.lenght: there is no such option"))
                .anyMatch(each -> each.startsWith("history.pane: found '10'"))
                .anyMatch(each -> each.startsWith("store.path: found ''"))
                .anyMatch(each -> each.startsWith("state.backend.type: "))
                .anyMatch(each -> each.startsWith("kafka.bootstrap-servers: "));
    }

    @Test
    void aCheckLeavesARunningJobAlone() throws Exception {
        write(1, 1);
        Problems problems = new Problems();

        Preflight.check(options, cluster, loader(), problems);

        assertThat(problems.all()).isEmpty();
    }

    private List<String> start() throws InterruptedException {
        Problems problems = new Problems();
        Preflight.start(options, cluster, loader(), problems);
        return problems.all();
    }

    private Configuration parse(String... further) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--store.path",
                                directory.resolve("models").toUri().toString(),
                                "--kafka.preflight",
                                "false"));
        arguments.addAll(List.of(further));
        return Arguments.parse(arguments.toArray(String[]::new));
    }

    private static ClassLoader loader() {
        return ClassLoader.getSystemClassLoader();
    }

    private ModelStore store() throws IOException {
        return new ModelStore(
                new StoreConfig(directory.resolve("models").toUri().toString(), 9, 0));
    }

    /** Writes a version; window 0 is pre-training. */
    private void write(long version, long window) throws IOException {
        try (ModelStore store = store()) {
            store.write(
                    Manifest.draft(
                            version,
                            ModelRevision.ofVersion(version - 1, null),
                            new Manifest.Window(window, 0, 1, 0),
                            new Manifest.Training(List.of(), List.of(), Map.of(), Map.of()),
                            new Manifest.Work("key-" + version, "", "", "")),
                    new String[] {""},
                    model -> Files.writeString(model.resolve("saved_model.pb"), "m"));
        }
    }

    private Path checkpoint(String job, int number, Instant written) throws IOException {
        Path made =
                Files.createDirectories(
                        directory.resolve("checkpoints").resolve(job).resolve("chk-" + number));
        Path metadata = Files.writeString(made.resolve("_metadata"), "m");
        Files.setLastModifiedTime(metadata, FileTime.from(written));
        return made;
    }
}
