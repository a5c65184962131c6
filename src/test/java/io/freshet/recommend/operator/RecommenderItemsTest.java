package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.HALF_LIVES;
import static io.freshet.recommend.TestingEvents.catalog;
import static io.freshet.recommend.TestingEvents.itemIds;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.request;
import static io.freshet.recommend.TestingEvents.withExposures;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.FollowerCounts;
import io.freshet.event.ModelRevision;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.model.FloatTensor;
import io.freshet.model.WeightChanges;
import io.freshet.recommend.TestingModel;
import io.freshet.recommend.TestingRecommendConfig;
import io.freshet.recommend.item.ItemLimits;
import io.freshet.recommend.item.ItemTable;
import io.freshet.recommend.model.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which items a recommender keeps, and what lists are made of as items come and go. */
class RecommenderItemsTest {

    private static final long TTL = 100_000;
    private static final int MOST = 16;

    private final Recommender recommender =
            new Recommender(
                    HALF_LIVES,
                    List.of(),
                    new ItemLimits(MOST, TTL, TTL),
                    TestingRecommendConfig.of("list-size", "20", "diversity", "0.1"),
                    () -> 0,
                    found -> {});
    private final List<RecommendationList> lists = new ArrayList<>();

    @Test
    void ids_that_were_only_asked_about_leave_nothing_behind() {
        update(popularity("known", 0, 1));
        for (int i = 0; i < 1_000; i++) {
            FollowerCounts followers =
                    new FollowerCounts(new String[] {"follower" + i}, new float[] {1}, 1);
            RecommendationRequest asked =
                    withExposures(request("r" + i, 10, "known", "had" + i), 9, "shown" + i);
            recommender.add(QueuedInput.of(asked.withFollowers(followers)));
            recommender.add(QueuedInput.of(probe("p" + i, 10, "chosen" + i, "had" + i)));
            if (i % 10 == 9) {
                recommender.flush(lists::add);
            }
        }

        assertThat(recommender.table().items()).isEqualTo(1);
        assertThat(recommender.table().size()).isLessThan(100);
        assertThat(itemIds(lists.get(0))).contains("known", "had0", "follower0");
    }

    @Test
    void an_item_that_expires_within_a_batch_is_in_no_later_list_of_it() {
        update(popularity("old", 0, 1));
        update(popularity("young", TTL / 2, 1));
        recommender.add(QueuedInput.of(request("before", TTL - 1)));
        recommender.add(QueuedInput.of(request("after", TTL + 1)));
        recommender.add(QueuedInput.of(popularity("newcomer", TTL + 2, 1)));
        recommender.add(QueuedInput.of(request("last", TTL + 3)));
        recommender.flush(lists::add);

        assertThat(itemIds(lists.get(0))).containsExactlyInAnyOrder("old", "young");
        assertThat(itemIds(lists.get(1))).containsExactly("young");
        assertThat(itemIds(lists.get(2))).containsExactlyInAnyOrder("young", "newcomer");
    }

    @Test
    void an_index_that_a_model_had_a_row_for_is_scored_as_its_next_item() {
        TestingModel first = new TestingModel(1, "a", "b");
        recommender.swap(Target.of(ModelRevision.ofVersion(1, null), 0, 0), first);
        assertThat(recommender.table().items()).isEqualTo(2);
        int ofB = recommender.table().indexOf("b");
        recommender.follow(
                Target.of(ModelRevision.ofVersion(1, null).after(1, "x"), 0, 0),
                changes(3, new int[] {2}, "c"));
        update(popularity("stranger", 5, 1));
        recommender.add(QueuedInput.of(request("r", 10, "a")));
        recommender.flush(lists::add);
        update(popularity("other stranger", 11, 1));

        ItemTable table = recommender.table();
        assertThat(itemIds(lists.get(0))).containsExactlyInAnyOrder("a", "c", "stranger");
        assertThat(table.indexOf("b")).isEqualTo(ItemTable.NONE);
        assertThat(List.of(table.indexOf("stranger"), table.indexOf("other stranger")))
                .contains(ofB);
        recommender.swap(
                Target.of(ModelRevision.ofVersion(2, null), 0, 0), new TestingModel(2, "other"));
        assertThat(table.items()).as("strangers, and the model's").isEqualTo(3);
    }

    @Test
    void the_model_still_leaves_out_what_was_withdrawn_long_ago() {
        TestingModel model = new TestingModel(1, "a", "b");
        recommender.swap(Target.of(ModelRevision.ofVersion(1, null), 0, 0), model);
        update(catalog("b", 0, false));
        for (int i = 0; i < 10 * MOST; i++) {
            update(popularity("item" + i, 3 * TTL + i, 1));
        }
        recommender.add(QueuedInput.of(request("r", 4 * TTL, "a")));
        recommender.flush(lists::add);

        assertThat(itemIds(lists.get(0))).contains("a").doesNotContain("b").hasSize(MOST + 1);
    }

    private static WeightChanges changes(int rows, int[] renamed, String... itemIds) {
        FloatTensor none = new FloatTensor(new long[] {0, 0}, new float[0]);
        return new WeightChanges(
                rows,
                renamed,
                itemIds,
                renamed,
                none,
                renamed,
                new TreeMap<>(),
                new TreeMap<>(Map.of("offset", new FloatTensor(new long[0], new float[1]))));
    }

    private void update(RecommenderUpdate update) {
        recommender.add(QueuedInput.of(update));
    }
}
