package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.model.TestingModelRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A user's lists, each made of one interaction more, as feedback of all kinds changes them. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FeedbackITCase {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final String USER = "ann";
    private static final long FIRST = 1_700_000_000_000L;

    private static final CatalogItem LAMP =
            new CatalogItem("lamp", "Lamp", "", List.of(), true, FIRST, Map.of());
    private static final Control OF_ANOTHER = Control.forget("f-1", "bob", FIRST);

    private final List<Interaction> interactions = new ArrayList<>();

    @Test
    void aReturnTakesTheItemOutOfTheNextListAndAnotherPurchaseBringsItBack() throws Exception {
        act("purchase", "tea");
        act("purchase", "mug");
        act("return", "tea");
        act("purchase", "pot");
        act("purchase", "tea");

        List<List<String>> lists = lists();

        assertThat(lists.get(1)).contains("tea", "mug");
        assertThat(lists.get(2)).contains("mug").doesNotContain("tea");
        assertThat(lists.get(3)).contains("mug", "pot").doesNotContain("tea");
        assertThat(lists.get(4)).contains("tea", "mug", "pot");
    }

    @Test
    void aHideTakesTheItemOutOfTheNextListAndALookDoesNotBringItBack() throws Exception {
        act("view", "tea");
        act("view", "mug");
        act("hide", "tea");
        act("look", "tea");

        List<List<String>> lists = lists();

        assertThat(lists.get(1)).contains("tea", "mug");
        assertThat(lists.get(2)).contains("mug").doesNotContain("tea");
        assertThat(lists.get(3)).contains("mug").doesNotContain("tea");
    }

    @Test
    void aLowRatingTakesTheItemOutOfTheNextListAndAHighOneBringsItBack() throws Exception {
        rate("tea", 5);
        rate("mug", 4);
        rate("tea", 1);
        rate("tea", 4);

        List<List<String>> lists = lists();

        assertThat(lists.get(1)).contains("tea", "mug");
        assertThat(lists.get(2)).contains("mug").doesNotContain("tea");
        assertThat(lists.get(3)).contains("mug", "tea");
    }

    private void act(String type, String item) {
        add(type, item, Float.NaN);
    }

    private void rate(String item, float rating) {
        add("rating", item, rating);
    }

    private void add(String type, String item, float rating) {
        int row = interactions.size();
        interactions.add(
                new Interaction("e-" + row, USER, item, type, rating, FIRST + 1000L * row, 0, row));
    }

    /** Items of the list after each interaction. */
    private List<List<String>> lists() throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        var eventTime =
                WatermarkStrategy.<Interaction>forMonotonousTimestamps()
                        .withTimestampAssigner((interaction, unused) -> interaction.timestamp());
        JobTopology.Outputs outputs =
                JobTopology.build(
                        config(),
                        new TestingModelRuntime(),
                        new JobTopology.Inputs(
                                env.fromData(interactions, TypeInformation.of(Interaction.class))
                                        .assignTimestampsAndWatermarks(eventTime),
                                env.fromData(TypeInformation.of(CatalogItem.class), LAMP),
                                env.fromData(TypeInformation.of(Control.class), OF_ANOTHER)));
        Map<Long, List<String>> lists = new TreeMap<>();
        try (CloseableIterator<RecommendationList> found = outputs.lists().executeAndCollect()) {
            found.forEachRemaining(
                    list ->
                            lists.put(
                                    list.offset(),
                                    list.items().stream().map(RecommendedItem::itemId).toList()));
        }
        lists.remove(-1L); // the answer to the control
        assertThat(lists).hasSameSizeAs(interactions);
        return List.copyOf(lists.values());
    }

    private static FreshetConfig config() {
        return FreshetConfig.from(
                Configuration.fromMap(
                        Map.of(
                                "store.path", "file:///nowhere",
                                "encoder.enabled", "false",
                                "training.enabled", "false",
                                "history.debounce", "0 s",
                                "feedback.weights", "purchase:1,view:0.2,look:0",
                                "feedback.negative-types", "return;hide",
                                "feedback.negative-below", "2",
                                "feedback.context-below", "3")));
    }
}
