package io.freshet.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Manifests as JSON, with names in snake case. Fields that are not known are passed over; a format
 * with a higher number is one that this release can't read.
 *
 * <p>A manifest must keep to limits before any file that it names is touched: a store may be
 * written by others, and a reader must not be led out of a version, nor made to read without end.
 */
final class ManifestFormat {

    /** Largest {@code manifest.json}: 16 MiB. */
    static final int MAX_MANIFEST_BYTES = 16 << 20;

    /** Most files of a version. */
    static final int MAX_FILES = 10_000;

    /** Most bytes of a version: 64 GiB. */
    private static final long MAX_VERSION_BYTES = 64L << 30;

    private static final String FORMAT = "format";

    /** Number of the format; files without one are of the first. */
    private static final int CURRENT = 1;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    private ManifestFormat() {}

    static byte[] write(Manifest manifest) throws JsonProcessingException {
        ObjectNode json = MAPPER.valueToTree(manifest);
        json.put(FORMAT, CURRENT);
        return MAPPER.writeValueAsBytes(json);
    }

    /**
     * @param where names the manifest in messages
     * @throws StoreException if it is not a manifest that this release can read, or beyond a limit
     */
    static Manifest read(byte[] json, String where) throws StoreException {
        if (json.length > MAX_MANIFEST_BYTES) {
            throw new StoreException(
                    "%s is larger than a manifest may be, %d bytes"
                            .formatted(where, MAX_MANIFEST_BYTES));
        }
        int format;
        Manifest manifest;
        try {
            JsonNode found = MAPPER.readTree(json);
            format = found.path(FORMAT).asInt(CURRENT);
            manifest = MAPPER.treeToValue(found, Manifest.class);
        } catch (IOException e) {
            throw new StoreException(where + " is not a manifest: " + e.getMessage(), e);
        }
        if (format > CURRENT) {
            throw new StoreException(
                    "%s is of format %d, expected at most %d; a newer release of Freshet wrote it and can read it"
                            .formatted(where, format, CURRENT));
        }
        if (manifest == null || manifest.version() < 1) {
            throw new StoreException(where + " is not a manifest: it has no version of at least 1");
        }
        check(manifest, where);
        return manifest;
    }

    private static void check(Manifest manifest, String where) throws StoreException {
        if (manifest.files().size() > MAX_FILES) {
            throw new StoreException(
                    "%s lists %d files, expected at most %d"
                            .formatted(where, manifest.files().size(), MAX_FILES));
        }
        Set<String> paths = new HashSet<>();
        long left = MAX_VERSION_BYTES;
        for (Manifest.FileEntry entry : manifest.files()) {
            if (!isPlain(entry.path()) || !paths.add(entry.path())) {
                throw new StoreException(
                        "%s lists a file outside of it: '%s', or one twice; expected names separated by /, without . and .."
                                .formatted(where, entry.path()));
            }
            if (entry.size() < 0 || entry.size() > left) {
                throw new StoreException(
                        "%s lists %s with %d bytes, expected at most %d for all files together"
                                .formatted(where, entry.path(), entry.size(), MAX_VERSION_BYTES));
            }
            left -= entry.size();
        }
    }

    /**
     * Whether a path is made of names alone, on every file system: no root, scheme, drive, dots.
     */
    private static boolean isPlain(String path) {
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return false;
            }
        }
        return path.chars().noneMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c));
    }
}
