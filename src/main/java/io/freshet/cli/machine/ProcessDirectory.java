package io.freshet.cli.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.apache.flink.util.FileUtils;

/**
 * The temporary directory of this process. What the command, Flink and native libraries unpack or
 * write on their way is in it, and is deleted with it.
 */
public final class ProcessDirectory implements AutoCloseable {

    private static final String TEMPORARY = "java.io.tmpdir";
    private static final String LOG = "freshet.log";

    private final Path path;

    private ProcessDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes the directory below {@code java.io.tmpdir}, and puts it in that property. Java and
     * libraries read the property once, so this comes before anything else. The log stays outside.
     *
     * @throws IOException if it can't be made
     */
    public static ProcessDirectory open() throws IOException {
        Path parent = Path.of(System.getProperty(TEMPORARY)).toAbsolutePath();
        String name = "freshet-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID();
        Path path;
        try {
            path =
                    Files.createDirectory(
                            parent.resolve(name),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new IOException(
                    parent
                            + ": found no way to make a directory in it, expected a place for"
                            + " temporary files; free some space, or name another with"
                            + " java -Djava.io.tmpdir=DIR",
                    e);
        }
        String user = System.getProperty("user.name");
        if (System.getProperty(LOG) == null) {
            System.setProperty(LOG, parent.resolve("freshet-" + user + ".log").toString());
        }
        System.setProperty(TEMPORARY, path.toString());
        return new ProcessDirectory(path);
    }

    /**
     * Deletes the directory. It is renamed first: what other threads still write while the process
     * ends fails, and is not left behind.
     */
    @Override
    public void close() {
        Path doomed = path.resolveSibling(path.getFileName() + "-deleted");
        try {
            Files.move(path, doomed);
            FileUtils.deleteDirectory(doomed.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(path + " can't be deleted", e);
        }
    }
}
