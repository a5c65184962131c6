package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.catalog;
import static io.freshet.recommend.TestingEvents.itemIds;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.request;
import static io.freshet.recommend.TestingEvents.withRejections;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.FollowerCounts;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lists of a user who rejected items. */
class RejectedItemsTest {

    private static final long HOUR = 3_600_000;
    private static final float[] MUG = {1, 0, 0};
    private static final float[] CUP = {0.8f, 0.6f, 0};
    private static final float[] LAMP = {0, 0, 1};
    private static final float ROUNDING = 0.05f; // content has a byte for each number

    @Test
    void areWithoutWhatTheUserRejectedWhateverSpeaksForIt() {
        Fixed recommender = new Fixed();
        recommender.popular("a", "b", "c", "d");
        RecommendationRequest request =
                request("r", HOUR, "a", "a")
                        .withFollowers(new FollowerCounts(new String[] {"a"}, new float[] {9}, 9));
        assertThat(itemIds(recommender.answer(request))).startsWith("a");

        assertThat(itemIds(recommender.answer(withRejections(request, HOUR, "a", "c", "unknown"))))
                .containsExactly("b", "d");
    }

    @Test
    void haveItAgainAfterATimeThoughNotBeforeOthers() {
        Fixed recommender = new Fixed("rejection-removal", "1 h", "rejection-penalty", "5");
        recommender.popular("a", "b", "c");

        assertThat(itemIds(recommender.answer(rejecting("a", HOUR - 1)))).containsExactly("b", "c");
        assertThat(itemIds(recommender.answer(rejecting("a", HOUR))))
                .containsExactly("b", "c", "a");
    }

    @Test
    void aRejectionCostsThePenaltyHalvedOncePerHalfLife() {
        Fixed recommender =
                new Fixed(
                        "rejection-removal", "0 s",
                        "rejection-penalty", "2",
                        "rejection-half-life", "1 h");
        recommender.popular("a", "b");
        float score = score(recommender.answer(request("plain", HOUR)), "a");

        assertThat(score(recommender.answer(rejecting("a", 0)), "a")).isEqualTo(score - 2);
        assertThat(score(recommender.answer(rejecting("a", HOUR)), "a"))
                .isCloseTo(score - 1, within(1e-4f));
        assertThat(score(recommender.answer(rejecting("a", HOUR)), "b"))
                .isEqualTo(score(recommender.answer(request("plain", HOUR)), "b"));
    }

    @Test
    void whatIsAlikeInContentLosesAShareByTheSquareOfTheCosine() {
        Fixed recommender = new Fixed("rejection-penalty", "8", "rejection-likeness", "0.5");
        recommender.popular("mug", "cup", "lamp", "other");
        recommender.update(catalog("rejected", 0, true, "", MUG));
        recommender.update(catalog("mug", 0, true, "", MUG));
        recommender.update(catalog("cup", 0, true, "", CUP));
        recommender.update(catalog("lamp", 0, true, "", LAMP));
        RecommendationList before = recommender.answer(request("plain", HOUR));

        RecommendationList list = recommender.answer(rejecting("rejected", 0));

        assertThat(score(list, "mug")).isCloseTo(score(before, "mug") - 4, within(ROUNDING));
        assertThat(score(list, "cup"))
                .isCloseTo(score(before, "cup") - 4 * 0.64f, within(ROUNDING));
        assertThat(score(list, "lamp")).isEqualTo(score(before, "lamp"));
        assertThat(score(list, "other")).isEqualTo(score(before, "other"));
        assertThat(itemIds(list)).endsWith("mug");
    }

    @Test
    void theMoreThatIsAlikeWasRejectedTheMoreItLoses() {
        Fixed recommender = new Fixed("rejection-penalty", "2", "rejection-likeness", "0.5");
        recommender.popular("mug", "lamp");
        recommender.update(catalog("mug", 0, true, "", MUG));
        recommender.update(catalog("r1", 0, true, "", MUG));
        recommender.update(catalog("r2", 0, true, "", MUG));
        float score = score(recommender.answer(request("plain", HOUR)), "mug");

        RecommendationRequest both = withRejections(request("r", HOUR), HOUR, "r1", "r2");

        assertThat(score(recommender.answer(both), "mug")).isCloseTo(score - 2, within(ROUNDING));
    }

    @Test
    void probesMeasureListsAsUsersGetThem() {
        Fixed recommender = new Fixed();
        recommender.popular("a", "b", "c");

        assertThat(
                        itemIds(
                                recommender.answer(
                                        withRejections(probe("p", HOUR, "b", "x"), HOUR, "a"))))
                .doesNotContain("a")
                .startsWith("b");
    }

    @Test
    void explainWhatRejectionsCost() {
        Fixed recommender = new Fixed("explain", "true", "rejection-removal", "0 s");
        recommender.popular("a", "b");

        List<RecommendedItem> items = recommender.answer(rejecting("a", 0)).items();

        assertThat(of(items, "a").contributions().get(Source.REJECTION)).isEqualTo(-2);
        assertThat(of(items, "b").contributions().get(Source.REJECTION)).isEqualTo(2);
        assertThat(of(items, "a").source()).isNotEqualTo(Source.REJECTION);
    }

    @Test
    void newItemsAreStillExploredButNotTheRejectedOne() {
        Fixed recommender =
                new Fixed(
                        "exploration-share", "0.5",
                        "rejection-removal", "0 s",
                        "list-size", "2");
        recommender.popular("a", "b");
        recommender.update(catalog("new", 0, true, "", CUP));
        recommender.update(catalog("rejected", 0, true, "", MUG));

        List<String> explored =
                IntStream.range(0, 50)
                        .mapToObj(i -> withRejections(request("r" + i, HOUR), HOUR, "rejected"))
                        .flatMap(request -> recommender.answer(request).items().stream())
                        .filter(item -> item.source() == Source.EXPLORATION)
                        .map(RecommendedItem::itemId)
                        .distinct()
                        .toList();

        assertThat(explored).containsExactly("new");
    }

    private static RecommendationRequest rejecting(String item, long age) {
        return withRejections(request("r", HOUR), HOUR - age, item);
    }

    private static float score(RecommendationList list, String item) {
        return of(list.items(), item).score();
    }

    private static RecommendedItem of(List<RecommendedItem> items, String item) {
        return items.stream().filter(i -> i.itemId().equals(item)).findFirst().orElseThrow();
    }

    private static final class Fixed extends TestingRecommender {

        Fixed(String... options) {
            super(recommender(sized(options)));
        }

        private static String[] sized(String... options) {
            return Stream.of(new String[] {"list-size", "4"}, options)
                    .flatMap(Arrays::stream)
                    .toArray(String[]::new);
        }

        RecommendationList answer(RecommendationRequest request) {
            ask(request);
            flush();
            return lists.get(lists.size() - 1);
        }

        /** The items from the most popular to the least. */
        void popular(String... items) {
            for (int i = 0; i < items.length; i++) {
                update(popularity(items[i], 0, 100 - 10f * i));
            }
        }
    }
}
