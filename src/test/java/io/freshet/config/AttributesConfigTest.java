package io.freshet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.freshet.config.AttributesConfig.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributesConfigTest {

    @Test
    void declaresNothingByItself() {
        assertThat(attributes()).isEqualTo(AttributesConfig.none());
    }

    @Test
    void readsNamesAndTypes() {
        AttributesConfig attributes =
                attributes(
                        "--attributes.context",
                        "position:number,device:category",
                        "--attributes.items",
                        "tags:categories",
                        "--attributes.users",
                        "country:category");

        assertThat(attributes.context())
                .containsExactly(entry("device", Type.CATEGORY), entry("position", Type.NUMBER));
        assertThat(attributes.items()).containsExactly(entry("tags", Type.CATEGORIES));
        assertThat(attributes.users()).containsExactly(entry("country", Type.CATEGORY));
    }

    @ParameterizedTest
    @CsvSource({
        "context, device:text",
        "context, device:",
        "context, rating:number",
        "items, title:category",
        "items, categories:categories",
        "users, user_id:category"
    })
    void refusesUnknownTypesAndNamesOfOtherFields(String scope, String declared) {
        assertThatThrownBy(() -> attributes("--attributes." + scope, declared))
                .hasMessageContaining("attributes." + scope)
                .hasMessageContaining(
                        "expected name:type, with a type of category, categories, number, date");
    }

    @Test
    void usersAreReadOnlyForExposures() {
        String[] declared = {"--attributes.users", "country:category"};

        assertThat(FreshetConfig.from(Arguments.parse(declared)).readsUsers()).isFalse();
        assertThat(
                        FreshetConfig.from(
                                        Arguments.parse(
                                                "--attributes.users",
                                                "country:category",
                                                "--feedback.exposure-types",
                                                "impression"))
                                .readsUsers())
                .isTrue();
    }

    private static AttributesConfig attributes(String... arguments) {
        return FreshetConfig.from(Arguments.parse(arguments)).ingest().attributes();
    }
}
