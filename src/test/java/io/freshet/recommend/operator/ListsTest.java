package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.HALF_LIVES;
import static io.freshet.recommend.TestingEvents.LIMITS;
import static io.freshet.recommend.TestingEvents.catalog;
import static io.freshet.recommend.TestingEvents.checkpoint;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.request;
import static io.freshet.recommend.TestingEvents.withExposures;
import static io.freshet.recommend.TestingEvents.withSeen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.FollowerCounts;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelUpdate;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import io.freshet.event.RecommenderUpdate;
import io.freshet.recommend.TestingEvents;
import io.freshet.recommend.TestingModel;
import io.freshet.recommend.TestingModelSource;
import io.freshet.recommend.TestingRecommendConfig;
import io.freshet.recommend.model.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What makes lists people like, each by its option, through the recommender. */
class ListsTest {

    private static final long HOUR = 3_600_000;
    private static final float[] MUG = {1, 0.1f, 0};
    private static final float[] CUP = {1, 0.12f, 0};
    private static final float[] LAMP = {0, 0.1f, 1};

    @Test
    void contributionsAddUpToTheScoreAboveTheMeanCandidate() {
        Recommender recommender = recommender("explain", "true", "list-size", "50");
        recommender.swap(
                Target.of(checkpoint(1, 0, Verdict.PROMOTED), null),
                new TestingModel(1, "a", "b", "c", "last"));
        tell(recommender, popularity("a", 0, 9), popularity("b", 0, 2), catalog("new", 0, true));
        RecommendationRequest request =
                withExposures(request("r", HOUR, "b", "last"), HOUR - 10, "a", "b")
                        .withFollowers(
                                new FollowerCounts(new String[] {"f"}, new float[] {30}, 40));

        List<RecommendedItem> items = ask(recommender, request).items();

        double mean = items.stream().mapToDouble(RecommendedItem::score).average().orElseThrow();
        assertThat(itemIds(items)).contains("a", "b", "c", "f", "last", "new");
        assertThat(items)
                .allSatisfy(
                        item -> {
                            assertThat(item.contributions())
                                    .containsOnlyKeys(
                                            EnumSet.complementOf(EnumSet.of(Source.EXPLORATION)));
                            assertThat(sum(item)).isCloseTo(item.score() - mean, within(1e-4));
                        });
        assertThat(highest(items, Source.TRANSITION)).isEqualTo("f");
        assertThat(highest(items, Source.CATALOG)).isEqualTo("new");
        assertThat(given(items, "a", Source.EXPOSURE)).isNegative();
        assertThat(given(items, "c", Source.EXPOSURE)).isPositive();
        assertThat(given(items, "a", Source.POPULARITY))
                .isGreaterThan(given(items, "b", Source.POPULARITY));
    }

    @Test
    void whatIsAlikeInContentIsLearnedToMatterAndExplained() {
        Recommender recommender = recommender();
        for (String item : List.of("mug", "plate", "lamp", "had")) {
            tell(recommender, popularity(item, 0, 5));
        }
        tell(
                recommender,
                catalog("mug", 0, true, "", MUG),
                catalog("lamp", 0, true, "", LAMP),
                catalog("had", 0, true, "", CUP));
        for (int i = 0; i < 50; i++) {
            ask(recommender, withSeen(probe("p" + i, 10, "mug", "had"), "had"));
        }

        RecommendedItem first =
                ask(recommender, withSeen(request("r", 10, "had"), "had")).items().get(0);

        assertThat(first.itemId()).isEqualTo("mug");
        assertThat(first.source()).isEqualTo(Source.CONTENT);
        assertThat(first.because()).isEqualTo("had");
    }

    @Test
    void nothingIsExplainedUnlessAskedFor() {
        Recommender recommender = recommender();
        tell(recommender, popularity("a", 0, 9));

        assertThat(ask(recommender, request("r", 10)).items())
                .extracting(RecommendedItem::contributions)
                .containsExactly(Map.of());
    }

    @Test
    void theCapLeavesRoomForOtherCategories() {
        Recommender recommender = recommender("category-cap", "2");
        tell(
                recommender,
                catalog("mug1", 0, true, "kitchen"),
                catalog("mug2", 0, true, "kitchen"),
                catalog("mug3", 0, true, "kitchen"),
                catalog("lamp", 0, true, "light"),
                catalog("plain1", 0, true),
                catalog("plain2", 0, true));
        popular(recommender, "mug1", "mug2", "mug3", "plain1", "plain2", "unlisted", "lamp");

        assertThat(itemIds(ask(recommender, request("r", 10))))
                .containsExactly("mug1", "mug2", "plain1", "plain2");
        assertThat(itemIds(ask(recommender, probe("p", 10, "mug3", "plain2"))))
                .as("probes measure lists as users get them")
                .doesNotContain("mug3")
                .contains("mug1", "mug2");
    }

    @Test
    void cappedItemsFillAListThatWouldBeShort() {
        Recommender recommender = recommender("category-cap", "1");
        for (String mug : List.of("mug1", "mug2", "mug3")) {
            tell(recommender, catalog(mug, 0, true, "kitchen"));
        }
        tell(recommender, catalog("lamp", 0, true, "light"));
        popular(recommender, "mug1", "mug2", "mug3", "lamp");

        assertThat(itemIds(ask(recommender, request("r", 10))))
                .containsExactly("mug1", "lamp", "mug2", "mug3");
    }

    @Test
    void aMovedItemCountsInItsNewCategory() {
        Recommender recommender = recommender("category-cap", "1", "list-size", "2");
        tell(
                recommender,
                catalog("a", 0, true, "kitchen"),
                catalog("b", 0, true, "kitchen"),
                catalog("b", 5, true, "light"));
        popular(recommender, "a", "b", "c");

        assertThat(itemIds(ask(recommender, request("r", 10)))).containsExactly("a", "b");
    }

    @Test
    void diversityPutsWhatIsAlikeApart() {
        assertThat(itemIds(ask(described(recommender()), request("r", 10))))
                .containsExactly("mug", "cup", "lamp", "other");

        assertThat(itemIds(ask(described(recommender("diversity", "0.5")), request("r", 10))))
                .containsExactly("mug", "lamp", "other", "cup");
        assertThat(
                        itemIds(
                                ask(
                                        described(recommender("diversity", "0.5")),
                                        probe("p", 10, "x", "cup"))))
                .as("probes measure lists as users get them")
                .containsExactly("mug", "lamp", "other", "cup");
    }

    @Test
    void aLittleDiversityKeepsWhatIsMuchBetter() {
        Recommender recommender = recommender("diversity", "0.01");
        tell(recommender, catalog("mug", 0, true, "", MUG), catalog("cup", 0, true, "", CUP));
        popular(recommender, "mug", "cup", "lamp");

        assertThat(itemIds(ask(recommender, request("r", 10))))
                .containsExactly("mug", "cup", "lamp");
    }

    @Test
    void withoutContentTheModelsVectorsSayWhatIsAlike() {
        Recommender recommender = recommender("diversity", "0.5");
        TestingModel model = new TestingModel(1, "mug", "cup", "lamp");
        model.vectors = new float[] {9, 9, 2, 0, 1, 0.1f, 0, 1};
        recommender.swap(Target.of(checkpoint(1, 0, Verdict.PROMOTED), null), model);
        popular(recommender, "mug", "cup", "lamp");

        assertThat(itemIds(ask(recommender, request("r", 10))))
                .containsExactly("mug", "lamp", "cup");
    }

    @Test
    void whatIsAlikeIsAskedAgainWhenTheModelHasChanged() throws Exception {
        Recommender recommender = recommender("diversity", "0.5");
        TestingModel model = new TestingModel(1, "mug", "cup", "lamp");
        model.vectors = new float[] {9, 9, 2, 0, 1, 0.1f, 0, 1};
        recommender.swap(Target.of(checkpoint(1, 0, Verdict.PROMOTED), null), model);
        popular(recommender, "mug", "cup", "jug", "lamp");

        model.vectors = new float[] {9, 9, 2, 0, 0, 1, 2, 0.1f, 1, 0.1f};
        TestingModelSource log = new TestingModelSource("mug", "cup", "lamp");
        ModelUpdate update = log.append(TestingModelSource.version(1), 5, "jug");
        recommender.follow(
                Target.of(update, null),
                log.changes(update.parent(), update.revision()).orElseThrow().get(0));

        assertThat(itemIds(ask(recommender, request("r", 10))))
                .startsWith("mug", "cup")
                .contains("jug");
    }

    @Test
    void anItemThatWasShownInVainSinksAndComesBackWithTime() {
        Recommender recommender =
                recommender("exposure-penalty", "2", "exposure-half-life", "1 h", "list-size", "2");
        popular(recommender, "a", "b", "c");
        long shown = 10;

        assertThat(itemIds(ask(recommender, request("never shown", shown))))
                .containsExactly("a", "b");
        assertThat(
                        itemIds(
                                ask(
                                        recommender,
                                        withExposures(request("fresh", shown), shown, "a", "x"))))
                .containsExactly("b", "c");
        long later = shown + 8 * HOUR;
        tell(recommender, popularity("a", later, 100), popularity("b", later, 90));
        assertThat(itemIds(ask(recommender, withExposures(request("old", later), shown, "a"))))
                .containsExactly("a", "b");
    }

    @Test
    void anExposureCostsThePenaltyHalvedOncePerHalfLife() {
        Recommender recommender = recommender("exposure-penalty", "2", "exposure-half-life", "1 h");
        popular(recommender, "a", "b");
        long now = 3 * HOUR;
        float score = score(ask(recommender, request("plain", now)), "a");

        RecommendationRequest twice = withExposures(request("r", now), now - HOUR, "a", "a");
        assertThat(score(ask(recommender, twice), "a")).isCloseTo(score - 2, within(1e-4f));
        RecommendationRequest later = withExposures(request("r", now), now + HOUR, "a");
        assertThat(score(ask(recommender, later), "a")).isCloseTo(score - 2, within(1e-4f));
        assertThat(score(ask(recommender, later), "b"))
                .isEqualTo(score(ask(recommender, request("plain", now)), "b"));
    }

    @Test
    void unavailableItemsAreGoneWhateverTheModelKnowsAndUnknownOnesStay() {
        Recommender recommender = recommender("list-size", "50");
        recommender.swap(
                Target.of(checkpoint(1, 0, Verdict.PROMOTED), null),
                new TestingModel(1, "a", "b", "c"));
        popular(recommender, "a", "b", "nowhere listed");
        RecommendationRequest request =
                request("r", 20, "a")
                        .withFollowers(new FollowerCounts(new String[] {"a"}, new float[] {9}, 9));

        tell(recommender, catalog("a", 10, false));
        assertThat(itemIds(ask(recommender, request)))
                .containsExactlyInAnyOrder("b", "c", "nowhere listed");

        tell(recommender, catalog("a", 11, true));
        assertThat(itemIds(ask(recommender, request))).contains("a");
    }

    private static Recommender recommender(String... keysAndValues) {
        List<String> settings = new ArrayList<>(List.of("list-size", "4"));
        settings.addAll(List.of(keysAndValues));
        return new Recommender(
                HALF_LIVES,
                List.of(),
                LIMITS,
                TestingRecommendConfig.of(settings.toArray(String[]::new)),
                () -> 0,
                found -> {});
    }

    /** Two items that are alike, and two others, all about as popular. */
    private static Recommender described(Recommender recommender) {
        tell(
                recommender,
                catalog("mug", 0, true, "", MUG),
                catalog("cup", 0, true, "", CUP),
                catalog("lamp", 0, true, "", LAMP));
        popular(recommender, "mug", "cup", "lamp", "other");
        return recommender;
    }

    /** The items from the most popular to the least. */
    private static void popular(Recommender recommender, String... items) {
        for (int i = 0; i < items.length; i++) {
            tell(recommender, popularity(items[i], 0, 100 - 10f * i));
        }
    }

    private static void tell(Recommender recommender, RecommenderUpdate... updates) {
        for (RecommenderUpdate update : updates) {
            recommender.add(QueuedInput.of(update));
        }
    }

    private static RecommendationList ask(Recommender recommender, RecommendationRequest request) {
        List<RecommendationList> lists = new ArrayList<>();
        recommender.add(QueuedInput.of(request));
        recommender.flush(lists::add);
        return lists.get(0);
    }

    private static List<String> itemIds(List<RecommendedItem> items) {
        return items.stream().map(RecommendedItem::itemId).toList();
    }

    private static List<String> itemIds(RecommendationList list) {
        return TestingEvents.itemIds(list);
    }

    private static float score(RecommendationList list, String item) {
        return of(list.items(), item).score();
    }

    private static float given(List<RecommendedItem> items, String item, Source source) {
        return of(items, item).contributions().getOrDefault(source, Float.NaN);
    }

    private static RecommendedItem of(List<RecommendedItem> items, String item) {
        return items.stream().filter(i -> i.itemId().equals(item)).findFirst().orElseThrow();
    }

    private static String highest(List<RecommendedItem> items, Source source) {
        return items.stream()
                .map(RecommendedItem::itemId)
                .max(Comparator.comparing(item -> given(items, item, source)))
                .orElseThrow();
    }

    private static double sum(RecommendedItem item) {
        return item.contributions().values().stream().mapToDouble(Float::doubleValue).sum();
    }
}
