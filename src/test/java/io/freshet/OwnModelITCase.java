package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.cli.models.ModelsCommand;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
import io.freshet.model.tensorflow.MarkovModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A model of another make, brought into the store, is fine-tuned and served by the same job. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OwnModelITCase {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(
                                    new Configuration()
                                            .set(
                                                    TaskManagerOptions.MANAGED_MEMORY_SIZE,
                                                    MemorySize.ofMebiBytes(128)))
                            .build());

    @TempDir private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();

    @Test
    void isImportedTrainedAndServed() throws Exception {
        Path made = directory.resolve("markov");
        MarkovModel.export(made);
        String store = directory.resolve("models").toUri().toString();
        assertThat(models("verify", "--directory", made.toString())).as(out.toString()).isZero();
        assertThat(models("import", made.toString(), "--store", store)).isZero();

        try (GeneratedJob job =
                GeneratedJob.start("own model", checkpointed(), "--store.path", store)) {
            job.await(ModelCheckpoint.class, verdict -> verdict.version() == 6);
            job.await(RecommendationList.class, list -> list.modelVersion() >= 6);

            List<ModelCheckpoint> verdicts =
                    job.passed(ModelCheckpoint.class).stream()
                            .filter(verdict -> verdict.window() > 0)
                            .toList();
            assertThat(verdicts).extracting(ModelCheckpoint::parent).startsWith(1L, 2L, 3L);
            assertThat(verdicts.get(verdicts.size() - 1).loss())
                    .as("it learns: losses of %s", verdicts)
                    .isLessThan(verdicts.get(0).loss());
        }
        assertThat(models("verify", "6", "--store", store)).as(out.toString()).isZero();
    }

    private int models(String... arguments) {
        return new CommandLine(new ModelsCommand())
                .setOut(new PrintWriter(out, true))
                .execute(arguments);
    }

    private Configuration checkpointed() {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return cluster;
    }
}
