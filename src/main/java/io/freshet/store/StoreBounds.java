package io.freshet.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.freshet.runtime.TemporaryFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a store to its own directory and its one writer. On a local file system links can lead
 * anywhere: nothing is read through one that leads out of the store, and nothing is written or
 * deleted through any. Flink's own local file system does all of it. Distributed ones are taken to
 * have no links.
 */
final class StoreBounds {

    private static final Logger LOG = LoggerFactory.getLogger(StoreBounds.class);

    private final FileSystem files;
    private final Path root;
    private final @Nullable StoreWriter writer;

    StoreBounds(FileSystem files, Path root, @Nullable StoreWriter writer) {
        this.files = files;
        this.root = root;
        this.writer = writer;
    }

    /**
     * Must be called before a change of the store.
     *
     * @throws IllegalStateException if another has become the writer
     */
    void requireWriter() throws IOException {
        if (writer != null) {
            writer.require(files, this, root);
        }
    }

    /**
     * Writes so many bytes into the store, and deletes them.
     *
     * @throws StoreException if that can't be done
     */
    void requireWritable(int bytes) throws IOException {
        Path probe = new Path(root, ModelStore.WRITING + "probe-" + UUID.randomUUID());
        try {
            files.mkdirs(root);
            try (FSDataOutputStream out = files.create(probe, FileSystem.WriteMode.NO_OVERWRITE)) {
                out.write(new byte[bytes]);
                out.sync();
            } finally {
                files.delete(probe, false);
            }
        } catch (IOException e) {
            throw new StoreException(
                    "%s: found no way to write %d KB, expected a store that can be written and has room for a version; nothing was trained yet: free space, change its rights, or choose another store"
                            .formatted(root, bytes >> 10),
                    e);
        }
    }

    /**
     * Refuses a path that leads out of the store.
     *
     * @param path something that exists
     * @throws StoreException if it lies elsewhere, links followed
     */
    void requireInside(Path path) throws IOException {
        if (files.isDistributedFS()) {
            return;
        }
        java.nio.file.Path found = local(path).toRealPath();
        java.nio.file.Path inside = local(root).toRealPath();
        if (!found.startsWith(inside)) {
            throw new StoreException(
                    "%s is a link out of the store, to %s, expected a place below %s; put what it leads to there"
                            .formatted(path, found, inside));
        }
    }

    /**
     * Refuses a directory of the store's own that is a link. It need not exist.
     *
     * @throws StoreException if it is
     */
    void requireDirectory(Path directory) throws StoreException {
        if (isLink(directory)) {
            throw new StoreException(
                    "%s is a link, expected a directory of the store itself; put what it leads to in its place, or delete it if it is not yours"
                            .formatted(directory));
        }
    }

    /** Whether a path is a link, wherever it leads. */
    boolean isLink(Path path) {
        return !files.isDistributedFS() && Files.isSymbolicLink(local(path));
    }

    /**
     * Makes a small file; one that exists stays as it is on a local file system, and is replaced on
     * others. Its directory must be no link, see {@link #isLink}.
     */
    void create(Path file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (files.isDistributedFS()) {
            overwrite(file, bytes);
            return;
        }
        java.nio.file.Path target = local(file);
        java.nio.file.Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.write(target, bytes, CREATE_NEW, WRITE, NOFOLLOW_LINKS);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{} is there already", file, e);
        }
    }

    /** Puts a small file in the place of what has its name, at once on a local file system. */
    void replace(Path file, String text) throws IOException {
        if (files.isDistributedFS()) {
            overwrite(file, text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        Path aside = new Path(root, ModelStore.WRITING + file.getName() + "-" + UUID.randomUUID());
        create(aside, text);
        Files.move(local(aside), local(file), ATOMIC_MOVE);
    }

    private void overwrite(Path file, byte[] bytes) throws IOException {
        try (OutputStream out = files.create(file, FileSystem.WriteMode.OVERWRITE)) {
            out.write(bytes);
        }
    }

    /** Deletes a directory and all below it; a link goes, and what it leads to stays. */
    void delete(Path directory) throws IOException {
        if (files.isDistributedFS()) {
            files.delete(directory, true);
            return;
        }
        List<java.nio.file.Path> doomed;
        try (Stream<java.nio.file.Path> walk = Files.walk(local(directory))) {
            doomed = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (java.nio.file.Path path : doomed) {
            Files.deleteIfExists(path);
        }
    }

    /** A path of a local store, as Java's. */
    static java.nio.file.Path local(Path path) {
        return java.nio.file.Path.of(path.getPath());
    }

    /**
     * A directory on this machine in which something is made before the store has it. That of a
     * local store is in the store, to be renamed; what is for another store is uploaded, because
     * object stores have no renaming that happens at once.
     */
    static final class Staging implements Closeable {

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
}
