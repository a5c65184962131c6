package io.freshet.store;

import io.freshet.config.StoreConfig;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Model versions as numbered directories on any of Flink's file systems, one {@link StoreWriter} at
 * a time.
 *
 * <p>Who owns a version: a writer fills {@code <root>/.writing-<n>-<uuid>}, which nobody else looks
 * at (TensorFlow Serving takes names that are numbers), and renames it to {@code <root>/<n>} when
 * every byte and the manifest are there. From then on the directory never changes, and belongs to
 * whoever holds a pointer to it: {@link #retain} deletes what is old and that nobody named, by
 * argument or by a mark in {@code <root>/kept}. A number is announced to the rest of the job only
 * after the rename, so a crash in between leaves a complete version that nobody points to; by the
 * manifest's {@code key} the writer, when it does the same work again, recognises the version as
 * its own. Until a checkpoint has sealed the announcement, a mark in {@code <root>/unannounced}
 * says that the number may still be taken back.
 *
 * <p>On file systems whose rename is not atomic (object stores) a crash during it can leave a part
 * of a version under its number; {@link #verify} refuses that.
 *
 * <p>Not thread-safe.
 */
public final class ModelStore implements Closeable {

    /** Name of the file in a version's directory that has the items, see {@link #vocabulary}. */
    public static final String VOCABULARY = "vocabulary.txt";

    static final String WRITING = ".writing-";
    private static final Logger LOG = LoggerFactory.getLogger(ModelStore.class);

    private static final String DELETING = ".deleting-";
    private static final String KEPT = "kept";
    private static final String UNANNOUNCED = "unannounced";

    private final FileSystem files;
    private final Path root;
    private final int retain;
    private final Clock clock;
    private final StoreBounds bounds;
    private final VersionMarks kept;
    private final VersionMarks unannounced;
    private final UpdateLog updates;
    private VersionReader.@Nullable Copies copies;

    /** Writes a model's own files to an existing local directory. */
    @FunctionalInterface
    public interface Content {

        void writeTo(java.nio.file.Path directory) throws IOException;
    }

    /**
     * Opens the store, to read or to add versions beside whoever writes; its directory is made when
     * the first version is written.
     *
     * @throws IOException if Flink knows no such file system
     */
    public ModelStore(StoreConfig config) throws IOException {
        this(config, new Path(config.path()).getFileSystem(), Clock.systemUTC(), null);
    }

    /**
     * Opens the store for its writer. Whatever changes the store (but {@link #keep} and {@link
     * #release}) throws an IllegalStateException from when another has become the writer.
     *
     * @throws IOException if Flink knows no such file system
     */
    public ModelStore(StoreConfig config, StoreWriter writer) throws IOException {
        this(config, new Path(config.path()).getFileSystem(), Clock.systemUTC(), writer);
    }

    ModelStore(StoreConfig config, FileSystem files, Clock clock, @Nullable StoreWriter writer) {
        this.files = files;
        this.root = new Path(config.path()).makeQualified(files);
        this.retain = config.retain();
        this.clock = clock;
        this.bounds = new StoreBounds(files, root, writer);
        this.kept = new VersionMarks(files, bounds, new Path(root, KEPT));
        this.unannounced = new VersionMarks(files, bounds, new Path(root, UNANNOUNCED));
        this.updates = new UpdateLog(files, bounds, root);
    }

    /**
     * The text of a version's vocabulary: line n is the id of row n; the line of a freed row is
     * empty, a line break is escaped.
     *
     * @param itemIds id of every row of the model, the padding row first
     */
    public static String vocabulary(String[] itemIds) {
        StringBuilder lines = new StringBuilder();
        for (int row = 1; row < itemIds.length; row++) {
            lines.append(itemIds[row].replace("\n", "\\n").replace("\r", "\\r")).append('\n');
        }
        return lines.toString();
    }

    /** The updates between versions. */
    public UpdateLog updates() {
        return updates;
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
        for (long number : numbers()) {
            if (files.exists(new Path(path(number), Manifest.FILE))) {
                versions.add(number);
            }
        }
        return versions;
    }

    /** The highest complete version. */
    public OptionalLong newest() throws IOException {
        return versions().stream().mapToLong(Long::longValue).max();
    }

    /**
     * The manifests of Freshet's versions from a number on, ascending. Directories without a
     * manifest of their number are left out: they are damaged, or somebody else's.
     */
    public List<Manifest> manifests(long least) throws IOException {
        List<Manifest> manifests = new ArrayList<>();
        for (long number : numbers()) {
            try {
                if (number >= least) {
                    manifests.add(manifest(number));
                }
            } catch (StoreException e) {
                LOG.warn("{} is no version of Freshet's: {}", path(number), e.getMessage());
            }
        }
        return manifests;
    }

    /** The newest version that a job has announced, empty if there is none. */
    public OptionalLong newestOfAJob() throws IOException {
        Set<Long> unannounced = unannounced();
        return manifests(1).stream()
                .filter(Manifest::ofAJob)
                .mapToLong(Manifest::version)
                .filter(version -> !unannounced.contains(version))
                .max();
    }

    /**
     * The consumer group whose member lives as long as the job that writes, or wrote last; empty if
     * none has.
     */
    public String writersGroup() throws IOException {
        return StoreWriter.group(StoreWriter.name(files, bounds, root));
    }

    /** Whether the store's directory is there. */
    public boolean exists() throws IOException {
        return files.exists(root);
    }

    /**
     * Writes so many bytes into the store, and deletes them.
     *
     * @throws StoreException if that can't be done
     */
    public void requireWritable(int bytes) throws IOException {
        bounds.requireWritable(bytes);
    }

    /** Whether anything in the store has a version's name. */
    public boolean isTaken(long number) throws IOException {
        return files.exists(path(number));
    }

    /**
     * The number for a new version: the lowest from {@code least} on that is above all of {@link
     * #manifests} and not taken. So versions of another timeline are passed over, and a directory
     * of somebody else's costs only its own number; {@link #deleteUnannounced} before this makes
     * the numbers of unfinished work free.
     */
    public long nextNumber(long least) throws IOException {
        long next = least;
        for (Manifest version : manifests(least)) {
            next = version.version() + 1;
        }
        while (isTaken(next)) {
            LOG.warn("{} is no version of Freshet's, its number is passed over", path(next));
            next++;
        }
        return next;
    }

    /**
     * Deletes the versions from a number on that were never announced.
     *
     * @return what was deleted, ascending
     */
    public List<Long> deleteUnannounced(long least) throws IOException {
        List<Long> doomed = new ArrayList<>(numbers());
        doomed.retainAll(unannounced());
        doomed.removeIf(number -> number < least);
        for (long number : doomed) {
            delete(number);
        }
        return doomed;
    }

    /**
     * Reads a version's manifest, and doesn't look at the other files.
     *
     * @throws StoreException if there is no such version, or it is not one of Freshet's
     */
    public Manifest manifest(long version) throws IOException {
        return reader(version).manifest();
    }

    /**
     * Reads a version whole and compares it with its manifest.
     *
     * @throws StoreException if anything is missing, too much or different
     */
    public Manifest verify(long version) throws IOException {
        return reader(version).verify(null);
    }

    /**
     * A verified version as a directory of this machine: the version itself where the store is
     * local, else a copy that lasts until two others were asked for, or {@link #close}.
     *
     * @param fingerprint {@link Manifest#fingerprint()} that it must have, null for any
     * @throws StoreException if anything is missing, too much or different
     */
    public java.nio.file.Path localCopy(long version, @Nullable String fingerprint)
            throws IOException {
        VersionReader reader = reader(version);
        if (!files.isDistributedFS()) {
            reader.verify(fingerprint);
            return StoreBounds.local(path(version));
        }
        if (copies == null) {
            copies = new VersionReader.Copies();
        }
        return copies.copy(reader, fingerprint);
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
            throw new StoreException(
                    "%s exists already and has %s, expected a free number; move it out of the store if it is not a version of this job"
                            .formatted(target, VersionReader.names(files, target)));
        }
        try (VersionWriter writer = new VersionWriter(files, bounds, root, target)) {
            Manifest manifest = writer.stage(draft, clock.instant(), itemIds, content);
            writer.publish(manifest);
            return manifest;
        }
    }

    /**
     * Deletes a version and its updates. On a local file system it vanishes at once, and its files
     * afterwards; on others its manifest goes last, so that an interrupted deletion is taken up
     * again by the next one that finds the version.
     */
    public void delete(long version) throws IOException {
        bounds.requireWriter();
        Path directory = path(version);
        if (files.isDistributedFS()) {
            for (FileStatus child : VersionReader.children(files, directory)) {
                if (!child.getPath().getName().equals(Manifest.FILE)) {
                    files.delete(child.getPath(), true);
                }
            }
            files.delete(directory, true);
        } else {
            Path doomed = new Path(root, DELETING + version + "-" + UUID.randomUUID());
            if (!files.rename(directory, doomed)) {
                throw new StoreException("Can't rename " + directory + " to " + doomed);
            }
            bounds.delete(doomed);
        }
        updates.delete(of -> of == version);
    }

    /**
     * Marks a version as needed by somebody that the job can't ask, until the mark is deleted by
     * hand.
     *
     * @param by who needs it, as part of a file name
     */
    public void keep(long version, String by) throws IOException {
        String meaning = "Version %d is kept for %s. Delete this file when that is gone for good.";
        kept.add(version, by, meaning.formatted(version, by));
    }

    /** Deletes the marks that {@link #keep} made for somebody. */
    public void release(String by) throws IOException {
        kept.removeBy(by);
    }

    /**
     * Marks a number before its version is written: it is announced to nobody until {@link
     * #announced}.
     */
    public void unannounced(long version) throws IOException {
        bounds.requireWriter();
        unannounced.add(version, "written", "Version %d is not announced yet.".formatted(version));
    }

    /** All versions up to a number are announced for good, or do not exist. */
    public void announced(long through) throws IOException {
        bounds.requireWriter();
        unannounced.removeUpTo(through);
    }

    /** Numbers that are not announced, and that no savepoint points to. */
    public Set<Long> unannounced() throws IOException {
        Set<Long> versions = unannounced.all();
        versions.removeAll(kept.all());
        return versions;
    }

    /**
     * Deletes old versions with their updates: those below {@code floor} that are neither among the
     * newest {@code store.retain} up to {@code live}, nor named, nor marked by {@link #keep}.
     * Versions above {@code live} are left alone. Updates whose version is gone, or of no version
     * at all (0), are deleted likewise if they are below {@code floor}, not named and not marked.
     *
     * @param live the version in service
     * @param floor lowest version that a checkpoint may still point to
     * @param named further versions to keep
     * @return the versions that were deleted, ascending
     */
    public List<Long> retain(long live, long floor, Set<Long> named) throws IOException {
        Set<Long> needed = kept.all();
        needed.addAll(named);
        needed.add(live);
        List<Long> old = versions();
        old.removeIf(version -> version > live);
        List<Long> doomed = new ArrayList<>(old.subList(0, Math.max(0, old.size() - retain)));
        doomed.removeIf(version -> version >= floor || needed.contains(version));
        for (long version : doomed) {
            delete(version);
        }
        needed.addAll(numbers());
        updates.delete(version -> version < floor && !needed.contains(version));
        return doomed;
    }

    /** Deletes what crashed writers left; only for the one writer, before it writes. */
    public void clean() throws IOException {
        bounds.requireWriter();
        for (FileStatus status : VersionReader.children(files, root)) {
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

    private List<Long> numbers() throws IOException {
        return VersionReader.numbers(files, root);
    }

    private VersionReader reader(long version) throws IOException {
        if (!files.exists(path(version))) {
            String found = "No version %d in %s, which has %s; put it back, or go on from another";
            throw new StoreException(found.formatted(version, root, versions()));
        }
        return new VersionReader(files, bounds, path(version), version);
    }
}
