package io.freshet.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.config.Arguments;
import io.freshet.config.AttributesConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.event.Attribute;
import io.freshet.response.UserExposures.PendingExposure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseModelTest {

    private static final long DAY = 86_400_000;
    private static final AttributesConfig ATTRIBUTES =
            FreshetConfig.from(
                            Arguments.parse(
                                    "--attributes.context",
                                    "weekday:category",
                                    "--attributes.items",
                                    "price:number,released:date"))
                    .ingest()
                    .attributes();

    private final Map<String, ResponseRate> rates = new HashMap<>();
    private final ResponseModel model = new ResponseModel(ATTRIBUTES, new InMemory());

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 2", "1.5, 3", "-1, -2", "3, 4", "1000, 20", "1e30, 200"})
    void aNumberCountsAsTheRangeThatItLiesIn(float price, int range) throws Exception {
        learn(0, Attribute.number("price", price));

        assertThat(rates).containsKey("item.price~" + range);
    }

    @ParameterizedTest
    @CsvSource({"100, 0", "101, 2", "103, 4", "99, -2"})
    void aDateCountsByItsAge(int day, int range) throws Exception {
        learn(day * DAY, Attribute.number("released", 100));

        assertThat(rates).containsKey("item.released~" + range);
    }

    @Test
    void everyExposureHasAKeyOfEachFeature() throws Exception {
        learn(30 * DAY + 3 * DAY / 24, Attribute.category("categories", "a"), tag("b"));

        Set<String> keys =
                rates.keySet().stream()
                        .filter(key -> !key.equals("all"))
                        .collect(Collectors.toSet());
        assertThat(keys)
                .containsExactlyInAnyOrder(
                        "user:u",
                        "item:i",
                        "item.categories=a",
                        "item.categories=b",
                        "item.price",
                        "item.released",
                        "context.hour=3",
                        "context.weekday");
    }

    @Test
    void anItemIsJudgedByWhatItsContextLetsExpect() throws Exception {
        for (int i = 0; i < 400; i++) {
            learn(i, "good place", "plain", i % 10 != 0);
            learn(i, "bad place", "other", i % 10 == 0);
            learn(i, "bad place", "better", i % 3 == 0);
        }

        double plain = predict("good place", "plain");
        double other = predict("bad place", "other");
        double better = predict("bad place", "better");
        assertThat(plain).isCloseTo(0.9, within(0.05));
        assertThat(other).isLessThan(better - 0.1);
        assertThat(predict("good place", "better"))
                .as("good where it was never shown")
                .isGreaterThan(predict("good place", "other") + 0.02);
    }

    private static Attribute tag(String tag) {
        return Attribute.category("categories", tag);
    }

    private void learn(long timestamp, Attribute... ofItem) throws Exception {
        PendingExposure exposure = exposure(timestamp, "i", List.of());
        ResponseModel.Known known = new ResponseModel.Known("u", List.of(), List.of(ofItem));
        model.predict(exposure, known);
        model.learn(exposure, known);
    }

    private void learn(long timestamp, String place, String item, boolean responded)
            throws Exception {
        PendingExposure exposure = exposure(timestamp, item, place(place));
        ResponseModel.Known known = new ResponseModel.Known("u", List.of(), List.of());
        model.predict(exposure, known);
        exposure.responded = responded;
        model.learn(exposure, known);
    }

    private double predict(String place, String item) throws Exception {
        PendingExposure exposure = exposure(1000, item, place(place));
        model.predict(exposure, new ResponseModel.Known("u", List.of(), List.of()));
        return exposure.probability;
    }

    private static List<Attribute> place(String place) {
        return List.of(Attribute.category("weekday", place));
    }

    private static PendingExposure exposure(long timestamp, String item, List<Attribute> context) {
        PendingExposure exposure = new PendingExposure();
        exposure.itemId = item;
        exposure.timestamp = timestamp;
        exposure.context = context;
        exposure.activity = new float[UserExposures.ACTIVITY.length];
        return exposure;
    }

    private final class InMemory implements ResponseModel.Rates {

        @Override
        public @Nullable ResponseRate get(String key) {
            return rates.get(key);
        }

        @Override
        public void put(String key, ResponseRate rate) {
            rates.put(key, rate);
        }
    }
}
