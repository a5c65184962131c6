package io.freshet.recommend.rank;

import static io.freshet.recommend.TestingEvents.HALF_LIVES;
import static io.freshet.recommend.TestingEvents.LIMITS;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.request;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.EncodedItem;
import io.freshet.event.FollowerCounts;
import io.freshet.event.RecommendationRequest;
import io.freshet.recommend.item.CandidateSources;
import io.freshet.recommend.item.Candidates;
import io.freshet.recommend.item.ItemCatalog;
import io.freshet.recommend.item.ItemTable;
import io.freshet.recommend.item.Statistics;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeaturesTest {

    private static final long HOUR = 3_600_000;

    private final ItemTable table =
            new ItemTable(HALF_LIVES, new ItemCatalog(true, List.of()), LIMITS);
    private final Candidates candidates = new Candidates();
    private final Features features = new Features(HALF_LIVES, new Likeness(table.catalog()), true);

    @Test
    void sayHowLongAgoAnItemOccurredFirstAndLast() {
        occur("old", 0, 1);
        occur("old", 8 * HOUR, 1);
        occur("new", 8 * HOUR, 1);

        compute(10 * HOUR, "old", "new", "never");

        assertThat(value(0, Features.AGE)).isCloseTo((float) Math.log(11), within(1e-5f));
        assertThat(value(0, Features.RECENCY)).isCloseTo((float) Math.log(3), within(1e-5f));
        assertThat(value(1, Features.AGE)).isEqualTo(value(1, Features.RECENCY));
        float mean = (value(0, Features.AGE) + value(1, Features.AGE)) / 2;
        assertThat(value(2, Features.AGE)).as("missing").isCloseTo(mean, within(1e-5f));
        assertThat(value(2, Features.NEVER_OCCURRED)).isEqualTo(1);
        assertThat(value(1, Features.NEVER_OCCURRED)).isZero();
    }

    @Test
    void whatFollowedOrWasHadHasOccurredEvenIfItsPopularityIsOnItsWay() {
        candidates.had(candidates.add(table.add("had")), 5);

        compute(10 * HOUR, "had", "never");

        assertThat(value(0, Features.NEVER_OCCURRED)).isZero();
        assertThat(value(1, Features.NEVER_OCCURRED)).isEqualTo(1);
    }

    @Test
    void weighTheModelAgainByHowRareAnItemIs() {
        occur("rare", 0, 0);
        occur("common", 0, 90);
        candidates.modelScore(candidates.add(table.add("rare")), -6);
        candidates.modelScore(candidates.add(table.add("common")), -2);

        compute(0, "rare", "common", "never");

        assertThat(value(0, Features.RARITY)).isEqualTo(1);
        assertThat(value(0, Features.RARE_MODEL)).isEqualTo(-6);
        assertThat(value(1, Features.RARITY)).isCloseTo(0.1f, within(1e-5f));
        assertThat(value(1, Features.RARE_MODEL)).isCloseTo(-0.2f, within(1e-5f));
        assertThat(value(2, Features.RARITY)).as("missing").isCloseTo(0.55f, within(1e-5f));
        assertThat(value(2, Features.RARE_MODEL))
                .isCloseTo(0.55f * value(2, Features.MODEL), within(1e-5f));
    }

    @Test
    void sayWhatFollowedEachOfTheLastItems() {
        occur("x", 0, 5);
        occur("y", 0, 5);
        FollowerCounts last = new FollowerCounts(new String[] {"x"}, new float[] {30}, 40);
        FollowerCounts before = new FollowerCounts(new String[] {"y"}, new float[] {7}, 9);
        RecommendationRequest request = request("r", 10, "b", "a").withFollowers(last, before);
        new CandidateSources(table, 10, true).gather(request, candidates);

        compute(request, "x", "y");

        assertThat(value(0, Features.TRANSITION)).isPositive();
        assertThat(value(1, Features.TRANSITION)).isNegative();
        assertThat(value(0, Features.TRANSITION + 1)).isNegative();
        assertThat(value(1, Features.TRANSITION + 1)).isPositive();
        assertThat(value(1, Features.TRANSITION + 2)).as("no third item").isZero();
    }

    @Test
    void sayHowAlikeInContentAnItemIsToTheLastItems() {
        describe("last", 1, 0);
        describe("before", 0, 1);
        describe("same", 2, 0);
        describe("between", 1, 1);

        compute(request("r", 10, "unknown", "before", "last"), "same", "between", "plain");

        assertThat(value(0, Features.LIKE_LAST)).isCloseTo(4, within(1e-3f));
        assertThat(value(0, Features.LIKE_EARLIER)).isZero();
        assertThat(value(1, Features.LIKE_LAST)).isCloseTo(2.83f, within(1e-2f));
        assertThat(value(1, Features.LIKE_EARLIER)).isCloseTo(2.83f, within(1e-2f));
        assertThat(value(2, Features.LIKE_LAST)).as("without content").isZero();
    }

    private void describe(String item, float... vector) {
        table.apply(new EncodedItem(item, true, 0, vector, List.of()));
    }

    private void occur(String item, long timestamp, float count) {
        table.apply(requireNonNull(popularity(item, timestamp, count).popularity()));
    }

    private void compute(long now, String... items) {
        compute(request("r", now), items);
    }

    private void compute(RecommendationRequest request, String... items) {
        table.advance(request.timestamp());
        int[] positions = new int[items.length];
        for (int i = 0; i < items.length; i++) {
            positions[i] = candidates.add(table.add(items[i]));
        }
        Statistics statistics = new Statistics(table);
        statistics.asOf(request);
        features.compute(request, candidates, positions, items.length, statistics);
    }

    private float value(int row, int feature) {
        return features.values()[row * features.width() + feature];
    }
}
