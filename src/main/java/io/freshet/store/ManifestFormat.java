package io.freshet.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Manifests as JSON, with names in snake case. Fields that are not known are passed over. */
final class ManifestFormat {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    private ManifestFormat() {}

    static byte[] write(Manifest manifest) throws JsonProcessingException {
        return MAPPER.writeValueAsBytes(manifest);
    }

    static Manifest read(byte[] json, String where) throws StoreException {
        if (json.length > ManifestLimits.MAX_MANIFEST_BYTES) {
            throw new StoreException(
                    where
                            + " is larger than a manifest may be, "
                            + ManifestLimits.MAX_MANIFEST_BYTES
                            + " bytes");
        }
        Manifest manifest;
        try {
            manifest = MAPPER.readValue(json, Manifest.class);
        } catch (java.io.IOException e) {
            throw new StoreException(where + " is not a manifest: " + e.getMessage(), e);
        }
        if (manifest == null || manifest.version() < 1) {
            throw new StoreException(where + " is not a manifest: it has no version of at least 1");
        }
        ManifestLimits.check(manifest, where);
        return manifest;
    }
}
