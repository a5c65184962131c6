package io.freshet.store;

import io.freshet.runtime.Sha256;
import io.freshet.runtime.TemporaryFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fills one version's directory under its temporary name, and tidies up behind itself. */
final class VersionWriter implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(VersionWriter.class);

    static final String VOCABULARY = "vocabulary.txt";

    private final FileSystem files;
    private final Path target;
    private final java.nio.file.Path staging;

    VersionWriter(FileSystem files, Path target) throws IOException {
        this.files = files;
        this.target = target;
        this.staging =
                files.isDistributedFS()
                        ? TemporaryFiles.directory("freshet-writing-")
                        : Files.createDirectories(StoreBounds.local(target));
    }

    Manifest write(Manifest draft, Instant now, String[] itemIds, ModelStore.Content content)
            throws IOException {
        content.writeTo(staging);
        Files.writeString(staging.resolve(VOCABULARY), vocabulary(itemIds));
        Manifest manifest = draft.withFiles(entries(), now);
        Files.write(staging.resolve(Manifest.FILE), ManifestFormat.write(manifest));
        if (files.isDistributedFS()) {
            upload(manifest);
        }
        return manifest;
    }

    /**
     * Removes the temporary directory, unless it was renamed. A store that fails in this moment
     * doesn't undo what was written; what is left is cleaned by the next start.
     */
    @Override
    public void close() {
        try {
            FileUtils.deleteDirectory(staging.toFile());
            if (files.exists(target)) {
                files.delete(target, true);
            }
        } catch (IOException e) {
            LOG.warn("{} can't be tidied up after writing: {}", target, e.toString());
        }
    }

    /** Line n is the id of row n; the line of a freed row is empty, a line break is escaped. */
    private static String vocabulary(String[] itemIds) {
        StringBuilder lines = new StringBuilder();
        for (int row = 1; row < itemIds.length; row++) {
            lines.append(itemIds[row].replace("\n", "\\n").replace("\r", "\\r")).append('\n');
        }
        return lines.toString();
    }

    private List<Manifest.FileEntry> entries() throws IOException {
        List<java.nio.file.Path> found;
        try (Stream<java.nio.file.Path> walk = Files.walk(staging)) {
            found = walk.filter(Files::isRegularFile).sorted().toList();
        }
        List<Manifest.FileEntry> entries = new ArrayList<>();
        for (java.nio.file.Path file : found) {
            try (InputStream in = Files.newInputStream(file)) {
                Sha256.Digest digest = Sha256.of(in);
                String path = staging.relativize(file).toString().replace('\\', '/');
                entries.add(new Manifest.FileEntry(path, digest.size(), digest.sha256()));
            }
        }
        return entries;
    }

    private void upload(Manifest manifest) throws IOException {
        List<String> paths = new ArrayList<>();
        manifest.files().forEach(entry -> paths.add(entry.path()));
        paths.add(Manifest.FILE);
        for (String path : paths) {
            try (InputStream in = Files.newInputStream(staging.resolve(path));
                    OutputStream out =
                            files.create(
                                    new Path(target, path), FileSystem.WriteMode.NO_OVERWRITE)) {
                in.transferTo(out);
            }
        }
    }
}
