package io.freshet.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.freshet.runtime.TemporaryFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.UUID;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory on this machine in which something is made before the store has it. That of a local
 * store is in the store, to be renamed; what is for another store is uploaded, because object
 * stores have no renaming that happens at once.
 */
final class Staging implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Staging.class);

    private final FileSystem files;
    private final java.nio.file.Path directory;

    /**
     * @param root of the store
     * @param name of what is made, for people
     */
    Staging(FileSystem files, Path root, String name) throws IOException {
        this.files = files;
        this.directory =
                files.isDistributedFS()
                        ? TemporaryFiles.directory("freshet-writing-")
                        : Files.createDirectories(
                                StoreBounds.local(
                                        new Path(
                                                root,
                                                ModelStore.WRITING
                                                        + name
                                                        + "-"
                                                        + UUID.randomUUID())));
    }

    java.nio.file.Path directory() {
        return directory;
    }

    /** Puts a file of the directory into the store, at once, but for HDFS and its like. */
    void publish(String file, Path target) throws IOException {
        java.nio.file.Path made = directory.resolve(file);
        if (files.isDistributedFS()) {
            upload(made, target);
        } else {
            Files.move(made, StoreBounds.local(target), ATOMIC_MOVE);
        }
    }

    private void upload(java.nio.file.Path made, Path target) throws IOException {
        try (OutputStream out = files.create(target, FileSystem.WriteMode.NO_OVERWRITE)) {
            Files.copy(made, out);
        } catch (IOException e) {
            try {
                files.delete(target, false);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Puts the whole directory into a local store, at once. */
    void publishAll(Path target) throws IOException {
        Files.move(directory, StoreBounds.local(target), ATOMIC_MOVE);
    }

    /** Deletes what is left. What can't be deleted in a local store is so by the next start. */
    @Override
    public void close() {
        try {
            FileUtils.deleteDirectory(directory.toFile());
        } catch (IOException e) {
            LOG.warn("{} can't be deleted after writing: {}", directory, e.toString());
        }
    }
}
