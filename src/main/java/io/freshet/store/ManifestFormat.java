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

/**
 * Manifests as JSON, with names in snake case. Fields that are not known are passed over; a format
 * with a higher number is one that this release can't read.
 */
final class ManifestFormat {

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

    static Manifest read(byte[] json, String where) throws StoreException {
        if (json.length > ManifestLimits.MAX_MANIFEST_BYTES) {
            throw new StoreException(
                    where
                            + " is larger than a manifest may be, "
                            + ManifestLimits.MAX_MANIFEST_BYTES
                            + " bytes");
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
                    where
                            + " is of format "
                            + format
                            + ", expected at most "
                            + CURRENT
                            + "; a newer release of Freshet wrote it and can read it");
        }
        if (manifest == null || manifest.version() < 1) {
            throw new StoreException(where + " is not a manifest: it has no version of at least 1");
        }
        ManifestLimits.check(manifest, where);
        return manifest;
    }
}
