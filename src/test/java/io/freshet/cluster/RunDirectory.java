package io.freshet.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** Writes log4j2.properties, with which a process logs to its output. */
    static void logging(Path directory) throws IOException {
        Files.write(
                directory.resolve("log4j2.properties"),
                List.of(
                        "rootLogger.level = INFO",
                        "rootLogger.appenderRef.console.ref = console",
                        "appender.console.type = Console",
                        "appender.console.name = console",
                        "appender.console.layout.type = PatternLayout",
                        "appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1} - %m%n"));
    }
}
