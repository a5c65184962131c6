package io.freshet.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.event.TestingSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListParametersTest {

    private final ListParameters parameters =
            new ListParameters(TestingConfig.of("localhost:9092").ingest(), 100);

    @Test
    void a_plain_request_for_a_user_has_nothing_but_the_user() {
        ListRequest request = parameters.personal("u-7", Map.of());

        assertThat(record(request))
                .isEqualTo(
                        json("{\"request_id\":\"r-1\",\"kind\":\"personal\",\"user_id\":\"u-7\"}"));
        assertThat(request.isPlain()).isTrue();
        assertThat(request.key()).asString().isEqualTo("u-7");
    }

    @Test
    void every_filter_has_its_field() {
        Map<String, List<String>> query = new TreeMap<>();
        query.put("size", List.of("20"));
        query.put("only_item", List.of("i-1", "i-2"));
        query.put("exclude_item", List.of("i-3"));
        query.put("only_category", List.of("shoes"));
        query.put("exclude_category", List.of("toys", "games"));
        query.put("min.price", List.of("10"));
        query.put("max.price", List.of("49.99"));
        query.put("min.released", List.of("2026-11-30"));
        query.put("max.released", List.of("1790000000000"));
        query.put("explain", List.of("true"));

        ListRequest request = parameters.personal("u-7", query);

        assertThat(record(request))
                .isEqualTo(
                        json(
                                """
                                {"request_id":"r-1","kind":"personal","user_id":"u-7","size":20,
                                 "only_items":["i-1","i-2"],"exclude_items":["i-3"],
                                 "only_categories":["shoes"],"exclude_categories":["toys","games"],
                                 "ranges":{"price":{"max":49.99,"min":10},
                                  "released":{"max":1790000000000,"min":"2026-11-30"}},
                                 "explain":true}
                                """));
        assertThat(request.isPlain()).isFalse();
    }

    @Test
    void what_goes_with_an_item_may_be_for_a_user_or_for_nobody() {
        ListRequest anybody = parameters.similar("i-1", Map.of());

        assertThat(record(anybody))
                .isEqualTo(
                        json(
                                "{\"request_id\":\"r-1\",\"kind\":\"similar-items\",\"item_id\":\"i-1\"}"));
        assertThat(anybody.key()).isNull();
        assertThat(parameters.similar("i-1", query("user=u-7")).key()).asString().isEqualTo("u-7");
    }

    @Test
    void popular_needs_nothing() {
        assertThat(record(parameters.popular(Map.of())))
                .isEqualTo(json("{\"request_id\":\"r-1\",\"kind\":\"popular\"}"));
    }

    @Test
    void a_session_is_its_items_in_their_order() {
        assertThat(record(parameters.nextInSession(query("item=i-7&item=i,42&item=i-7"))))
                .isEqualTo(
                        json(
                                "{\"request_id\":\"r-1\",\"kind\":\"next-in-session\",\"items\":[\"i-7\",\"i,42\",\"i-7\"]}"));
    }

    @Test
    void the_newest_list_is_asked_for_alone() {
        assertThat(parameters.personal("u-7", query("newest=true")).newest()).isTrue();
        assertThat(parameters.personal("u-7", query("newest=false")).isPlain()).isTrue();
        assertRefused(query("newest=true&size=3"), "newest", "[size]");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    size=0; size; '0'; expected 1 to 100
                    size=101; size; '101'; expected 1 to 100
                    size=ten; size; 'ten'; expected 1 to 100
                    size=1e1; size; '1e1'; expected 1 to 100
                    size=1&size=2; size; found 2 values; expected one value
                    explain=yes; explain; 'yes'; expected true or false
                    only_item=; only_item; ""; expected a string of 1 to 256 characters
                    exclude_category=%20; exclude_category; " "; expected a string of 1 to 256
                    min.weight=3; min.weight; 'weight'; [price, released]
                    min.brand=3; min.brand; 'brand'; [price, released]
                    min.price=cheap; min.price; "cheap"; expected a number
                    min.price=0x1p3; min.price; '0x1p3'; expected a decimal number
                    min.price=; min.price; found nothing; expected a bound
                    max.released=yesterday; max.released; "yesterday"; expected a date
                    user=u-1; user; doesn't have; explain
                    sise=3; sise; doesn't have; size
                    """,
            delimiter = ';',
            quoteCharacter = '~')
    void a_parameter_that_is_wrong_is_named_with_what_was_found_and_expected(
            String query, String field, String found, String expected) {
        assertRefused(query(query.replace("%20", " ")), field, found, expected);
    }

    @Test
    void an_id_follows_the_rules_of_records() {
        assertThatThrownBy(() -> parameters.personal("\u0007", Map.of()))
                .isInstanceOf(ProblemResponse.class)
                .hasMessageContaining("user_id: found \"\\u0007\"");
        assertThatThrownBy(() -> parameters.similar("x".repeat(257), Map.of()))
                .hasMessageContaining("item_id: found 257 characters");
    }

    @Test
    void there_are_only_so_many_items() {
        assertThatThrownBy(
                        () ->
                                parameters.popular(
                                        Map.of("only_item", Collections.nCopies(1001, "i"))))
                .hasMessageContaining("only_item: found 1001, expected at most 1000");
        assertThatThrownBy(
                        () ->
                                parameters.nextInSession(
                                        Map.of("item", Collections.nCopies(10_001, "i"))))
                .hasMessageContaining("at most 10000 characters together");
        assertThatThrownBy(() -> parameters.nextInSession(Map.of()))
                .hasMessageContaining("item: found nothing, expected the session's items");
    }

    private void assertRefused(Map<String, List<String>> query, String field, String... parts) {
        assertThatThrownBy(() -> parameters.personal("u-7", query))
                .isInstanceOfSatisfying(
                        ProblemResponse.class,
                        problem -> {
                            JsonNode body = TestingSchemas.json(problem.json());
                            assertThat(body.path("status").asInt()).isEqualTo(400);
                            assertThat(body.path("field").asText()).isEqualTo(field);
                            assertThat(body.path("detail").asText()).contains(parts);
                        });
    }

    private static JsonNode record(ListRequest request) {
        JsonNode record = TestingSchemas.json(request.value("r-1", Duration.ofSeconds(2)));
        assertThat(((ObjectNode) record).remove("timeout_ms").asInt()).isEqualTo(2000);
        assertThat(TestingSchemas.violations("requests", record)).isEmpty();
        return record;
    }

    private static JsonNode json(String text) {
        return TestingSchemas.json(text.getBytes(UTF_8));
    }

    private static Map<String, List<String>> query(String text) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            String[] parts = pair.split("=", 2);
            query.computeIfAbsent(parts[0], unused -> new ArrayList<>()).add(parts[1]);
        }
        return query;
    }
}
