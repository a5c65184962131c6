package io.freshet.event;

import org.jspecify.annotations.Nullable;

/**
 * A state of the live model that the model store can give back bit for bit: a version, and the
 * updates since, of which the newest is named here and each names the one before it.
 *
 * @param version the version, 0 if there is none
 * @param fingerprint distinguishes it from every other of its number; null if unknown
 * @param update number of the newest update since the version, which is the number of its training
 *     window; 0 if there is none
 * @param updateFingerprint SHA-256 of that update's file in hexadecimal digits; empty if there is
 *     none
 */
public record ModelRevision(
        long version, @Nullable String fingerprint, long update, String updateFingerprint) {

    /** No model at all. */
    public static final ModelRevision NONE = new ModelRevision(0, null, 0, "");

    /** A version as it was written. */
    public static ModelRevision ofVersion(long version, @Nullable String fingerprint) {
        return new ModelRevision(version, fingerprint, 0, "");
    }

    /** This revision after one more update. */
    public ModelRevision after(long next, String nextFingerprint) {
        return new ModelRevision(version, fingerprint, next, nextFingerprint);
    }

    /** The version that the updates build on, without them. */
    public ModelRevision withoutUpdates() {
        return ofVersion(version, fingerprint);
    }

    /** Whether there are updates since the version. */
    public boolean hasUpdates() {
        return update > 0;
    }
}
