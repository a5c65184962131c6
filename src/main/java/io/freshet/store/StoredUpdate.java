package io.freshet.store;

import io.freshet.event.ModelRevision;
import org.apache.flink.core.fs.Path;

/**
 * An update in the store.
 *
 * @param fingerprint SHA-256 of its file in hexadecimal digits
 * @param path of the file
 */
public record StoredUpdate(UpdateHeader header, String fingerprint, Path path) {

    /** The live model after the update. */
    public ModelRevision revision() {
        return header.parent().after(header.update(), fingerprint);
    }
}
