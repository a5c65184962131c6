package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.HALF_LIVES;
import static io.freshet.recommend.TestingEvents.LIMITS;
import static io.freshet.recommend.TestingEvents.asking;
import static io.freshet.recommend.TestingEvents.catalog;
import static io.freshet.recommend.TestingEvents.checkpoint;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.request;
import static io.freshet.recommend.TestingEvents.withExposures;
import static io.freshet.recommend.TestingEvents.withRejections;
import static io.freshet.recommend.TestingEvents.withSeen;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Attribute;
import io.freshet.event.EncodedItem;
import io.freshet.event.FollowerCounts;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationList.Path;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.query.ItemFilter;
import io.freshet.event.query.NumberRange;
import io.freshet.event.query.Occasion;
import io.freshet.event.query.Query;
import io.freshet.event.query.Query.Kind;
import io.freshet.event.query.Unanswered;
import io.freshet.recommend.TestingEvents;
import io.freshet.recommend.TestingModel;
import io.freshet.recommend.TestingRecommendConfig;
import io.freshet.recommend.model.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What somebody asked for, through the recommender. */
class QueriesTest {

    private static final List<String> ANY = List.of();
    private static final int MANY = 500;

    private final Recommender recommender =
            new Recommender(
                    HALF_LIVES,
                    List.of("price"),
                    LIMITS,
                    TestingRecommendConfig.of("list-size", "4", "candidates", "20"),
                    () -> 99,
                    found -> {});

    @Test
    void theAnswerHasTheIdKindAndSizeThatWereAskedFor() {
        shop();

        RecommendationList answer = ask(popular(7, ItemFilter.none()));

        assertThat(answer.requestId()).isEqualTo("r");
        assertThat(answer.kind()).isEqualTo(Kind.POPULAR);
        assertThat(answer.unanswered()).isNull();
        assertThat(ids(answer)).startsWith("item-0", "item-1").hasSize(7);
        assertThat(ids(ask(popular(0, ItemFilter.none())))).hasSize(4);
        assertThat(ids(ask(popular(2, ItemFilter.none())))).hasSize(2);
    }

    @Test
    void aCategoryThatNoPopularItemHasIsFoundByAnyOfAnItemsLabels() {
        shop();
        tell(item("rare-1", 3, "things", "rare"), popularity("rare-1", 0, 0.5f));
        tell(item("rare-2", 3, "things", "rare"));

        assertThat(ids(ask(popular(9, only("rare"))))).containsExactly("rare-1", "rare-2");
        assertThat(ids(ask(popular(9, without("even")))))
                .hasSize(9)
                .allSatisfy(each -> assertThat(each).matches("item-\\d*[13579]|rare-\\d"));
    }

    @Test
    void aRangeLeavesOutWhatLiesOutsideAndWhatHasNoNumber() {
        shop();
        tell(item("free of charge", Float.NaN, "odd"), popularity("free of charge", 0, 999));

        List<String> found = ids(ask(popular(9, priced(100, 103))));

        assertThat(found).containsExactly("item-100", "item-101", "item-102", "item-103");
    }

    @Test
    void aListIsMadeOfTheItemsThatWereNamedAlone() {
        shop();
        tell(catalog("gone", 0, false));

        ItemFilter named =
                new ItemFilter(
                        List.of("item-300", "item-7", "gone", "nothing"), ANY, ANY, ANY, List.of());

        assertThat(ids(ask(popular(9, named)))).containsExactly("item-7", "item-300");
    }

    @Test
    void itemsToLeaveOutAreLeftOutAndWhereNothingIsLeftItIsSaid() {
        shop();
        ItemFilter best = new ItemFilter(ANY, List.of("item-0"), ANY, ANY, List.of());

        assertThat(ids(ask(popular(2, best)))).containsExactly("item-1", "item-2");
        RecommendationList nothing = ask(popular(2, only("no such category")));
        assertThat(nothing.items()).isEmpty();
        assertThat(nothing.path()).isEqualTo(Path.UNANSWERED);
        assertThat(nothing.unanswered()).isEqualTo(Unanswered.NOTHING_LEFT);
    }

    @Test
    void similarIsWhatFollowsOrResemblesAnItemHoweverPopularOthersAre() {
        shop();
        tell(
                catalog("mug", 0, true, "", 1, 0, 0),
                catalog("cup", 0, true, "", 0.9f, 0.1f, 0),
                popularity("mug", 0, 1),
                popularity("cup", 0, 1),
                popularity("saucer", 0, 1));
        RecommendationRequest about =
                withSeen(request("any", 10, "mug"), "mug")
                        .withFollowers(
                                new FollowerCounts(new String[] {"saucer"}, new float[] {30}, 40));

        RecommendationList answer =
                ask(asking(about, query(Kind.SIMILAR_ITEMS, "", 4, ItemFilter.none(), "mug")));

        assertThat(ids(answer)).startsWith("saucer").doesNotContain("mug");
        RecommendedItem first = answer.items().get(0);
        assertThat(first.source()).isEqualTo(Source.TRANSITION);
        assertThat(first.because()).isEqualTo("mug");
        assertThat(first.contributions().get(Source.POPULARITY)).isZero();
        assertThat(first.contributions().get(Source.TRANSITION)).isPositive();
    }

    @Test
    void ofAnItemThatNobodyHasHeardOfItIsSaidSoAlsoIfOthersAskForIt() {
        shop();
        recommender.swap(
                Target.of(checkpoint(1, 0, Verdict.PROMOTED), null),
                new TestingModel(1, "only in the model"));
        List<RecommendationList> answers = new ArrayList<>();
        recommender.add(QueuedInput.of(request("asks for it", 10, "unknown")));
        recommender.add(QueuedInput.of(similarTo("unknown")));
        recommender.add(QueuedInput.of(similarTo("only in the model")));
        recommender.add(QueuedInput.of(similarTo("item-3")));

        recommender.flush(answers::add);

        assertThat(answers.get(1).unanswered()).isEqualTo(Unanswered.UNKNOWN_ITEM);
        assertThat(answers.get(2).unanswered()).isNotEqualTo(Unanswered.UNKNOWN_ITEM);
        assertThat(answers.get(3).items()).isNotEmpty();
    }

    @Test
    void whatTheUserRejectedIsLeftOutOfPopularItemsToo() {
        shop();
        RecommendationRequest request = withRejections(request("any", 10), 9, "item-0");

        RecommendationList answer =
                ask(asking(request, query(Kind.POPULAR, "u", 2, ItemFilter.none())));

        assertThat(ids(answer)).containsExactly("item-1", "item-2");
    }

    @Test
    void anExplainedListSaysWhatOfTheUserItWasMadeFromNewestFirst() {
        shop();
        RecommendationRequest about =
                withExposures(
                        withRejections(request("any", 10_000, "item-1", "item-2"), 8_500, "item-5"),
                        9_500,
                        "item-6");

        RecommendationList personal =
                ask(asking(about, query(Kind.PERSONAL, "u", 2, ItemFilter.none())));

        assertThat(personal.basis())
                .containsExactly(
                        new Occasion("item-6", 9_500, Occasion.Kind.EXPOSED),
                        new Occasion("item-2", 9_000, Occasion.Kind.CHOSEN),
                        new Occasion("item-5", 8_500, Occasion.Kind.REJECTED),
                        new Occasion("item-1", 8_000, Occasion.Kind.CHOSEN));
        assertThat(ask(asking(about, query(Kind.POPULAR, "u", 2, ItemFilter.none()))).basis())
                .isEmpty();
        assertThat(ask(about).basis()).isEmpty();
    }

    @Test
    void aLongHistoryIsNamedByItsEnd() {
        shop();
        String[] history = IntStream.range(0, 30).mapToObj(i -> "item-" + i).toArray(String[]::new);

        List<Occasion> basis =
                ask(asking(
                                request("any", 40_000, history),
                                query(Kind.PERSONAL, "u", 2, ItemFilter.none())))
                        .basis();

        assertThat(basis).hasSize(Occasion.MOST);
        assertThat(basis.get(0).itemId()).isEqualTo("item-29");
        assertThat(basis.get(19).itemId()).isEqualTo("item-10");
    }

    @Test
    void aListOfActivityIsAsBeforeAfterALongAnswer() {
        shop();
        ask(popular(9, only("odd")));

        RecommendationList list = ask(request("of activity", 10));

        assertThat(list.kind()).isNull();
        assertThat(list.requestId()).isEqualTo("of activity");
        assertThat(ids(list)).containsExactly("item-0", "item-1", "item-2", "item-3");
        assertThat(list.items().get(0).contributions()).isEmpty();
    }

    /** Items from the most popular to the least, priced by their number. */
    private void shop() {
        for (int i = 0; i < MANY; i++) {
            String name = "item-" + i;
            tell(item(name, i, "things", i % 2 == 0 ? "even" : "odd"));
            tell(popularity(name, 0, 1_000f - i));
        }
    }

    private static RecommenderUpdate item(String name, float price, String... categories) {
        List<Attribute> attributes =
                Float.isNaN(price) ? List.of() : List.of(Attribute.number("price", price));
        return RecommenderUpdate.of(
                new EncodedItem(name, "", true, 0, new float[0], List.of(categories), attributes));
    }

    private static RecommendationRequest popular(int size, ItemFilter filter) {
        return asking(request("any", 10), query(Kind.POPULAR, "", size, filter));
    }

    private static RecommendationRequest similarTo(String item) {
        return asking(
                withSeen(request("any", 10, item), item),
                query(Kind.SIMILAR_ITEMS, "", 4, ItemFilter.none(), item));
    }

    private static Query query(
            Kind kind, String user, int size, ItemFilter filter, String... items) {
        return new Query("r", kind, user, List.of(items), size, filter, true, 0, 0, 1, 2);
    }

    private static ItemFilter only(String category) {
        return new ItemFilter(ANY, ANY, List.of(category), ANY, List.of());
    }

    private static ItemFilter without(String category) {
        return new ItemFilter(ANY, ANY, ANY, List.of(category), List.of());
    }

    private static ItemFilter priced(float min, float max) {
        return new ItemFilter(ANY, ANY, ANY, ANY, List.of(new NumberRange("price", min, max)));
    }

    private void tell(RecommenderUpdate... updates) {
        for (RecommenderUpdate update : updates) {
            recommender.add(QueuedInput.of(update));
        }
    }

    private RecommendationList ask(RecommendationRequest request) {
        List<RecommendationList> lists = new ArrayList<>();
        recommender.add(QueuedInput.of(request));
        recommender.flush(lists::add);
        return lists.get(0);
    }

    private static List<String> ids(RecommendationList list) {
        return TestingEvents.itemIds(list);
    }
}
