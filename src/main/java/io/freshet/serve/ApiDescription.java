package io.freshet.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * The description of the gateway's paths, as OpenAPI 3.1: {@code openapi.json} of this package,
 * with the schemas of the topics.
 */
final class ApiDescription {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ApiDescription() {}

    /** The document, in UTF-8. */
    static byte[] json() {
        try {
            ObjectNode document = read("/io/freshet/serve/openapi.json");
            ObjectNode schemas = document.withObject("/components/schemas");
            schemas.set("RecommendationList", read("/schema/recommendations.schema.json"));
            schemas.set("Interaction", read("/schema/interactions.schema.json"));
            return JSON.writeValueAsBytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException("The description of the gateway can't be read", e);
        }
    }

    private static ObjectNode read(String resource) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        ApiDescription.class.getResourceAsStream(resource), resource)) {
            return (ObjectNode) JSON.readTree(in);
        }
    }
}
