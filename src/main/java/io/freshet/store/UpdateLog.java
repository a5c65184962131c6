package io.freshet.store;

import io.freshet.event.ModelRevision;
import io.freshet.model.WeightChanges;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The updates between versions: immutable, checksummed files {@code
 * <root>/updates/<version>-<update>-<sha256>.safetensors}, each of which names the revision that it
 * builds on. The versions are the log's snapshots; an update is deleted with the version that it
 * builds on. Not thread-safe.
 *
 * <p>In Python: {@code tensors = safetensors.numpy.load_file(path)}.
 */
public final class UpdateLog {

    private static final Logger LOG = LoggerFactory.getLogger(UpdateLog.class);

    private static final String DIRECTORY = "updates";
    private static final Pattern NAME =
            Pattern.compile("([1-9][0-9]{0,17})-([1-9][0-9]{0,17})-([0-9a-f]{64})\\.safetensors");

    /** Most updates since a version. */
    private static final int MOST_UPDATES = 100_000;

    private final FileSystem files;
    private final Path root;
    private final Path directory;
    private final StoreBounds bounds;
    private final RequireWriter writer;

    UpdateLog(FileSystem files, Path root, StoreBounds bounds, RequireWriter writer) {
        this.files = files;
        this.root = root;
        this.directory = new Path(root, DIRECTORY);
        this.bounds = bounds;
        this.writer = writer;
    }

    /** Refuses changes by who is not the store's writer. */
    @FunctionalInterface
    interface RequireWriter {
        void require() throws IOException;
    }

    /**
     * The update that earlier work with a key has written.
     *
     * @throws IOException if the store can't be read
     */
    public Optional<StoredUpdate> find(ModelRevision parent, long update, String key)
            throws IOException {
        for (StoredUpdate found : listed(parent.version())) {
            UpdateHeader header = found.header();
            boolean same = header.update() == update && header.key().equals(key);
            if (same && follows(header.parent(), parent) && isWhole(found)) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private boolean isWhole(StoredUpdate found) throws IOException {
        try {
            read(found);
            return true;
        } catch (StoreException e) {
            LOG.warn("{} is not adopted: {}", found.path(), e.getMessage());
            return false;
        }
    }

    /**
     * Writes an update, complete or not at all.
     *
     * @throws IOException if the store doesn't take it
     */
    public StoredUpdate append(UpdateHeader header, WeightChanges changes) throws IOException {
        requireDirectory();
        writer.require();
        String name = ModelStore.WRITING + "update-" + UUID.randomUUID();
        Path writing = new Path(root, name);
        java.nio.file.Path staging =
                files.isDistributedFS()
                        ? Files.createTempFile("freshet-update-", null)
                        : Files.createDirectories(StoreBounds.local(root)).resolve(name);
        try {
            String fingerprint = stage(header, changes, staging);
            Path target = path(header.parent().version(), header.update(), fingerprint);
            if (!files.exists(target)) {
                publish(staging, writing, target);
            }
            return new StoredUpdate(header, fingerprint, target);
        } finally {
            Files.deleteIfExists(staging);
        }
    }

    private static String stage(
            UpdateHeader header, WeightChanges changes, java.nio.file.Path staging)
            throws IOException {
        MessageDigest sha256 = Digest.newDigest();
        try (OutputStream out =
                new BufferedOutputStream(
                        new DigestOutputStream(Files.newOutputStream(staging), sha256))) {
            SafeTensors.write(UpdateFormat.content(header, changes), out);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private void publish(java.nio.file.Path staging, Path writing, Path target) throws IOException {
        files.mkdirs(directory);
        if (files.isDistributedFS()) {
            try (OutputStream out = files.create(writing, FileSystem.WriteMode.NO_OVERWRITE)) {
                Files.copy(staging, out);
            }
        }
        writer.require();
        if (!files.rename(writing, target)) {
            throw new StoreException(
                    "Can't rename %s to %s, which exists: %s"
                            .formatted(writing, target, files.exists(target)));
        }
    }

    /**
     * The updates from a revision's version to the revision, oldest first; their headers are read
     * and checked, their weights are not.
     *
     * @throws StoreException if one is missing, foreign or damaged
     */
    public List<StoredUpdate> chain(ModelRevision revision) throws IOException {
        List<StoredUpdate> chain = new ArrayList<>();
        ModelRevision at = revision;
        while (at.hasUpdates()) {
            StoredUpdate update =
                    readHeader(path(at.version(), at.update(), at.updateFingerprint()));
            ModelRevision parent = update.header().parent();
            if (parent.version() != at.version() || parent.update() >= at.update()) {
                throw refused(
                        update.path(),
                        "builds on update %d of version %d, expected one before update %d of version %d"
                                .formatted(
                                        parent.update(),
                                        parent.version(),
                                        at.update(),
                                        at.version()));
            }
            chain.add(update);
            if (chain.size() > MOST_UPDATES) {
                throw refused(update.path(), "has more than %d before it".formatted(MOST_UPDATES));
            }
            at = parent;
        }
        if (!follows(at, revision.withoutUpdates())) {
            throw new StoreException(
                    "Update %d builds on version %d with the fingerprint %s, but the version that was"
                                    .formatted(revision.update(), at.version(), at.fingerprint())
                            + " announced has %s: it is another job's, or another run's"
                                    .formatted(revision.fingerprint()));
        }
        Collections.reverse(chain);
        return chain;
    }

    /** Whether a parent is a revision, as far as fingerprints of versions are known. */
    private static boolean follows(ModelRevision parent, ModelRevision revision) {
        return parent.version() == revision.version()
                && parent.update() == revision.update()
                && parent.updateFingerprint().equals(revision.updateFingerprint())
                && (parent.fingerprint() == null
                        || revision.fingerprint() == null
                        || parent.fingerprint().equals(revision.fingerprint()));
    }

    /**
     * Reads an update whole, and compares it with its fingerprint.
     *
     * @throws StoreException if it is missing or damaged
     */
    public WeightChanges read(StoredUpdate update) throws IOException {
        Path path = update.path();
        long length = length(path);
        MessageDigest sha256 = Digest.newDigest();
        WeightChanges changes;
        try (InputStream in =
                new DigestInputStream(new BufferedInputStream(files.open(path)), sha256)) {
            SafeTensors.Header header = SafeTensors.readHeader(in, length);
            changes = UpdateFormat.changes(SafeTensors.readContent(header, in));
        } catch (IOException | RuntimeException e) {
            throw refused(path, String.valueOf(e.getMessage()));
        }
        String found = HexFormat.of().formatHex(sha256.digest());
        if (!found.equals(update.fingerprint())) {
            throw refused(
                    path, "found SHA-256 %s, expected %s".formatted(found, update.fingerprint()));
        }
        return changes;
    }

    /** All updates since a version that can be read, ascending by number. */
    public List<StoredUpdate> of(long version) throws IOException {
        List<StoredUpdate> updates = listed(version);
        updates.sort(Comparator.comparingLong(update -> update.header().update()));
        return updates;
    }

    /** Deletes updates of versions other than some. */
    void retain(Set<Long> versions) throws IOException {
        requireDirectory();
        for (String name : VersionReader.names(files, directory)) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches() && !versions.contains(Long.parseLong(matcher.group(1)))) {
                writer.require();
                bounds.delete(new Path(directory, name));
            }
        }
    }

    private List<StoredUpdate> listed(long version) throws IOException {
        requireDirectory();
        List<StoredUpdate> found = new ArrayList<>();
        for (String name : VersionReader.names(files, directory)) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches() && Long.parseLong(matcher.group(1)) == version) {
                try {
                    found.add(readHeader(new Path(directory, name)));
                } catch (StoreException e) {
                    LOG.warn("{}", e.getMessage());
                }
            }
        }
        return found;
    }

    private StoredUpdate readHeader(Path path) throws IOException {
        Matcher name = NAME.matcher(path.getName());
        long length = length(path);
        UpdateHeader header;
        try (InputStream in = new BufferedInputStream(files.open(path))) {
            header = UpdateFormat.header(SafeTensors.readHeader(in, length).metadata());
        } catch (IOException | RuntimeException e) {
            throw refused(path, String.valueOf(e.getMessage()));
        }
        if (!name.matches()
                || header.parent().version() != Long.parseLong(name.group(1))
                || header.update() != Long.parseLong(name.group(2))) {
            throw refused(
                    path,
                    "found update %d of version %d, expected what its name says"
                            .formatted(header.update(), header.parent().version()));
        }
        return new StoredUpdate(header, name.group(3), path);
    }

    private Path path(long version, long update, String fingerprint) {
        return new Path(directory, "%d-%d-%s.safetensors".formatted(version, update, fingerprint));
    }

    private long length(Path path) throws IOException {
        if (!files.exists(path)) {
            throw refused(path, "is missing");
        }
        bounds.requireInside(path);
        return files.getFileStatus(path).getLen();
    }

    private void requireDirectory() throws StoreException {
        if (bounds.isLink(directory)) {
            throw new StoreException(
                    directory + " is a link, expected a directory of the store itself");
        }
    }

    private static StoreException refused(Path path, String found) {
        return new StoreException(
                "Update %s can't be read: %s; put it back as it was written, or go on from its version"
                        .formatted(path, found));
    }
}
