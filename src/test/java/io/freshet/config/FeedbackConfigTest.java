package io.freshet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.FeedbackConfig.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackConfigTest {

    private static final float NO_RATING = Float.NaN;

    private final FeedbackConfig feedback =
            TestingFeedback.of(
                    "weights", "look:0,view:0.2,purchase:1",
                    "default-weight", "0.5",
                    "negative-types", "return;hide",
                    "exposure-types", "impression",
                    "negative-below", "2",
                    "context-below", "3.5");

    @Test
    void withNothingConfiguredEverythingIsAFullTarget() {
        FeedbackConfig defaults = TestingFeedback.of();

        assertThat(defaults.roleOf("return", NO_RATING)).isEqualTo(new Role(Kind.TARGET, 1));
        assertThat(defaults.roleOf("rating", -1e30f)).isEqualTo(new Role(Kind.TARGET, 1));
        assertThat(defaults.hasNegatives()).isFalse();
        assertThat(defaults.namedTypes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "look, 0, CONTEXT",
        "view, 0.2, TARGET",
        "purchase, 1, TARGET",
        "made-up, 0.5, TARGET",
        "return, 0, NEGATIVE",
        "hide, 0, NEGATIVE",
        "impression, 0, EXPOSURE"
    })
    void aTypeHasARole(String type, float weight, Kind kind) {
        assertThat(feedback.roleOf(type, NO_RATING)).isEqualTo(new Role(kind, weight));
    }

    @ParameterizedTest
    @CsvSource({
        "purchase, 1.9, 0, NEGATIVE",
        "purchase, 2, 0, CONTEXT",
        "purchase, 3.4, 0, CONTEXT",
        "purchase, 3.5, 1, TARGET",
        "view, 5, 0.2, TARGET",
        "look, 1, 0, NEGATIVE",
        "look, 5, 0, CONTEXT",
        "return, 5, 0, NEGATIVE",
        "impression, 1, 0, EXPOSURE"
    })
    void aRatingDecidesWhereTheTypeDoesNot(String type, float rating, float weight, Kind kind) {
        assertThat(feedback.roleOf(type, rating)).isEqualTo(new Role(kind, weight));
    }

    @Test
    void choicesAndContextArePositions() {
        assertThat(feedback.roleOf("view", NO_RATING).isPosition()).isTrue();
        assertThat(feedback.roleOf("look", NO_RATING).isPosition()).isTrue();
        assertThat(feedback.roleOf("return", NO_RATING).isPosition()).isFalse();
        assertThat(feedback.roleOf("impression", NO_RATING).isPosition()).isFalse();
    }

    @Test
    void namedTypesAreThoseOfAllOptions() {
        assertThat(feedback.namedTypes())
                .containsExactly("hide", "impression", "look", "purchase", "return", "view");
    }

    @Test
    void aLowRatingAloneMakesNegatives() {
        assertThat(TestingFeedback.of("negative-below", "2").hasNegatives()).isTrue();
        assertThat(TestingFeedback.of("context-below", "2").hasNegatives()).isFalse();
    }

    @Test
    void exposureTypesKeepTheirFormerKey() {
        FreshetConfig config =
                FreshetConfig.from(Arguments.parse("--history.exposure-types=impression,banner"));

        assertThat(config.history().feedback().exposureTypes())
                .containsExactly("impression", "banner");
    }

    @Test
    void contradictionsAreReportedAtOnce() {
        assertThatThrownBy(
                        () ->
                                TestingFeedback.of(
                                        "weights", "return:1,impression:0,view:0.2",
                                        "negative-types", "return;hide",
                                        "exposure-types", "impression;hide",
                                        "negative-below", "3",
                                        "context-below", "3"))
                .hasMessageContaining("4 problem(s)")
                .hasMessageContaining(
                        "feedback.negative-types: found 'hide', expected a type that"
                                + " feedback.exposure-types does not name")
                .hasMessageContaining(
                        "feedback.weights: found 'return', expected a type that"
                                + " feedback.negative-types does not name")
                .hasMessageContaining(
                        "feedback.weights: found 'impression', expected a type that"
                                + " feedback.exposure-types does not name")
                .hasMessageContaining(
                        "feedback.context-below: found '3.0', expected above"
                                + " feedback.negative-below = 3.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"view:1.1", "view:-0.5", "view:", "view:much", "view:NaN", " :1"})
    void aWeightIsFromZeroToOne(String weights) {
        assertThatThrownBy(() -> TestingFeedback.of("weights", weights))
                .hasMessageContaining("feedback.weights: found '")
                .hasMessageContaining("expected type:weight, with a weight from 0 to 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"view:0", "view:1", "view:1.0", "view:.5", "view: 0.25 "})
    void weightsMayBeWrittenInAnyPlainWay(String weights) {
        assertThatCode(() -> TestingFeedback.of("weights", weights)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Infinity", "low"})
    void aLimitIsANumber(String limit) {
        assertThatThrownBy(() -> TestingFeedback.of("negative-below", limit))
                .hasMessageContaining("feedback.negative-below: found '" + limit)
                .hasMessageContaining("expected a number");
    }
}
