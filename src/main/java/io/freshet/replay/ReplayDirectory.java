package io.freshet.replay;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.util.FileUtils;

/**
 * Where a replay writes: {@code predictions.csv}, {@code scores.csv}, {@code report.json}, {@code
 * report.md} and {@code models/}. A marker file shows that what is there came from a replay, which
 * the next one may replace.
 */
final class ReplayDirectory {

    private static final String MARK = ".freshet-replay";
    private static final List<String> RESULTS =
            List.of("predictions.csv", "scores.csv", "report.json", "report.md");

    private final Path root;

    ReplayDirectory(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    Path root() {
        return root;
    }

    Path predictions() {
        return root.resolve("predictions.csv");
    }

    Path scores() {
        return root.resolve("scores.csv");
    }

    /** The model store. */
    Path models() {
        return root.resolve("models");
    }

    /**
     * Makes the directory, and removes what an earlier replay left in it.
     *
     * @return keeps other replays away until it is closed
     * @throws java.nio.file.FileSystemException if another replay writes to it
     * @throws FileAlreadyExistsException if it holds models that are not from a replay
     */
    DirectoryLock prepare() throws IOException {
        Path mark = root.resolve(MARK);
        if (Files.exists(models()) && !Files.exists(mark)) {
            throw new FileAlreadyExistsException(
                    models().toString(), null, "it is not from a replay, which would replace it");
        }
        DirectoryLock lock = DirectoryLock.of(root);
        Files.write(mark, new byte[0]);
        FileUtils.deleteDirectory(models().toFile());
        for (String result : RESULTS) {
            Files.deleteIfExists(root.resolve(result));
        }
        return lock;
    }
}
