package io.freshet.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.FollowerCounts;
import io.freshet.event.ItemPopularity;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RequestPart;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** Half-lives are 1000 ms; see {@link TestingItemContext}. */
class ItemContextFunctionTest {

    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final float ROUNDING = 1e-5f;

    @Test
    void aPartTakesAlongWhatFollowedItsItem() throws Exception {
        try (TestingItemContext items = TestingItemContext.start(INTERVAL)) {
            items.process(ItemSignal.followed("a", "x", 1000));
            items.process(ItemSignal.followed("a", "y", 1000));
            items.process(ItemSignal.followed("a", "y", 1000));
            items.process(ItemSignal.followed("a", "z", 1000));
            items.process(ItemSignal.followed("b", "elsewhere", 1000));

            items.ask(TestingRequests.request("ann", 2000, "a"));

            StreamRecord<RequestPart> record = only(items.partRecords());
            assertThat(record.getTimestamp()).isEqualTo(2000);
            assertThat(record.getValue().userId()).isEqualTo("ann");
            FollowerCounts followers = record.getValue().followers();
            assertThat(followers.items()).as("two candidates").containsExactly("y", "z");
            assertThat(followers.counts()).containsExactly(new float[] {1, 0.5f}, within(ROUNDING));
            assertThat(followers.total()).isCloseTo(2, within(ROUNDING));
        }
    }

    @Test
    void aPartPassesThroughWhenNothingIsKnownOfItsItem() throws Exception {
        try (TestingItemContext items = TestingItemContext.start(INTERVAL)) {
            RecommendationRequest unknown = TestingRequests.request("ann", 2000, "unknown");
            RecommendationRequest forget = RecommendationRequest.forget("f", "ann", 2000);

            items.ask(unknown);
            items.ask(forget);

            assertThat(items.partRecords())
                    .extracting(record -> record.getValue().request())
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(unknown, forget);
            assertThat(items.itemsWithFollowers()).as("asking leaves no state").isEmpty();
        }
    }

    @Test
    void tellsOfPopularityAtOnceAndThenOncePerInterval() throws Exception {
        try (TestingItemContext items = TestingItemContext.start(INTERVAL)) {
            items.process(ItemSignal.chosen("a", 1000));
            StreamRecord<ItemPopularity> first = only(items.updateRecords());
            assertThat(first.getTimestamp()).isEqualTo(1000);
            assertThat(first.getValue().itemId()).isEqualTo("a");
            assertThat(first.getValue().counts()).containsExactly(1);

            items.process(ItemSignal.chosen("a", 1010));
            items.process(ItemSignal.chosen("a", 1090));
            assertThat(items.updates()).isEmpty();
            assertThat(items.timers()).as("one for the rest").isEqualTo(1);

            items.process(ItemSignal.chosen("a", 1100));
            ItemPopularity second = only(items.updates());
            assertThat(second.timestamp()).isEqualTo(1100);
            assertThat(second.counts()[0]).isBetween(3.8f, 4f);
            assertThat(items.timers()).isZero();
        }
    }

    @Test
    void whatIsTakenBackIsToldLikeAChoice() throws Exception {
        try (TestingItemContext items = TestingItemContext.start(INTERVAL)) {
            ItemSignal chosen = ItemSignal.chosen("a", 1000, 0.5f);
            ItemSignal followed = ItemSignal.followed("a", "x", 1000, 0.5f);
            items.process(chosen);
            items.process(followed);
            items.updates();

            items.process(chosen.takenBack(2000));
            items.process(followed.takenBack(2000));

            ItemPopularity update = only(items.updates());
            assertThat(update.timestamp()).isEqualTo(2000);
            assertThat(update.counts()[0]).isCloseTo(0, within(ROUNDING));
            items.ask(TestingRequests.request("ann", 2000, "a"));
            assertThat(only(items.partRecords()).getValue().followers().total())
                    .isCloseTo(0, within(ROUNDING));
        }
    }

    @Test
    void takingBackFromAnItemThatHasExpiredLeavesNoState() throws Exception {
        try (TestingItemContext items = TestingItemContext.start(INTERVAL)) {
            items.process(ItemSignal.chosen("a", 1000).takenBack(2000));
            items.process(ItemSignal.followed("a", "x", 1000).takenBack(2000));

            assertThat(items.updates()).isEmpty();
            assertThat(items.itemsWithFollowers()).isEmpty();
        }
    }

    @Test
    void theLastPopularityIsToldWhenTheIntervalIsOver() throws Exception {
        try (TestingItemContext items = TestingItemContext.start(INTERVAL)) {
            items.process(ItemSignal.chosen("a", 1000));
            items.process(ItemSignal.chosen("a", 1000));
            items.updates();

            items.watermark(1099);
            assertThat(items.updates()).isEmpty();
            items.watermark(1100);
            ItemPopularity last = only(items.updates());
            assertThat(last.timestamp()).as("what the counts are valid at").isEqualTo(1000);
            assertThat(last.counts()).containsExactly(2);

            items.watermark(10_000);
            assertThat(items.updates()).isEmpty();
            assertThat(items.timers()).isZero();

            items.process(ItemSignal.chosen("a", 1150));
            assertThat(items.updates()).as("late, and long since the last").hasSize(1);
        }
    }

    @Test
    void anUpdateByTimerCountsForTheInterval() throws Exception {
        try (TestingItemContext items = TestingItemContext.start(INTERVAL)) {
            items.process(ItemSignal.chosen("a", 1000));
            items.process(ItemSignal.chosen("a", 1000));
            items.watermark(1100);
            items.updates();

            items.process(ItemSignal.chosen("a", 1150));
            assertThat(items.updates()).isEmpty();
            items.watermark(1200);
            assertThat(only(items.updates()).timestamp()).isEqualTo(1150);
        }
    }

    @Test
    void withoutAnIntervalEveryChoiceIsTold() throws Exception {
        try (TestingItemContext items = TestingItemContext.start(Duration.ZERO)) {
            items.process(ItemSignal.chosen("a", 1000));
            items.process(ItemSignal.chosen("a", 1000));
            items.process(ItemSignal.chosen("a", 0));

            List<ItemPopularity> updates = items.updates();
            assertThat(updates).extracting(ItemPopularity::timestamp).containsOnly(1000L);
            assertThat(updates)
                    .extracting(update -> update.counts()[0])
                    .containsExactly(1f, 2f, 2.5f);
            assertThat(items.timers()).isZero();
        }
    }

    @Test
    void statisticsAndDueUpdatesSurviveARestore() throws Exception {
        OperatorSubtaskState state;
        try (TestingItemContext items = TestingItemContext.start(INTERVAL)) {
            items.process(ItemSignal.chosen("a", 1000));
            items.process(ItemSignal.chosen("a", 1000));
            items.process(ItemSignal.followed("a", "x", 1000));
            state = items.snapshot();
        }
        try (TestingItemContext items = TestingItemContext.restore(INTERVAL, state)) {
            items.watermark(1100);
            assertThat(only(items.updates()).counts()).containsExactly(2);

            items.process(ItemSignal.followed("a", "x", 1000));
            items.ask(TestingRequests.request("ann", 1000, "a"));
            assertThat(only(items.partRecords()).getValue().followers().counts())
                    .containsExactly(2);
        }
    }

    @Test
    void expiredItemsAreForgottenAndTheirTimersDoNothing() throws Exception {
        try (TestingItemContext items = TestingItemContext.start(INTERVAL)) {
            items.timeToLiveClock(0);
            items.process(ItemSignal.chosen("a", 1000));
            items.process(ItemSignal.chosen("a", 1000));
            items.process(ItemSignal.followed("a", "x", 1000));
            items.updates();
            items.timeToLiveClock(TestingItemContext.TTL.toMillis() + 1);

            items.watermark(5_000);
            items.ask(TestingRequests.request("ann", 1000, "a"));

            assertThat(items.updates()).isEmpty();
            assertThat(only(items.partRecords()).getValue().followers().items()).isEmpty();
        }
    }

    @Test
    void stateHasOneEntryPerItemHoweverMuchHappens() throws Exception {
        try (TestingItemContext items = TestingItemContext.start(INTERVAL)) {
            for (int i = 0; i < 300; i++) {
                items.process(ItemSignal.chosen("i" + i % 4, i));
                items.process(ItemSignal.followed("i" + i % 2, "f" + i, i));
            }

            assertThat(items.itemsWithPopularity())
                    .containsExactlyInAnyOrder("i0", "i1", "i2", "i3");
            assertThat(items.itemsWithFollowers()).containsExactlyInAnyOrder("i0", "i1");
            assertThat(items.timers()).isLessThanOrEqualTo(4);
        }
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
