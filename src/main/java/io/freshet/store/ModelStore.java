package io.freshet.store;

import io.freshet.config.StoreConfig;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Model versions as numbered directories on any of Flink's file systems, one writer at a time.
 *
 * <p>Who owns a version: a writer fills {@code <root>/.writing-<n>-<uuid>}, which nobody else looks
 * at (TensorFlow Serving takes names that are numbers), and renames it to {@code <root>/<n>} when
 * every byte and the manifest are there. From then on the directory never changes, and belongs to
 * whoever holds a pointer to it: {@link #retain} deletes what is old and that nobody named. A
 * number is announced to the rest of the job only after the rename, so a crash in between leaves a
 * complete version that nobody knows; the manifest's {@code key} tells the writer, when it does the
 * same work again, that the version is its own.
 *
 * <p>On file systems whose rename is not atomic (object stores) a crash during it can leave a part
 * of a version under its number; {@link #verify} refuses that.
 *
 * <p>Not thread-safe.
 */
public final class ModelStore implements Closeable {

    private static final String WRITING = ".writing-";
    private static final String DELETING = ".deleting-";

    private final FileSystem files;
    private final Path root;
    private final int retain;
    private final Clock clock;
    private final StoreBounds bounds;
    private @Nullable LocalCopies copies;

    /**
     * Opens the store; its directory is made when the first version is written.
     *
     * @throws IOException if Flink knows no such file system
     */
    public ModelStore(StoreConfig config) throws IOException {
        this(config, new Path(config.path()).getFileSystem(), Clock.systemUTC());
    }

    ModelStore(StoreConfig config, FileSystem files, Clock clock) {
        this.files = files;
        this.root = new Path(config.path()).makeQualified(files);
        this.retain = config.retain();
        this.clock = clock;
        this.bounds = new StoreBounds(files, root);
    }

    /** The version's directory; it need not exist. */
    public Path path(long version) {
        if (version < 1) {
            throw new IllegalArgumentException(
                    "A version is a number of at least 1, found " + version);
        }
        return new Path(root, Long.toString(version));
    }

    /** Complete versions, ascending: numbered directories with a manifest. */
    public List<Long> versions() throws IOException {
        List<Long> versions = new ArrayList<>();
        for (FileStatus status : list(root)) {
            String name = status.getPath().getName();
            if (status.isDir()
                    && isVersion(name)
                    && files.exists(new Path(status.getPath(), Manifest.FILE))) {
                versions.add(Long.parseLong(name));
            }
        }
        versions.sort(null);
        return versions;
    }

    /** The highest complete version. */
    public OptionalLong newest() throws IOException {
        List<Long> versions = versions();
        return versions.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(versions.get(versions.size() - 1));
    }

    /** Whether anything, complete or not, has the version's number. */
    public boolean occupied(long version) throws IOException {
        return files.exists(path(version));
    }

    /**
     * Reads a version's manifest, and doesn't look at the other files.
     *
     * @throws StoreException if there is no such version, or it is not one of Freshet's
     */
    public Manifest manifest(long version) throws IOException {
        Path directory = path(version);
        if (!files.exists(directory)) {
            throw new StoreException(
                    "No version " + version + " in " + root + ", which has " + versions());
        }
        bounds.requireInside(directory);
        Path path = new Path(directory, Manifest.FILE);
        if (!files.exists(path)) {
            throw new StoreException(
                    directory + " has no " + Manifest.FILE + ", it has " + names(directory));
        }
        Manifest manifest;
        bounds.requireInside(path);
        try (FSDataInputStream in = files.open(path)) {
            manifest =
                    ManifestFormat.read(
                            in.readNBytes(ManifestLimits.MAX_MANIFEST_BYTES + 1), path.toString());
        }
        if (manifest.version() != version) {
            throw new StoreException(path + " is of version " + manifest.version());
        }
        return manifest;
    }

    /**
     * Reads a version whole and compares it with its manifest.
     *
     * @throws StoreException if anything is missing or differs
     */
    public Manifest verify(long version) throws IOException {
        Manifest manifest = manifest(version);
        for (FileEntry entry : manifest.files()) {
            Path path = resolve(version, entry);
            try (InputStream in = open(path, entry)) {
                check(path, entry, Digest.of(in));
            }
        }
        return manifest;
    }

    /**
     * A verified version as a directory of this machine: the version itself where the store is
     * local, else a copy that lasts until two others were asked for, or {@link #close}.
     *
     * @throws StoreException if anything is missing or differs
     */
    public java.nio.file.Path localCopy(long version) throws IOException {
        if (!files.isDistributedFS()) {
            verify(version);
            return local(path(version));
        }
        if (copies == null) {
            copies = new LocalCopies();
        }
        java.nio.file.Path directory = copies.make(version);
        for (FileEntry entry : manifest(version).files()) {
            Path path = resolve(version, entry);
            try (InputStream in = open(path, entry)) {
                check(path, entry, LocalCopies.write(in, directory.resolve(entry.path())));
            }
        }
        return directory;
    }

    /**
     * Writes a version, complete or not at all.
     *
     * @param draft its manifest; time of writing and files are filled in
     * @param itemIds id of every row of the model, the padding row first
     * @param content writes the model
     * @return the manifest as written
     * @throws StoreException if the number is taken
     */
    public Manifest write(Manifest draft, String[] itemIds, Content content) throws IOException {
        Path target = path(draft.version());
        if (files.exists(target)) {
            throw new StoreException(target + " exists already and has " + names(target));
        }
        Path writing = new Path(root, WRITING + draft.version() + "-" + UUID.randomUUID());
        try (VersionWriter writer = new VersionWriter(files, writing)) {
            Manifest manifest = writer.write(draft, clock.instant(), itemIds, content);
            if (!files.rename(writing, target)) {
                throw new StoreException(
                        "Can't rename "
                                + writing
                                + " to "
                                + target
                                + ", which exists: "
                                + files.exists(target));
            }
            return manifest;
        }
    }

    /** Deletes a version; it vanishes at once, and its files afterwards. */
    public void delete(long version) throws IOException {
        Path doomed = new Path(root, DELETING + version + "-" + UUID.randomUUID());
        if (!files.rename(path(version), doomed)) {
            throw new StoreException("Can't rename " + path(version) + " to " + doomed);
        }
        bounds.delete(doomed);
    }

    /**
     * Deletes old versions: those below {@code floor} that are neither among the newest {@code
     * store.retain} up to {@code live} nor named. Versions above {@code live} are left alone.
     *
     * @param live the version in service
     * @param floor lowest version that state outside may still point to
     * @param named further versions to keep
     * @return what was deleted, ascending
     */
    public List<Long> retain(long live, long floor, Set<Long> named) throws IOException {
        List<Long> old = new ArrayList<>(versions());
        old.removeIf(version -> version > live);
        List<Long> candidates = old.subList(0, Math.max(0, old.size() - retain));
        List<Long> deleted = new ArrayList<>();
        for (long version : candidates) {
            if (version < floor && version != live && !named.contains(version)) {
                delete(version);
                deleted.add(version);
            }
        }
        return deleted;
    }

    /** Deletes what crashed writers left; only for the one writer, before it writes. */
    public void clean() throws IOException {
        for (FileStatus status : list(root)) {
            String name = status.getPath().getName();
            if (name.startsWith(WRITING) || name.startsWith(DELETING)) {
                bounds.delete(status.getPath());
            }
        }
    }

    /** Deletes local copies. */
    @Override
    public void close() throws IOException {
        IOUtils.closeQuietly(copies);
        copies = null;
    }

    private Path resolve(long version, FileEntry entry) {
        return new Path(path(version), entry.path());
    }

    private InputStream open(Path path, FileEntry entry) throws IOException {
        if (!files.exists(path)) {
            throw new StoreException(
                    path
                            + " is missing, expected "
                            + entry.size()
                            + " bytes; its directory has "
                            + names(path.getParent()));
        }
        bounds.requireInside(path);
        long found = files.getFileStatus(path).getLen();
        if (found > entry.size()) {
            throw new StoreException(
                    path + " is damaged: found " + found + " bytes, expected " + entry.size());
        }
        return files.open(path);
    }

    private static void check(Path path, FileEntry entry, Digest found) throws StoreException {
        if (found.size() != entry.size() || !found.sha256().equals(entry.sha256())) {
            throw new StoreException(
                    path
                            + " is damaged: found "
                            + found.size()
                            + " bytes with SHA-256 "
                            + found.sha256()
                            + ", expected "
                            + entry.size()
                            + " bytes with "
                            + entry.sha256());
        }
    }

    private List<String> names(@Nullable Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        if (directory != null) {
            for (FileStatus status : list(directory)) {
                names.add(status.getPath().getName());
            }
        }
        names.sort(null);
        return names;
    }

    private FileStatus[] list(Path directory) throws IOException {
        if (!files.exists(directory)) {
            return new FileStatus[0];
        }
        FileStatus @Nullable [] found = files.listStatus(directory);
        return found == null ? new FileStatus[0] : found;
    }

    private static boolean isVersion(String name) {
        return name.matches("[1-9][0-9]{0,17}");
    }

    static java.nio.file.Path local(Path path) {
        return java.nio.file.Path.of(path.getPath());
    }
}
