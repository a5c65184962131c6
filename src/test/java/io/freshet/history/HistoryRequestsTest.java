package io.freshet.history;

import static io.freshet.history.TestingInteractions.arrival;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.ItemHash;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RequestPart;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/**
 * When a request is made, and of what. Panes end at multiples of 100 ms; a history has 3 items; see
 * {@link TestingHistoryConfig}.
 */
class HistoryRequestsTest {

    private static final Duration DEBOUNCE = Duration.ofSeconds(1);

    @Test
    void probesSeeTheHistoryBeforeTheInteraction() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.probing(2, 2))) {
            history.interact("a", 10, 0);
            history.interact("b", 20, 1);
            history.signals();

            history.interact("c", 30, 2);

            List<StreamRecord<ItemSignal>> records = history.signalRecords();
            assertThat(records)
                    .extracting(record -> record.getValue().kind())
                    .containsExactly(
                            ItemSignal.Kind.ASKED,
                            ItemSignal.Kind.ASKED,
                            ItemSignal.Kind.FOLLOWED,
                            ItemSignal.Kind.CHOSEN);
            assertThat(records).allSatisfy(r -> assertThat(r.getTimestamp()).isEqualTo(30));
            assertThat(records)
                    .extracting(record -> record.getValue().itemId())
                    .as("to the last item, and the one before")
                    .startsWith("b", "a");
            RequestPart part = Objects.requireNonNull(records.get(0).getValue().part());
            RecommendationRequest probe = Objects.requireNonNull(part.request());
            assertThat(probe.probeItem()).isEqualTo("c");
            assertThat(probe.items()).containsExactly("a", "b");
            assertThat(probe.timestamp()).isEqualTo(30);
        }
    }

    @Test
    void aBurstOfActivityMakesOneRequestWhenTheDebounceIsOver() throws Exception {
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(DEBOUNCE))) {
            history.processingTime(5_000);
            history.interact("a", 10, 0);
            history.processingTime(5_900);
            history.interact("b", 20, 1);
            assertThat(history.processingTimeTimers()).isEqualTo(1);
            assertThat(history.requests()).isEmpty();

            history.processingTime(6_000);
            RecommendationRequest first = only(history.requests());
            assertThat(first.requestId()).isEqualTo("ann:0:1");
            assertThat(first.items()).containsExactly("a", "b");
            assertThat(first.arrivedAt())
                    .as("of the one that has waited longest")
                    .isEqualTo(arrival(0));
            history.processingTime(60_000);
            assertThat(history.requests()).isEmpty();

            history.interact("c", 30, 2);
            history.processingTime(61_000);
            RecommendationRequest next = only(history.requests());
            assertThat(next.requestId()).isEqualTo("ann:0:2");
            assertThat(next.arrivedAt()).isEqualTo(arrival(2));
        }
    }

    @Test
    void withoutDebounceEachInteractionAsksAfterItWasApplied() throws Exception {
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(Duration.ZERO))) {
            history.interact("a", 10, 0);

            List<StreamRecord<ItemSignal>> records = history.signalRecords();
            assertThat(records)
                    .extracting(record -> record.getValue().kind())
                    .containsExactly(ItemSignal.Kind.CHOSEN, ItemSignal.Kind.ASKED);
            assertThat(records.get(1).getValue().itemId()).isEqualTo("a");
            assertThat(records.get(1).getTimestamp()).isEqualTo(10);
            assertThat(history.processingTimeTimers()).isZero();
        }
    }

    @Test
    void requestsCarryAllSeenItemsWhenItemsAreConsumedOnce() throws Exception {
        try (TestingHistory history = TestingHistory.start(TestingHistoryConfig.consumingOnce())) {
            for (int i = 0; i < 5; i++) {
                history.interact("i" + i, i, i);
            }
            history.requests();

            history.interact("i0", 10, 10);

            RecommendationRequest live = only(history.requests());
            assertThat(live.isProbe()).as("had before, so not probed").isFalse();
            assertThat(live.items()).hasSize(TestingHistoryConfig.LENGTH);
            assertThat(live.seen()).isSorted().hasSize(5).contains(ItemHash.of("i0"));

            history.interact("new", 20, 20);
            List<RecommendationRequest> requests = history.requests();
            assertThat(requests.get(0).probeItem()).isEqualTo("new");
            assertThat(requests.get(0).seen()).doesNotContain(ItemHash.of("new"));
            assertThat(requests.get(1).seen()).contains(ItemHash.of("new"));
        }
    }

    @Test
    void itemsOfATimeBeforeTheyWereConsumedOnceAreLeftOutToo() throws Exception {
        OperatorSubtaskState before;
        try (TestingHistory history =
                TestingHistory.start(TestingHistoryConfig.serving(Duration.ZERO))) {
            history.interact("a", 10, 0);
            history.interact("b", 11, 1);
            before = history.snapshot();
        }
        try (TestingHistory history =
                TestingHistory.restore(TestingHistoryConfig.consumingOnce(), before)) {
            history.interact("b", 12, 2);
            assertThat(only(history.requests()).isProbe()).as("had before").isFalse();

            history.interact("c", 13, 3);
            assertThat(history.requests())
                    .last()
                    .satisfies(
                            live ->
                                    assertThat(live.seen())
                                            .isSorted()
                                            .containsExactlyInAnyOrder(
                                                    ItemHash.of("a"),
                                                    ItemHash.of("b"),
                                                    ItemHash.of("c")));
        }
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
