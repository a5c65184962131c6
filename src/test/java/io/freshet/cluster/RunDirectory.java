package io.freshet.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.util.FileUtils;

/** Where a test keeps its processes' logs and files; left behind until the test runs again. */
public final class RunDirectory {

    private RunDirectory() {}

    /** An empty directory below {@code target/cluster}. */
    public static Path create(String name) throws IOException {
        Path directory = Path.of("target", "cluster", name).toAbsolutePath();
        FileUtils.deleteDirectory(directory.toFile());
        return Files.createDirectories(directory);
    }
}
