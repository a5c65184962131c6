package io.freshet.store;

import io.freshet.runtime.Sha256;
import io.freshet.runtime.TemporaryFiles;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads one version's directory, and refuses what is not as it was written. A message says what was
 * found, what was expected, and what to do.
 */
final class VersionReader {

    private static final int MOST_LISTINGS = 100;

    private static final String REMEDY =
            "; put the directory back as it was written, or go on from another version";

    private final FileSystem files;
    private final StoreBounds bounds;
    private final Path directory;
    private final long version;

    VersionReader(FileSystem files, StoreBounds bounds, Path directory, long version) {
        this.files = files;
        this.bounds = bounds;
        this.directory = directory;
        this.version = version;
    }

    /**
     * The manifest; the other files are not looked at.
     *
     * @throws StoreException if there is none, or it is of something else
     */
    Manifest manifest() throws IOException {
        bounds.requireInside(directory);
        Path path = new Path(directory, Manifest.FILE);
        if (!files.exists(path)) {
            throw refused(
                    "%s has no %s, it has %s", directory, Manifest.FILE, names(files, directory));
        }
        bounds.requireInside(path);
        Manifest manifest;
        try (FSDataInputStream in = files.open(path)) {
            manifest =
                    ManifestFormat.read(
                            in.readNBytes(ManifestFormat.MAX_MANIFEST_BYTES + 1), path.toString());
        }
        if (manifest.version() != version) {
            throw refused("%s is of version %d, expected %d", path, manifest.version(), version);
        }
        return manifest;
    }

    /**
     * The manifest of a directory that has the files that the manifest lists and no others. Their
     * content is not looked at.
     *
     * @param fingerprint what the version is known by, null if that is not known
     * @throws StoreException if files are missing or too many, or it is another version
     */
    private Manifest complete(@Nullable String fingerprint) throws IOException {
        Manifest manifest = manifest();
        if (fingerprint != null && !fingerprint.equals(manifest.fingerprint())) {
            throw refused(
                    "%s has files of the fingerprint %s, but the version that was announced has %s: it is another job's, or another run's; is store.path right",
                    directory, manifest.fingerprint(), fingerprint);
        }
        Set<String> surplus = paths();
        surplus.remove(Manifest.FILE);
        for (Manifest.FileEntry entry : manifest.files()) {
            if (!surplus.remove(entry.path())) {
                throw refused(
                        "%s is missing, expected %d bytes; its directory has %s",
                        resolve(entry), entry.size(), names(files, resolve(entry).getParent()));
            }
        }
        if (!surplus.isEmpty()) {
            throw refused(
                    "%s has files that its %s does not list: %s",
                    directory, Manifest.FILE, surplus);
        }
        return manifest;
    }

    /**
     * Reads a version whole.
     *
     * @param fingerprint what the version is known by, null if that is not known
     * @throws StoreException if anything differs from what the manifest says
     */
    Manifest verify(@Nullable String fingerprint) throws IOException {
        Manifest manifest = complete(fingerprint);
        for (Manifest.FileEntry entry : manifest.files()) {
            try (InputStream in = open(entry)) {
                check(entry, Sha256.of(in));
            }
        }
        return manifest;
    }

    private void copy(Manifest.FileEntry entry, java.nio.file.Path target) throws IOException {
        java.nio.file.Path file = target.resolve(entry.path());
        Files.createDirectories(Objects.requireNonNullElse(file.getParent(), target));
        try (InputStream in = open(entry);
                OutputStream out = Files.newOutputStream(file)) {
            check(entry, Sha256.copying(in, out));
        }
    }

    /** Names of a directory's children, ascending; none if there is no such directory. */
    static List<String> names(FileSystem files, @Nullable Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        if (directory != null) {
            for (FileStatus status : children(files, directory)) {
                names.add(status.getPath().getName());
            }
        }
        names.sort(null);
        return names;
    }

    /** Names of a directory's children that are numbers of versions, as such, ascending. */
    static List<Long> numbers(FileSystem files, Path directory) throws IOException {
        return names(files, directory).stream()
                .filter(name -> name.matches("[1-9][0-9]{0,17}"))
                .map(Long::valueOf)
                .sorted()
                .toList();
    }

    /** A directory's children; none if there is no such directory. */
    static FileStatus[] children(FileSystem files, Path directory) throws IOException {
        for (int listing = 1; files.exists(directory); listing++) {
            try {
                FileStatus @Nullable [] found = files.listStatus(directory);
                return found == null ? new FileStatus[0] : found;
            } catch (FileNotFoundException e) {
                // a local listing looks at one child after another, and fails if one has gone
                if (listing == MOST_LISTINGS) {
                    throw e;
                }
            }
        }
        return new FileStatus[0];
    }

    /**
     * Paths of all files below the directory, separated by {@code /}.
     *
     * @throws StoreException if there are more than a manifest may list, or links to directories,
     *     which may lead in a circle
     */
    private Set<String> paths() throws IOException {
        Set<String> paths = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(""));
        while (!open.isEmpty()) {
            String below = open.remove();
            Path parent = below.isEmpty() ? directory : new Path(directory, below);
            for (FileStatus status : children(files, parent)) {
                String path = below + status.getPath().getName();
                if (!status.isDir()) {
                    paths.add(path);
                } else if (bounds.isLink(status.getPath())) {
                    throw refused(
                            "%s is a link to a directory, expected the directory itself",
                            status.getPath());
                } else {
                    open.add(path + "/");
                }
            }
            if (paths.size() + open.size() > ManifestFormat.MAX_FILES + 1) {
                throw refused(
                        "%s has more than %d files and a manifest, expected what it was written with",
                        directory, ManifestFormat.MAX_FILES);
            }
        }
        return paths;
    }

    private Path resolve(Manifest.FileEntry entry) {
        return new Path(directory, entry.path());
    }

    private InputStream open(Manifest.FileEntry entry) throws IOException {
        Path path = resolve(entry);
        bounds.requireInside(path);
        long found = files.getFileStatus(path).getLen();
        if (found > entry.size()) {
            throw refused(
                    "%s is damaged: found %d bytes, expected %d bytes with %s",
                    path, found, entry.size(), entry.sha256());
        }
        return files.open(path);
    }

    private void check(Manifest.FileEntry entry, Sha256.Digest found) throws StoreException {
        if (found.size() != entry.size() || !found.sha256().equals(entry.sha256())) {
            throw refused(
                    "%s is damaged: found %d bytes with SHA-256 %s, expected %d bytes with %s",
                    resolve(entry), found.size(), found.sha256(), entry.size(), entry.sha256());
        }
    }

    private static StoreException refused(String found, @Nullable Object... values) {
        return new StoreException(found.formatted(values) + REMEDY);
    }

    /** Temporary local directories for versions of a distant store, the last few of them. */
    static final class Copies implements Closeable {

        private static final int KEPT = 2;

        private final java.nio.file.Path root;
        private final Deque<java.nio.file.Path> directories = new ArrayDeque<>();

        Copies() throws IOException {
            this.root = TemporaryFiles.directory("freshet-models-");
        }

        /**
         * Copies a version to a directory of its own; the oldest one makes room.
         *
         * @throws StoreException if anything differs from what the manifest says
         */
        java.nio.file.Path copy(VersionReader reader, @Nullable String fingerprint)
                throws IOException {
            Manifest manifest = reader.complete(fingerprint);
            while (directories.size() >= KEPT) {
                FileUtils.deleteDirectory(directories.removeFirst().toFile());
            }
            java.nio.file.Path directory =
                    Files.createTempDirectory(root, manifest.version() + "-");
            directories.addLast(directory);
            for (Manifest.FileEntry entry : manifest.files()) {
                reader.copy(entry, directory);
            }
            return directory;
        }

        @Override
        public void close() throws IOException {
            FileUtils.deleteDirectory(root.toFile());
        }
    }
}
