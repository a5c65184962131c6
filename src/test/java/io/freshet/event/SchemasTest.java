package io.freshet.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "interactions",
                "items",
                "controls",
                "recommendations",
                "model-checkpoints",
                "evaluations",
                "dead-letters",
                "audit"
            })
    void describeEveryFieldAndHoldForTheirOwnExamples(String topic) {
        JsonNode schema = TestingSchemas.document(topic);

        assertThat(schema.path("$schema").asText())
                .isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(undescribed(topic, schema)).isEmpty();
        assertThat(schema.path("examples")).isNotEmpty();
        for (JsonNode example : schema.path("examples")) {
            assertThat(TestingSchemas.violations(topic, example)).isEmpty();
        }
    }

    private static List<String> undescribed(String path, JsonNode schema) {
        List<String> found = new ArrayList<>();
        if (schema.path("description").asText().isBlank()) {
            found.add(path);
        }
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            found.addAll(undescribed(path + "." + property.getKey(), property.getValue()));
        }
        for (String keyword : List.of("items", "additionalProperties", "propertyNames")) {
            if (schema.path(keyword).isObject()) {
                found.addAll(undescribed(path + "." + keyword, schema.path(keyword)));
            }
        }
        return found;
    }
}
