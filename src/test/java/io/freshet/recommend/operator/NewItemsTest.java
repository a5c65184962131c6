package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.HALF_LIVES;
import static io.freshet.recommend.TestingEvents.catalog;
import static io.freshet.recommend.TestingEvents.checkpoint;
import static io.freshet.recommend.TestingEvents.itemIds;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import io.freshet.recommend.TestingModel;
import io.freshet.recommend.model.Target;
import io.freshet.recommend.rank.Features;
import io.freshet.recommend.rank.Likeness;
import io.freshet.recommend.rank.Segments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Items of which little is known, in lists and in probes. */
class NewItemsTest extends TestingRecommender {

    NewItemsTest() {
        super(recommender("candidates", "50"));
    }

    @Test
    void probesRankTheNewItemsThatListsRank() {
        live(1, 0, "a", "never bought");
        update(popularity("a", 0, 1));
        update(catalog("new", 0, true));
        ask(request("served", 10, "a"));
        ask(probe("probe", 10, "a", "a"));
        flush();

        assertThat(itemIds(lists.get(0))).containsExactlyInAnyOrder("a", "never bought", "new");
        assertThat(lists.get(0).items())
                .filteredOn(item -> item.itemId().equals("new"))
                .extracting(RecommendedItem::source)
                .containsExactly(Source.CATALOG);
        assertThat(lists.get(1).items()).isEqualTo(lists.get(0).items());
    }

    @Test
    void anItemIsNewForTheProbeOfItsFirstChoice() {
        update(popularity("a", 0, 1));
        update(catalog("new", 0, true));
        update(popularity("new", 20, 1));
        ask(probe("first", 20, "new", "a"));
        flush();

        assertThat(lists.get(0).items())
                .filteredOn(item -> item.itemId().equals("new"))
                .extracting(RecommendedItem::source)
                .containsExactly(Source.CATALOG);
    }

    @Test
    void whatNewItemsAreWorthIsLearned() {
        float wanted = learnNewness(true);
        float ignored = learnNewness(false);

        assertThat(wanted).isGreaterThan(0.5f);
        assertThat(ignored).isLessThan(0);
    }

    /** What being new adds to a score, after choices of the newest items, or else of others. */
    private static float learnNewness(boolean chosen) {
        Recommender learner = recommender("candidates", "50");
        learner.add(QueuedInput.of(popularity("a", 0, 9)));
        learner.add(QueuedInput.of(popularity("b", 0, 9)));
        for (int step = 0; step < 100; step++) {
            long time = 10 * step;
            learner.add(QueuedInput.of(catalog("new" + step, time, true)));
            String choice = chosen ? "new" + step : "a";
            learner.add(QueuedInput.of(popularity(choice, time + 5, 9 + step)));
            learner.add(QueuedInput.of(probe("p" + step, time + 5, choice, "b")));
            learner.flush(list -> {});
        }
        float[] weights = learner.weights().of(Segments.COUNT - 1);
        List<String> names =
                Arrays.asList(
                        new Features(HALF_LIVES, new Likeness(learner.table().catalog()), true)
                                .names());
        return weights[names.indexOf("newness")] + weights[names.indexOf("never-occurred")];
    }

    @Test
    void whereTheProtocolLeavesThemOutItemsThatNobodyChoseAreNeitherListedNorProbed() {
        Recommender strict = recommender("never-chosen", "false");
        strict.swap(
                Target.of(checkpoint(1, 0, Verdict.PROMOTED), null),
                new TestingModel(1, "a", "never bought"));
        strict.add(QueuedInput.of(popularity("a", 0, 1)));
        strict.add(QueuedInput.of(catalog("new", 0, true)));
        strict.add(QueuedInput.of(request("served", 10, "a")));
        strict.add(QueuedInput.of(probe("probe", 10, "a", "a")));
        strict.flush(lists::add);

        assertThat(itemIds(lists.get(0))).containsExactly("a");
        assertThat(itemIds(lists.get(1))).containsExactly("a");
    }

    @Test
    void newItemsGetTheirShareOfPlacesWithItsProbabilityAndProbesExploreNothing() {
        List<RecommendationList> first = explored(0.25f);
        List<RecommendationList> again = explored(0.25f);
        int places = 0;
        int drawn = 0;
        for (RecommendationList list : first) {
            assertThat(itemIds(list)).doesNotHaveDuplicates().hasSize(LIST_SIZE);
            for (RecommendedItem item : list.items()) {
                boolean explored = item.source() == Source.EXPLORATION;
                places++;
                drawn += explored ? 1 : 0;
                assertThat(item.itemId().startsWith("new")).isEqualTo(explored);
                assertThat(item.propensity()).isBetween(0.25f / 20, explored ? 0.25f / 18 : 0.75f);
            }
        }

        assertThat(drawn / (double) places).isCloseTo(0.25, within(0.04));
        assertThat(again).as("made again after a restart").isEqualTo(first);
        assertThat(explored(0))
                .flatExtracting(RecommendationList::items)
                .extracting(RecommendedItem::propensity)
                .containsOnly(1f);
    }

    /** 400 lists of three that would have no new item; probes between them must have none. */
    private static List<RecommendationList> explored(float share) {
        Recommender explorer = recommender("exploration-share", Float.toString(share));
        for (int i = 0; i < 20; i++) {
            explorer.add(QueuedInput.of(catalog("new" + i, 0, true)));
            explorer.add(QueuedInput.of(popularity("old" + i, 0, 1000)));
        }
        List<RecommendationList> made = new ArrayList<>();
        BatchReport report = new BatchReport();
        for (int i = 0; i < 400; i++) {
            explorer.add(QueuedInput.of(request("r" + i, 10, "old1")));
            explorer.add(QueuedInput.of(probe("p" + i, 10, "old2", "old1")));
            report = explorer.flush(made::add);
        }
        assertThat(made)
                .filteredOn(RecommendationList::isProbe)
                .flatExtracting(RecommendationList::items)
                .extracting(RecommendedItem::source)
                .doesNotContain(Source.EXPLORATION);
        assertThat(report.listed()).isEqualTo(LIST_SIZE);
        assertThat(report.newItems()).isEqualTo(report.explored());
        return made.stream().filter(list -> !list.isProbe()).toList();
    }
}
