package io.freshet.store;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Keeps a store to its own directory. On a local file system links can lead anywhere: nothing is
 * read through one that leads out of the store, and nothing is deleted through any. Flink's own
 * local file system does both. Distributed ones are taken to have no links.
 */
final class StoreBounds {

    private final FileSystem files;
    private final Path root;

    StoreBounds(FileSystem files, Path root) {
        this.files = files;
        this.root = root;
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
        java.nio.file.Path found = ModelStore.local(path).toRealPath();
        java.nio.file.Path inside = ModelStore.local(root).toRealPath();
        if (!found.startsWith(inside)) {
            throw new StoreException(
                    path
                            + " is a link out of the store, to "
                            + found
                            + ", expected a place below "
                            + inside
                            + "; put the version itself there");
        }
    }

    /** Deletes a directory and all below it; a link goes, and what it leads to stays. */
    void delete(Path directory) throws IOException {
        if (files.isDistributedFS()) {
            files.delete(directory, true);
            return;
        }
        List<java.nio.file.Path> doomed;
        try (Stream<java.nio.file.Path> walk = Files.walk(ModelStore.local(directory))) {
            doomed = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (java.nio.file.Path path : doomed) {
            Files.deleteIfExists(path);
        }
    }
}
