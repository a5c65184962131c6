package io.freshet.item;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.FollowerCounts;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RequestPart;
import io.freshet.runtime.state.CachingKeyedProcessOperator;
import io.freshet.testing.TestingRocksDb;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestAssemblyTest {

    @Test
    void aRequestLeavesWhenAllItsPartsHaveCome() throws Exception {
        List<RequestPart> parts = parts("ann", 50, "b", "a", "b", "c");
        try (var harness = open(null)) {
            for (int hop : new int[] {2, 0, 3}) {
                harness.processElement(parts.get(hop), 50);
            }
            assertThat(harness.getRecordOutput()).isEmpty();

            harness.processElement(parts.get(1), 50);

            RecommendationRequest request = only(harness.extractOutputValues());
            assertThat(request.items()).containsExactly("b", "a", "b", "c");
            assertThat(request.followers()).containsExactly("after-c-0");
            for (int hop = 0; hop < ItemSignal.HOPS; hop++) {
                assertThat(request.followersOf(hop).items())
                        .containsExactly(parts.get(hop).followers().items());
            }
            assertThat(TestingRocksDb.keys(harness, "incomplete")).isEmpty();
        }
    }

    @Test
    void requestsOfOneUserDoNotMix() throws Exception {
        List<RequestPart> first = parts("ann", 50, "a", "b");
        List<RequestPart> second = parts("ann", 60, "b", "c");
        try (var harness = open(null)) {
            harness.processElement(first.get(0), 50);
            harness.processElement(second.get(0), 60);
            harness.processElement(second.get(1), 60);
            assertThat(only(harness.extractOutputValues()).timestamp()).isEqualTo(60);

            harness.processElement(first.get(1), 50);

            assertThat(harness.extractOutputValues())
                    .extracting(RecommendationRequest::timestamp)
                    .containsExactly(60L, 50L);
        }
    }

    @Test
    void aRequestOnItsWaySurvivesARestore() throws Exception {
        List<RequestPart> parts = parts("ann", 50, "a", "b");
        OperatorSubtaskState state;
        try (var harness = open(null)) {
            harness.processElement(parts.get(1), 50);
            state = harness.snapshot(1, 1);
        }
        try (var harness = open(state)) {
            harness.processElement(parts.get(0), 50);

            assertThat(only(harness.extractOutputValues()).followersOf(1).items())
                    .containsExactly("after-a-1");
        }
    }

    @Test
    void aRequestInOnePartLeavesAtOnceAndWithoutState() throws Exception {
        try (var harness = open(null)) {
            harness.processElement(parts("ann", 50, "a").get(0), 50);
            harness.processElement(parts("bob", 50).get(0), 50);

            assertThat(harness.extractOutputValues())
                    .extracting(RecommendationRequest::userId)
                    .containsExactly("ann", "bob");
        }
    }

    /** The answered parts of a request of a user with these items, hop 0 first. */
    private static List<RequestPart> parts(String user, long timestamp, String... items) {
        RecommendationRequest request = TestingRequests.request(user, timestamp, items);
        return ItemSignal.asked(request).stream()
                .map(
                        signal -> {
                            RequestPart part = requireNonNull(signal.part());
                            String[] followers = {"after-" + signal.itemId() + "-" + part.hop()};
                            return part.answered(new FollowerCounts(followers, new float[] {1}, 1));
                        })
                .toList();
    }

    private static KeyedOneInputStreamOperatorTestHarness<
                    String, RequestPart, RecommendationRequest>
            open(@Nullable OperatorSubtaskState state) throws Exception {
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new CachingKeyedProcessOperator<>(new RequestAssembly(), 1),
                        RequestPart::userId,
                        Types.STRING);
        TestingRocksDb.use(harness);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private static <T> T only(List<T> values) {
        assertThat(values).hasSize(1);
        return values.get(0);
    }
}
