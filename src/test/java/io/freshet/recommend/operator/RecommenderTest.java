package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.HALF_LIVES;
import static io.freshet.recommend.TestingEvents.LIMITS;
import static io.freshet.recommend.TestingEvents.catalog;
import static io.freshet.recommend.TestingEvents.checkpoint;
import static io.freshet.recommend.TestingEvents.itemIds;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.request;
import static io.freshet.recommend.TestingEvents.withAttributes;
import static io.freshet.recommend.TestingEvents.withSeen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.RecommendConfig.RecommendSource;
import io.freshet.event.FollowerCounts;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationList.Path;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import io.freshet.event.RecommenderUpdate;
import io.freshet.recommend.TestingModel;
import io.freshet.recommend.TestingRecommendConfig;
import io.freshet.recommend.model.Target;
import io.freshet.recommend.model.UnfitModelException;
import io.freshet.recommend.rank.Features;
import io.freshet.recommend.rank.Segments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RecommenderTest extends TestingRecommender {

    RecommenderTest() {
        super(recommender(RecommendSource.values()));
    }

    @Test
    void aListIsMadeOfWhatCameBeforeItsRequestEvenWithinABatch() {
        update(popularity("a", 0, 1));
        ask(probe("before", 10, "b", "a"));
        update(popularity("b", 20, 100));
        ask(probe("after", 30, "b", "a"));
        flush();

        assertThat(itemIds(lists.get(0))).containsExactly("a");
        assertThat(itemIds(lists.get(1))).containsExactly("b", "a");
    }

    @Test
    void listsDoNotDependOnHowRequestsAreBatched() {
        List<QueuedInput> elements = scenario(new Random(3));

        List<List<String>> oneByOne = run(elements, 1);
        assertThat(run(elements, 7)).isEqualTo(oneByOne);
        assertThat(run(elements, 64)).isEqualTo(oneByOne);
        assertThat(oneByOne).hasSizeGreaterThan(100);
    }

    @Test
    void theModelIsAskedOncePerBatch() {
        TestingModel model = live(1, "a", "b", "c");
        for (int i = 0; i < 5; i++) {
            ask(request("r" + i, i, "a"));
        }
        flush();

        assertThat(model.calls).isEqualTo(1);
        assertThat(model.scored).isEqualTo(5);
        assertThat(lists).hasSize(5);
    }

    @Test
    void theModelComputesFewMoreColumnsThanTheLongestKnownHistoryHas() {
        TestingModel model = live(1, "a", "b", "c");
        String[] known = Collections.nCopies(9, "a").toArray(String[]::new);
        String[] tooLong = Collections.nCopies(TestingModel.LENGTH, "a").toArray(String[]::new);
        tooLong[0] = "unknown";

        ask(request("short", 1, "b"));
        ask(request("longer", 1, known));
        flush();
        assertThat(model.columns).isBetween(known.length, 2 * known.length);
        assertThat(model.lastItems).containsExactly(2, 1);

        ask(request("long", 1, tooLong));
        flush();
        assertThat(model.columns).isEqualTo(TestingModel.LENGTH);
    }

    @Test
    void attributesGoWithTheItemsThatTheModelHas() {
        TestingModel model = live(1, "a", "b", "c");

        ask(withAttributes(request("r1", 1, "a", "?", "b"), new int[][] {{1}, {2}, {3, 4}}));
        ask(request("r2", 1, "c"));
        flush();

        assertThat(model.attributes.width()).isEqualTo(2);
        assertThat(Arrays.copyOf(model.attributes.hashes(), 6)).containsExactly(1, 0, 3, 4, 0, 0);
        assertThat(model.attributes.hashes()).hasSize(2 * model.columns * 2);
    }

    @Test
    void aModelThatKnowsTheHistoryMakesAPersonalList() {
        TestingModel model = live(2, "a", "b", "c", "d", "e");
        ask(request("r", 10, "a", "c"));
        flush();

        RecommendationList list = lists.get(0);
        assertThat(list.path()).isEqualTo(Path.PERSONAL);
        assertThat(list.modelVersion()).isEqualTo(2);
        assertThat(list.trainedThrough()).isEqualTo(20);
        assertThat(list.servedAt()).isEqualTo(NOW);
        assertThat(list.arrivedAt()).isEqualTo(17);
        assertThat(list.items()).hasSize(LIST_SIZE);
        assertThat(list.items()).extracting(RecommendedItem::source).contains(Source.MODEL);
        assertThat(model.calls).isEqualTo(1);
    }

    @Test
    void theModelAloneListsItsOwnBestAndNothingElse() {
        Recommender alone = recommender(RecommendSource.MODEL);
        TestingModel model = new TestingModel(2, "a", "b");
        alone.swap(Target.of(checkpoint(2, 0, Verdict.PROMOTED), null), model);
        List<String> best =
                model.score(1, 1) > model.score(1, 2) ? List.of("a", "b") : List.of("b", "a");
        alone.add(QueuedInput.of(popularity(best.get(1), 0, 1000)));
        alone.add(QueuedInput.of(request("known", 10, "a")));
        alone.add(QueuedInput.of(request("unknown", 10, "unheard")));
        alone.add(QueuedInput.of(popularity("new", 11, 1000)));
        alone.add(QueuedInput.of(request("later", 12, "a")));
        alone.flush(lists::add);

        assertThat(itemIds(lists.get(0))).isEqualTo(best);
        assertThat(lists.get(1).items()).as("nothing to say of a strange history").isEmpty();
        assertThat(itemIds(lists.get(2))).as("items that occur on the walk").isEqualTo(best);
    }

    @Test
    void countsAloneNeverAskTheModel() {
        Recommender alone = recommender(RecommendSource.COUNTS);
        TestingModel model = new TestingModel(2, "a", "b", "c", "d", "e");
        alone.swap(Target.of(checkpoint(2, 0, Verdict.PROMOTED), null), model);
        alone.add(QueuedInput.of(popularity("few", 0, 1)));
        alone.add(QueuedInput.of(popularity("many", 0, 9)));
        alone.add(QueuedInput.of(request("r", 10, "a")));
        alone.flush(lists::add);

        assertThat(model.calls).isZero();
        assertThat(lists.get(0).path()).isEqualTo(Path.COLD_START);
        assertThat(itemIds(lists.get(0))).startsWith("many", "few");
        assertThat(lists.get(0).items())
                .extracting(RecommendedItem::source)
                .doesNotContain(Source.MODEL);
    }

    @Test
    void withoutAModelPopularityAnswers() {
        update(popularity("few", 0, 1));
        update(popularity("many", 0, 9));
        ask(request("r", 10));
        flush();

        RecommendationList list = lists.get(0);
        assertThat(itemIds(list)).containsExactly("many", "few");
        assertThat(list.path()).isEqualTo(Path.COLD_START);
        assertThat(list.modelVersion()).isZero();
        assertThat(list.trainedThrough()).isEqualTo(-1);
        assertThat(list.items()).extracting(RecommendedItem::source).contains(Source.POPULARITY);
    }

    @Test
    void aHistoryThatTheModelDoesNotKnowIsAColdStart() {
        TestingModel model = live(4, "a", "b");
        update(popularity("many", 0, 9));
        ask(request("r", 10, "unheard"));
        flush();

        assertThat(lists.get(0).path()).isEqualTo(Path.COLD_START);
        assertThat(lists.get(0).modelVersion()).isEqualTo(4);
        assertThat(itemIds(lists.get(0))).contains("many");
        assertThat(model.calls).isZero();
    }

    @Test
    void nothingKnownAtAllIsAnEmptyList() {
        ask(request("r", 10));
        flush();

        assertThat(lists.get(0).items()).isEmpty();
        assertThat(lists.get(0).path()).isEqualTo(Path.COLD_START);
    }

    @Test
    void aForgottenUserGetsAnEmptyListInOrder() {
        update(popularity("a", 0, 1));
        ask(request("first", 10));
        ask(RecommendationRequest.forget("second", "u", 20));
        ask(request("third", 30));
        flush();

        assertThat(lists)
                .extracting(RecommendationList::requestId)
                .containsExactly("first", "second", "third");
        assertThat(lists.get(1).path()).isEqualTo(Path.FORGOTTEN);
        assertThat(lists.get(1).items()).isEmpty();
    }

    @Test
    void listsLeaveOutWhatTheUserHadOfThingsConsumedOnce() {
        live(1, "a", "b", "c");
        for (String item : List.of("a", "b", "c", "d")) {
            update(popularity(item, 0, 1));
        }
        ask(withSeen(request("r", 10, "a", "b"), "a", "b"));
        flush();

        assertThat(itemIds(lists.get(0))).containsExactlyInAnyOrder("c", "d");
    }

    @Test
    void listsRepeatWhatTheUserHadOtherwise() {
        ask(request("r", 10, "a", "b"));
        flush();

        assertThat(itemIds(lists.get(0))).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void listsLeaveOutWhatIsNotAvailableFromThenOn() {
        live(1, "a", "b", "c");
        update(popularity("a", 0, 1));
        ask(request("before", 10, "a"));
        update(catalog("a", 20, false));
        ask(request("off", 30, "a"));
        update(catalog("a", 40, true));
        ask(request("on again", 50, "a"));
        flush();

        assertThat(itemIds(lists.get(0))).contains("a");
        assertThat(itemIds(lists.get(1))).doesNotContain("a").hasSize(2);
        assertThat(itemIds(lists.get(2))).contains("a");
    }

    @Test
    void followersAnswerBeforeTheirPopularityIsKnownAndAreExplainedByTheLastItem() {
        update(popularity("many", 0, 9));
        ask(
                probe("r", 10, "f", "x", "last")
                        .withFollowers(
                                new FollowerCounts(new String[] {"f"}, new float[] {50}, 50)));
        flush();

        RecommendedItem first = lists.get(0).items().get(0);
        assertThat(first.itemId()).isEqualTo("f");
        assertThat(first.source()).isEqualTo(Source.TRANSITION);
        assertThat(first.because()).isEqualTo("last");
    }

    @Test
    void whatFollowedAnEarlierItemIsExplainedByThatOne() {
        update(popularity("many", 0, 9));
        FollowerCounts nothing = FollowerCounts.none();
        FollowerCounts one = new FollowerCounts(new String[] {"f"}, new float[] {50}, 50);
        for (int i = 0; i < 50; i++) {
            ask(probe("r" + i, 10, "f", "x", "y", "z").withFollowers(nothing, one));
            flush();
        }

        RecommendedItem first = lists.get(49).items().get(0);
        assertThat(first.itemId()).isEqualTo("f");
        assertThat(first.source()).isEqualTo(Source.TRANSITION);
        assertThat(first.because()).isEqualTo("y");
    }

    @Test
    void aProbeIsLearnedFromOnlyAfterItsList() {
        for (String item : List.of("a", "b")) {
            update(popularity(item, 0, 5));
        }
        float[] before = recommender.weights().of(6).clone();
        ask(
                probe("p", 10, "f", "a")
                        .withFollowers(
                                new FollowerCounts(new String[] {"f"}, new float[] {50}, 50)));
        ask(
                probe("q", 10, "f", "a")
                        .withFollowers(
                                new FollowerCounts(new String[] {"f"}, new float[] {50}, 50)));
        flush();

        float p = lists.get(0).items().get(0).score();
        float q = lists.get(1).items().get(0).score();
        assertThat(recommender.weights().of(6)[Features.TRANSITION])
                .isGreaterThan(before[Features.TRANSITION]);
        assertThat(itemIds(lists.get(0))).startsWith("f");
        assertThat(q).isNotEqualTo(p);
    }

    @Test
    void theSourceThatTellsTheChoiceGainsWeight() {
        float transitions = learn(true)[Features.TRANSITION];
        float popularity = learn(false)[Features.TRANSITION];

        assertThat(transitions).isGreaterThan(1);
        assertThat(popularity).isLessThan(0.4f);
    }

    @Test
    void recentPopularityGainsWeightWhenChoicesFollowIt() {
        float[] transitions = learn(true);
        float[] popularity = learn(false);
        int recent = Features.POPULARITY + 1;

        assertThat(popularity[recent]).isGreaterThan(transitions[recent] + 0.3f);
    }

    @Test
    void aSwapFreesTheVersionBeforeAndNeedsAnEmptyQueue() {
        TestingModel first = live(1, "a");
        ask(request("r", 10, "a"));
        Target second = Target.of(checkpoint(2, 0, Verdict.PROMOTED), null);
        TestingModel next = new TestingModel(2, "a");
        assertThatThrownBy(() -> recommender.swap(second, next))
                .hasMessageContaining("flush first");
        flush();

        recommender.swap(second, next);

        assertThat(first.closed).isTrue();
        assertThat(recommender.liveVersion()).isEqualTo(2);
    }

    @Test
    void aModelThatScoresNaNIsDroppedAndListsAreMadeWithoutIt() {
        List<UnfitModelException> dropped = new ArrayList<>();
        Recommender recommender =
                new Recommender(
                        HALF_LIVES,
                        List.of(),
                        LIMITS,
                        TestingRecommendConfig.of(),
                        () -> NOW,
                        dropped::add);
        TestingModel model = new TestingModel(3, Float.NaN, "a");
        recommender.swap(Target.of(checkpoint(3, 0, Verdict.PROMOTED), null), model);
        recommender.add(QueuedInput.of(popularity("many", 0, 9)));
        recommender.add(QueuedInput.of(request("r", 10, "a")));
        recommender.flush(lists::add);

        assertThat(lists.get(0).path()).isEqualTo(Path.COLD_START);
        assertThat(lists.get(0).modelVersion()).isZero();
        assertThat(itemIds(lists.get(0))).contains("many");
        assertThat(model.closed).isTrue();
        assertThat(dropped)
                .singleElement()
                .satisfies(found -> assertThat(found).hasMessageContaining("Version 3"));
    }

    @Test
    void reportsWhatABatchWasLike() {
        live(1, "a", "b");
        update(popularity("a", 0, 1));
        ask(request("cold", 10));
        ask(probe("hit", 10, "a", "a"));
        ask(probe("miss", 10, "zzz", "a"));

        BatchReport report = recommender.flush(lists::add);

        assertThat(report.requests()).isEqualTo(3);
        assertThat(report.coldStarts()).isEqualTo(1);
        assertThat(report.probes()).isEqualTo(2);
        assertThat(report.hits()).isEqualTo(1);
    }

    /** Weights after choices that follow transitions, or else popularity of the last minute. */
    private static float[] learn(boolean byTransition) {
        Recommender learner = recommender(RecommendSource.values());
        Random random = new Random(5);
        for (int i = 0; i < 20; i++) {
            learner.add(QueuedInput.of(popularity("i" + i, 0, 1 + random.nextInt(5))));
        }
        long time = 0;
        for (int step = 0; step < 400; step++) {
            time += 120_000;
            String hot = "i" + random.nextInt(20);
            String follower = "i" + random.nextInt(20);
            learner.add(
                    QueuedInput.of(
                            RecommenderUpdate.of(
                                    new io.freshet.event.ItemPopularity(
                                            hot, time, new float[] {30, 3}))));
            RecommendationRequest asked =
                    probe("p" + step, time + 1, byTransition ? follower : hot, "last")
                            .withFollowers(
                                    new FollowerCounts(
                                            new String[] {follower}, new float[] {30}, 40));
            learner.add(QueuedInput.of(asked));
            learner.flush(list -> {});
        }
        return learner.weights().of(Segments.COUNT - 1).clone();
    }

    private static List<QueuedInput> scenario(Random random) {
        List<QueuedInput> elements = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String item = "i" + random.nextInt(15);
            String other = "i" + random.nextInt(15);
            elements.add(
                    switch (random.nextInt(4)) {
                        case 0 -> QueuedInput.of(request("r" + i, i * 1000L, item, other));
                        case 1 ->
                                QueuedInput.of(
                                        probe("p" + i, i * 1000L, item, other)
                                                .withFollowers(
                                                        new FollowerCounts(
                                                                new String[] {item},
                                                                new float[] {random.nextInt(9)},
                                                                20)));
                        default -> QueuedInput.of(popularity(item, i * 1000L, random.nextInt(20)));
                    });
        }
        return elements;
    }

    private static List<List<String>> run(List<QueuedInput> elements, int batchSize) {
        Recommender runner = recommender(RecommendSource.values());
        runner.swap(
                Target.of(checkpoint(1, 0, Verdict.PROMOTED), null),
                new TestingModel(1, "i1", "i2", "i3", "i4", "i5"));
        List<List<String>> answers = new ArrayList<>();
        for (QueuedInput element : elements) {
            runner.add(element);
            if (runner.waiting() == batchSize) {
                runner.flush(list -> answers.add(itemIds(list)));
            }
        }
        runner.flush(list -> answers.add(itemIds(list)));
        return answers;
    }

    private static Recommender recommender(RecommendSource... of) {
        String sources = Arrays.stream(of).map(Enum::name).collect(Collectors.joining(";"));
        return recommender("candidates", "50", "sources", sources);
    }

    private TestingModel live(long version, String... items) {
        return live(version, 0, items);
    }
}
