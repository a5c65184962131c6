package io.freshet.store;

import java.util.HashSet;
import java.util.Set;

/**
 * What a manifest must keep to before any file that it names is touched: a store may be written by
 * others, and a reader must not be led out of a version, nor made to read without end.
 */
final class ManifestLimits {

    /** Largest {@code manifest.json}: 16 MiB. */
    static final int MAX_MANIFEST_BYTES = 16 << 20;

    /** Most files of a version. */
    static final int MAX_FILES = 10_000;

    /** Most bytes of a version: 64 GiB. */
    static final long MAX_VERSION_BYTES = 64L << 30;

    private ManifestLimits() {}

    /**
     * @param where names the manifest in messages
     * @throws StoreException naming what is beyond a limit
     */
    static void check(Manifest manifest, String where) throws StoreException {
        if (manifest.files().size() > MAX_FILES) {
            throw new StoreException(
                    where
                            + " lists "
                            + manifest.files().size()
                            + " files, expected at most "
                            + MAX_FILES);
        }
        Set<String> paths = new HashSet<>();
        long left = MAX_VERSION_BYTES;
        for (FileEntry entry : manifest.files()) {
            if (!isPlain(entry.path()) || !paths.add(entry.path())) {
                throw new StoreException(
                        where
                                + " lists a file outside of it: '"
                                + entry.path()
                                + "', or one twice; expected names separated by /, without . and ..");
            }
            if (entry.size() < 0 || entry.size() > left) {
                throw new StoreException(
                        where
                                + " lists "
                                + entry.path()
                                + " with "
                                + entry.size()
                                + " bytes, expected at most "
                                + MAX_VERSION_BYTES
                                + " for all files together");
            }
            left -= entry.size();
        }
    }

    /**
     * Whether a path is made of names alone, on every file system: no root, scheme, drive, dots.
     */
    static boolean isPlain(String path) {
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return false;
            }
        }
        return path.chars().noneMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c));
    }
}
