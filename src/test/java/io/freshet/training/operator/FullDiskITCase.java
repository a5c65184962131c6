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

    private static final long ROOM_FOR_VARIABLES = 64 << 10;

    @TempDir private Path directory;
    private int windows;

    @Test
    void a_full_disk_delays_the_version_until_there_is_room() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        long size = graphBytes() + ROOM_FOR_VARIABLES;
        assumeTrue(runs("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()));
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(disk), new TensorFlowModelRuntime())) {
            window(harness);
            harness.awaitVerdict();
            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.DELAYED);
            assertThat(harness.lastCheckpoint().reason()).contains("No space left on device");
            try (Stream<Path> left = Files.list(disk)) {
                assertThat(left)
                        .as("but for marks")
                        .extracting(path -> path.getFileName().toString())
                        .isSubsetOf("unannounced", "writer");
            }

            assertThat(runs("mount", "-o", "remount,size=64m", disk.toString())).isTrue();
            while (!harness.lastCheckpoint().promoted()) {
                window(harness);
                harness.awaitVerdict();
            }
            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 0, 4L * windows - 1, 4 * windows));
            try (ModelStore store = new ModelStore(settings(disk).store())) {
                assertThat(store.verify(1).fingerprint())
                        .isEqualTo(harness.lastCheckpoint().fingerprint());
            }
        } finally {
            assertThat(runs("umount", disk.toString())).isTrue();
        }
    }

    /** Size of the graph, which is written first. */
    private long graphBytes() throws Exception {
        Path elsewhere = directory.resolve("elsewhere");
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings(elsewhere), new TensorFlowModelRuntime())) {
            window(harness);
            harness.awaitVerdict();
        }
        windows = 0;
        assertThat(elsewhere.resolve("1/variables"))
                .isDirectoryContaining(path -> path.toFile().length() > 2 * ROOM_FOR_VARIABLES);
        return Files.size(elsewhere.resolve("1/saved_model.pb"));
    }

    private void window(FineTuneHarness harness) throws Exception {
        long end = TestingSequences.PANE * (windows + 1);
        harness.sequences(sequence("ann", end, 4L * windows, 4, "a", "b", "a", "b"));
        windows++;
        harness.watermark(end - 1);
    }

    private static TrainingSettings settings(Path store) {
        TrainingSettings small = TestingSequences.settings(store);
        return new TrainingSettings(
                new ModelConfig(64, 2, 2, 0, 42),
                small.history(),
                small.training(),
                small.store(),
                small.content(),
                small.control());
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(List.of(command)).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
