package io.freshet.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.flink.util.FileUtils;

/** Temporary local directories for versions of a distant store, the last few of them. */
final class LocalCopies implements Closeable {

    private static final int KEPT = 2;

    private final Path root;
    private final Deque<Path> directories = new ArrayDeque<>();

    LocalCopies() throws IOException {
        this.root = Files.createTempDirectory("freshet-models-");
    }

    /** An empty directory for a version; the oldest one makes room. */
    Path make(long version) throws IOException {
        while (directories.size() >= KEPT) {
            FileUtils.deleteDirectory(directories.removeFirst().toFile());
        }
        Path directory = Files.createTempDirectory(root, version + "-");
        directories.addLast(directory);
        return directory;
    }

    static Digest write(InputStream in, Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            return Digest.copying(in, out);
        }
    }

    @Override
    public void close() throws IOException {
        FileUtils.deleteDirectory(root.toFile());
    }
}
