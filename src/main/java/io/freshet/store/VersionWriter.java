package io.freshet.store;

import io.freshet.runtime.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one version, and tidies up behind itself. Readers see it from when it has a manifest.
 *
 * <p>A local directory is filled under a temporary name and renamed. Object stores can't rename a
 * directory at once: there the files are put under their final names, the manifest last.
 */
final class VersionWriter implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(VersionWriter.class);

    private final FileSystem files;
    private final StoreBounds bounds;
    private final Path target;
    private final StoreBounds.Staging staging;
    private boolean published;

    /**
     * @param root of the store
     * @param target of the version; nothing is there
     */
    VersionWriter(FileSystem files, StoreBounds bounds, Path root, Path target) throws IOException {
        this.files = files;
        this.bounds = bounds;
        this.target = target;
        this.staging = new StoreBounds.Staging(files, root, target.getName());
    }

    /** Makes the version where nobody sees it; returns its manifest. */
    Manifest stage(Manifest draft, Instant now, String[] itemIds, ModelStore.Content content)
            throws IOException {
        java.nio.file.Path directory = staging.directory();
        content.writeTo(directory);
        Files.writeString(directory.resolve(ModelStore.VOCABULARY), ModelStore.vocabulary(itemIds));
        Manifest manifest = draft.withFiles(entries(directory), now);
        Files.write(directory.resolve(Manifest.FILE), ManifestFormat.write(manifest));
        return manifest;
    }

    /** Puts the version in its place. */
    void publish(Manifest manifest) throws IOException {
        bounds.requireWriter();
        if (files.isDistributedFS()) {
            for (Manifest.FileEntry entry : manifest.files()) {
                staging.publish(entry.path(), new Path(target, entry.path()));
            }
            bounds.requireWriter();
            staging.publish(Manifest.FILE, new Path(target, Manifest.FILE));
        } else {
            staging.publishAll(target);
        }
        published = true;
    }

    /**
     * Removes what was not published. A store that fails in this moment doesn't undo what was
     * written; what is left is cleaned by the next start.
     */
    @Override
    public void close() {
        staging.close();
        try {
            if (files.isDistributedFS() && !published && files.exists(target)) {
                bounds.requireWriter();
                files.delete(target, true);
            }
        } catch (IOException | IllegalStateException e) {
            LOG.warn("{} can't be tidied up after writing: {}", target, e.toString());
        }
    }

    private static List<Manifest.FileEntry> entries(java.nio.file.Path directory)
            throws IOException {
        List<java.nio.file.Path> found;
        try (Stream<java.nio.file.Path> walk = Files.walk(directory)) {
            found = walk.filter(Files::isRegularFile).sorted().toList();
        }
        List<Manifest.FileEntry> entries = new ArrayList<>();
        for (java.nio.file.Path file : found) {
            try (InputStream in = Files.newInputStream(file)) {
                Sha256.Digest digest = Sha256.of(in);
                String path = directory.relativize(file).toString().replace('\\', '/');
                entries.add(new Manifest.FileEntry(path, digest.size(), digest.sha256()));
            }
        }
        return entries;
    }
}
