package io.freshet.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

    @TempDir private Path output;

    @Test
    void theSecondReplayOfADirectoryIsRefusedAndDestroysNothing() throws Exception {
        ReplayDirectory directory = new ReplayDirectory(output);
        Path model = directory.models().resolve("1");
        try (DirectoryLock first = directory.prepare()) {
            Files.createDirectories(model);

            assertThatThrownBy(() -> new ReplayDirectory(output).prepare())
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(output.toString())
                    .hasMessageContaining("found another run")
                    .hasMessageContaining("choose another --output");
            assertThat(model).exists();
            assertThat(first).isNotNull();
        }
        new ReplayDirectory(output).prepare().close();
        assertThat(model).doesNotExist();
    }
}
