package io.freshet.model.tensorflow.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {

    @TempDir private Path directory;

    @Test
    void aLockIsHeldOnceUntilItIsFreed() throws Exception {
        Path file = directory.resolve("gpu.lock");

        try (ProcessLock first = ProcessLock.tryLock(file)) {
            assertThat(first).isNotNull();
            assertThat(ProcessLock.tryLock(file)).isNull();
        }
        try (ProcessLock again = ProcessLock.tryLock(file)) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void aLockThatIsKeptOutlivesItsHolder() throws Exception {
        Path file = directory.resolve("gpu.lock");

        try (ProcessLock lock = ProcessLock.tryLock(file)) {
            requireNonNull(lock).keep();
        }

        assertThat(ProcessLock.tryLock(file)).isNull();
    }

    @Test
    void locksOnDifferentFilesDoNotMeet() throws Exception {
        try (ProcessLock one = ProcessLock.tryLock(directory.resolve("0.lock"));
                ProcessLock other = ProcessLock.tryLock(directory.resolve("1.lock"))) {
            assertThat(one).isNotNull();
            assertThat(other).isNotNull();
        }
    }
}
