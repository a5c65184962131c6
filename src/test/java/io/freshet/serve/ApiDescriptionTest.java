package io.freshet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.event.TestingSchemas;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code openapi.json} against what there is. */
class ApiDescriptionTest {

    /** What the live page is made of, which is no API. */
    private static final Pattern PAGE = Pattern.compile("get /|(get|post) /page/.+");

    private final JsonNode document = TestingSchemas.json(ApiDescription.json());

    @Test
    void every_path_is_described_with_its_method_and_no_other() throws IOException {
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .fields()
                .forEachRemaining(
                        path ->
                                path.getValue()
                                        .fieldNames()
                                        .forEachRemaining(
                                                method ->
                                                        described.add(
                                                                method + " " + path.getKey())));

        try (Gateway gateway =
                Gateway.start(
                        GatewaySettings.onLoopback(0),
                        TestingConfig.of("127.0.0.1:1"), // nobody is there
                        new Properties())) {
            assertThat(gateway.routes())
                    .filteredOn(route -> !route.startsWith(name(HandlerType.BEFORE)))
                    .filteredOn(route -> !PAGE.matcher(route).matches())
                    .containsExactlyInAnyOrderElementsOf(described);
        }
    }

    @Test
    void every_parameter_is_described_where_it_may_be() {
        Set<String> all = new HashSet<>(ListParameters.OF_ALL);
        all.add("bounds"); // min.… and max.…

        assertThat(parameters("/users/{id}/recommendations"))
                .containsExactlyInAnyOrderElementsOf(and(all, "id", ListParameters.NEWEST));
        assertThat(parameters("/items/{id}/similar"))
                .containsExactlyInAnyOrderElementsOf(and(all, "id", ListParameters.USER));
        assertThat(parameters("/popular"))
                .containsExactlyInAnyOrderElementsOf(and(all, ListParameters.USER));
        assertThat(parameters("/sessions/next"))
                .containsExactlyInAnyOrderElementsOf(
                        and(all, ListParameters.ITEM, ListParameters.USER));
    }

    @Test
    void every_problem_is_described_with_its_type_and_its_status() {
        Set<String> statuses =
                new TreeSet<>(
                        document.path("paths").findValues("responses").stream()
                                .flatMap(ApiDescriptionTest::names)
                                .toList());
        List<String> types =
                Arrays.stream(ProblemResponse.Kind.values())
                        .map(ProblemResponse.Kind::type)
                        .toList();

        assertThat(texts(document.at("/components/schemas/Problem/properties/type/enum")))
                .containsExactlyElementsOf(types);
        assertThat(ProblemResponse.Kind.values())
                .filteredOn(kind -> kind != ProblemResponse.Kind.NO_SUCH_METHOD) // of no path
                .allSatisfy(kind -> assertThat(statuses).contains(String.valueOf(kind.status())));
    }

    @Test
    void every_count_of_the_health_is_described() {
        assertThat(texts(document.at("/components/schemas/Health/properties/counts/required")))
                .containsAll(Arrays.stream(Health.Count.values()).map(Health::name).toList());
    }

    @Test
    void every_reference_leads_somewhere() {
        assertThat(document.path("paths").findValuesAsText("$ref"))
                .isNotEmpty()
                .allSatisfy(
                        reference ->
                                assertThat(document.at(reference.substring(1)).isMissingNode())
                                        .as(reference)
                                        .isFalse());
    }

    private List<String> parameters(String path) {
        List<String> names = new ArrayList<>();
        for (JsonNode parameter : document.path("paths").path(path).at("/get/parameters")) {
            names.add(
                    document.at(parameter.path("$ref").asText().substring(1))
                            .path("name")
                            .asText());
        }
        return names;
    }

    private static Set<String> and(Set<String> names, String... more) {
        Set<String> all = new HashSet<>(names);
        all.addAll(List.of(more));
        return all;
    }

    private static Stream<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names.stream();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static String name(HandlerType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
