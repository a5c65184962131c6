package io.freshet.store;

import io.freshet.event.ModelRevision;
import io.freshet.model.WeightChanges;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The updates between versions: immutable, checksummed files {@code
 * <root>/updates/<version>-<update>-<sha256>.safetensors}, each of which names the revision that it
 * builds on. The versions are the log's snapshots. Not thread-safe.
 */
public final class UpdateLog {

    /**
     * The update that earlier work with this key has written, verified.
     *
     * @throws IOException if the store can't be read
     */
    public Optional<StoredUpdate> find(ModelRevision parent, long update, String key)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes an update, complete or not at all.
     *
     * @throws IOException if the store doesn't take it
     */
    public StoredUpdate append(UpdateHeader header, WeightChanges changes) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * The updates from a revision's version to the revision, oldest first; their headers are read
     * and checked, their weights are not.
     *
     * @throws StoreException if one is missing, foreign or damaged
     */
    public List<StoredUpdate> chain(ModelRevision revision) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads an update whole, and compares it with its fingerprint.
     *
     * @throws StoreException if it is missing or damaged
     */
    public WeightChanges read(StoredUpdate update) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * All updates of a version that the store has, ascending by number; damaged ones are left out.
     */
    public List<StoredUpdate> of(long version) throws IOException {
        throw new UnsupportedOperationException();
    }
}
