package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.freshet.config.ModelConfig;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.store.ModelStore;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real model's variables on a file system that is really full, in the middle of a file. Skipped
 * where a test can't mount one.
 */
class FullDiskITCase {

    @TempDir private Path directory;
    private int windows;

    @Test
    void a_version_that_does_not_fit_is_delayed_and_an_update_that_does_not_waits_for_room()
            throws Exception {
        Sizes sizes = sizes();
        Path disk = Files.createDirectory(directory.resolve("disk"));
        long size = sizes.version() + 2 * sizes.update() + sizes.update() / 2;
        assumeTrue(runs("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()));
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(disk), new TensorFlowModelRuntime())) {
            train(harness);
            train(harness);
            train(harness);
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.DELAYED);
            assertThat(harness.lastCheckpoint().reason()).contains("No space left on device");
            assertThat(updates(disk)).hasSize(2);

            window(harness);
            harness.awaitStoreFailures(1);
            assertThat(updates(disk)).as("nothing half-written is visible").hasSize(2);
            assertThat(disk.resolve("2")).doesNotExist();
            int verdicts = harness.checkpoints().size();

            assertThat(runs("mount", "-o", "remount,size=256m", disk.toString())).isTrue();
            while (harness.checkpoints().size() == verdicts) {
                harness.runMail();
            }
            while (!harness.lastCheckpoint().promoted()) {
                train(harness);
            }
            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 4L * windows - 1, 4 * windows));
            try (ModelStore store = new ModelStore(settings(disk).store())) {
                assertThat(store.verify(2).fingerprint())
                        .isEqualTo(harness.lastCheckpoint().fingerprint());
            }
        } finally {
            assertThat(runs("umount", disk.toString())).isTrue();
        }
    }

    /** Bytes of a version and of an update since it. */
    private record Sizes(long version, long update) {}

    private Sizes sizes() throws Exception {
        Path elsewhere = directory.resolve("elsewhere");
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(elsewhere), new TensorFlowModelRuntime())) {
            train(harness);
            train(harness);
        }
        windows = 0;
        long version = 0;
        try (Stream<Path> files = Files.walk(elsewhere.resolve("1"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                version += Files.size(file);
            }
        }
        return new Sizes(version, Files.size(updates(elsewhere).get(0)));
    }

    private static List<Path> updates(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store.resolve("updates"))) {
            return files.toList();
        }
    }

    private void train(FineTuneHarness harness) throws Exception {
        window(harness);
        harness.awaitVerdict();
    }

    private void window(FineTuneHarness harness) throws Exception {
        long end = TestingSequences.PANE * (windows + 1);
        harness.sequences(sequence("ann", end, 4L * windows, 4, "a", "b", "a", "b"));
        windows++;
        harness.watermark(end - 1);
    }

    private static TrainingSettings settings(Path store) {
        TrainingSettings small = TestingSequences.settings(store, TestingSequences.training(2));
        return new TrainingSettings(
                new ModelConfig(64, 2, 2, List.of(), 256, 0, ModelConfig.Precision.FLOAT32, 42),
                small.history(),
                small.training(),
                small.store(),
                small.content());
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(List.of(command)).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
