package io.freshet.store;

import io.freshet.event.ModelRevision;
import io.freshet.model.WeightChanges;
import io.freshet.runtime.Sha256;
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
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The updates between versions: immutable, checksummed files {@code
 * <root>/updates/<version>-<update>-<sha256>.safetensors}, each of which names the revision that it
 * builds on. The versions are the log's snapshots. Not thread-safe.
 *
 * <p>A file is made aside, so that only whole updates have such a name; {@link ModelStore#clean}
 * deletes what a crash left. Equal updates give equal files, and so one name. Updates are deleted
 * with their version.
 */
public final class UpdateLog {

    private static final Logger LOG = LoggerFactory.getLogger(UpdateLog.class);

    private static final String SUFFIX = ".safetensors";
    private static final String STAGED = "update" + SUFFIX;
    private static final Pattern NAME =
            Pattern.compile("(0|[1-9][0-9]{0,17})-([1-9][0-9]{0,17})-([0-9a-f]{64})\\.safetensors");

    /** Most updates of a version. */
    private static final int MOST_UPDATES = 100_000;

    private final FileSystem files;
    private final StoreBounds bounds;
    private final Path root;
    private final Path directory;

    UpdateLog(FileSystem files, StoreBounds bounds, Path root) {
        this.files = files;
        this.bounds = bounds;
        this.root = root;
        this.directory = new Path(root, "updates");
    }

    /**
     * The update that earlier work with this key has written, verified.
     *
     * @throws IOException if the store can't be read
     */
    public Optional<StoredUpdate> find(ModelRevision parent, long update, String key)
            throws IOException {
        for (StoredUpdate found : listed(parent.version() + "-" + update + "-")) {
            UpdateHeader header = found.header();
            if (header.key().equals(key) && isEqual(header.parent(), parent) && isIntact(found)) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /**
     * Writes an update, complete or not at all. One that is there already is left as it is.
     *
     * @throws IOException if the store doesn't take it
     * @throws IllegalArgumentException if the changes don't fit together
     */
    public StoredUpdate append(UpdateHeader header, WeightChanges changes) throws IOException {
        String prefix = header.parent().version() + "-" + header.update() + "-";
        try (StoreBounds.Staging staging =
                new StoreBounds.Staging(files, root, prefix + "update")) {
            MessageDigest sha256 = Sha256.newDigest();
            try (OutputStream out = Files.newOutputStream(staging.directory().resolve(STAGED))) {
                UpdateFormat.write(header, changes, new DigestOutputStream(out, sha256));
            }
            String fingerprint = HexFormat.of().formatHex(sha256.digest());
            Path path = new Path(directory, prefix + fingerprint + SUFFIX);
            StoredUpdate written = new StoredUpdate(header, fingerprint, path);
            bounds.requireDirectory(directory);
            bounds.requireWriter();
            if (files.exists(path)) {
                if (isIntact(written)) {
                    return written;
                }
                bounds.delete(path);
            }
            files.mkdirs(directory);
            staging.publish(STAGED, path);
            return written;
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
        Set<String> seen = new HashSet<>();
        ModelRevision next = revision;
        while (next.hasUpdates()) {
            if (chain.size() == MOST_UPDATES || !seen.add(next.updateFingerprint())) {
                throw new StoreException(
                        "%s has a circle in its updates, or more than %d; go on from another version"
                                .formatted(revision, MOST_UPDATES));
            }
            StoredUpdate update = stored(next);
            chain.add(update);
            ModelRevision parent = update.header().parent();
            next =
                    new ModelRevision(
                            parent.version(),
                            next.fingerprint() == null ? parent.fingerprint() : next.fingerprint(),
                            parent.update(),
                            parent.updateFingerprint());
        }
        Collections.reverse(chain);
        return chain;
    }

    /** The newest update of a revision. */
    private StoredUpdate stored(ModelRevision revision) throws IOException {
        String name =
                "%d-%d-%s%s"
                        .formatted(
                                revision.version(),
                                revision.update(),
                                revision.updateFingerprint(),
                                SUFFIX);
        Path path = new Path(directory, name);
        if (!NAME.matcher(name).matches() || !files.exists(path)) {
            throw refused(
                    "No update %s in %s, which has %s",
                    name, directory, names(revision.version() + "-"));
        }
        StoredUpdate update = stored(path);
        String found = update.header().parent().fingerprint();
        if (!isEqual(found, revision.fingerprint())) {
            throw refused(
                    "%s builds on a version %d with the fingerprint %s, expected %s: it is another job's, or another run's; is store.path right",
                    path, revision.version(), found, revision.fingerprint());
        }
        return update;
    }

    /**
     * Reads an update whole, and compares it with its fingerprint.
     *
     * @throws StoreException if it is missing or damaged
     */
    public WeightChanges read(StoredUpdate update) throws IOException {
        String where = update.path().toString();
        long size = size(update.path());
        MessageDigest sha256 = Sha256.newDigest();
        try (InputStream in = new DigestInputStream(files.open(update.path()), sha256)) {
            Safetensors file = Safetensors.read(in, size, where);
            WeightChanges changes = UpdateFormat.changes(file, in, where);
            requireFingerprint(update, HexFormat.of().formatHex(sha256.digest()));
            return changes;
        }
    }

    /**
     * All updates of a version that the store has, ascending by number; damaged ones are left out.
     */
    public List<StoredUpdate> of(long version) throws IOException {
        return listed(version + "-");
    }

    /** Deletes the updates of all versions that a condition holds for. */
    void delete(LongPredicate versions) throws IOException {
        for (String name : names("")) {
            Matcher parts = NAME.matcher(name);
            if (parts.matches() && versions.test(Long.parseLong(parts.group(1)))) {
                bounds.requireWriter();
                bounds.delete(new Path(directory, name));
            }
        }
    }

    private List<StoredUpdate> listed(String prefix) throws IOException {
        List<StoredUpdate> updates = new ArrayList<>();
        for (String name : names(prefix)) {
            try {
                updates.add(stored(new Path(directory, name)));
            } catch (StoreException e) {
                LOG.warn("Update {} is passed over: {}", name, e.getMessage());
            }
        }
        updates.sort(
                Comparator.comparingLong((StoredUpdate update) -> update.header().update())
                        .thenComparing(StoredUpdate::fingerprint));
        return updates;
    }

    /** Names of updates with a prefix. */
    private List<String> names(String prefix) throws IOException {
        bounds.requireDirectory(directory);
        return VersionReader.names(files, directory).stream()
                .filter(name -> name.startsWith(prefix) && NAME.matcher(name).matches())
                .toList();
    }

    /** What a file's name and header say. */
    private StoredUpdate stored(Path path) throws IOException {
        Matcher name = NAME.matcher(path.getName());
        UpdateHeader header;
        long size = size(path);
        try (InputStream in = files.open(path)) {
            Safetensors file = Safetensors.read(in, size, path.toString());
            header = UpdateFormat.header(file, path.toString());
        }
        if (!name.matches()
                || header.parent().version() != Long.parseLong(name.group(1))
                || header.update() != Long.parseLong(name.group(2))) {
            throw refused(
                    "%s is update %d of version %d, expected what its name says",
                    path, header.update(), header.parent().version());
        }
        return new StoredUpdate(header, name.group(3), path);
    }

    private long size(Path path) throws IOException {
        bounds.requireDirectory(directory);
        if (!files.exists(path)) {
            throw refused("No update %s", path);
        }
        bounds.requireInside(path);
        FileStatus status = files.getFileStatus(path);
        if (status.isDir()) {
            throw refused("%s is a directory, expected a file", path);
        }
        return status.getLen();
    }

    private boolean isIntact(StoredUpdate update) throws IOException {
        try {
            size(update.path());
            try (InputStream in = files.open(update.path())) {
                requireFingerprint(update, Sha256.of(in).sha256());
            }
            return true;
        } catch (StoreException e) {
            LOG.warn("Update {} is not usable: {}", update.header().update(), e.getMessage());
            return false;
        }
    }

    private static void requireFingerprint(StoredUpdate update, String found)
            throws StoreException {
        if (!found.equals(update.fingerprint())) {
            throw refused(
                    "%s is damaged: found SHA-256 %s, expected %s",
                    update.path(), found, update.fingerprint());
        }
    }

    private static StoreException refused(String found, @Nullable Object... values) {
        return new StoreException(found.formatted(values) + Safetensors.REMEDY);
    }

    private static boolean isEqual(ModelRevision one, ModelRevision other) {
        return one.version() == other.version()
                && one.update() == other.update()
                && one.updateFingerprint().equals(other.updateFingerprint())
                && isEqual(one.fingerprint(), other.fingerprint());
    }

    /** Whether two versions' fingerprints are equal; one that is not known is not compared. */
    private static boolean isEqual(@Nullable String one, @Nullable String other) {
        return one == null || other == null || one.equals(other);
    }
}
