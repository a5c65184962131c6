package io.freshet.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChunkedListStateTest {

    private static final int MANY = 2_000;

    @Test
    void aLongListIsWrittenInFewElementsAndReadInItsOrder() throws Exception {
        List<String> words = IntStream.range(0, MANY).mapToObj(i -> "word " + i).toList();
        try (var harness = harness()) {
            ChunkedListState<String> state = state(harness);
            state.update(List.of("what was before"));
            state.update(words);

            var written = harness.snapshot(1, 1).getManagedOperatorState().iterator().next();
            assertThat(written.getStateNameToPartitionOffsets())
                    .hasEntrySatisfying(
                            "words-chunks",
                            chunks -> assertThat(chunks.getOffsets()).hasSizeLessThan(10));
            assertThat(state.read()).isEqualTo(words);
        }
    }

    @Test
    void whatEarlierReleasesWroteIsReadAndGivesWay() throws Exception {
        try (var harness = harness()) {
            var single =
                    store(harness).getListState(new ListStateDescriptor<>("words", Types.STRING));
            single.addAll(List.of("a", "b"));
            ChunkedListState<String> state = state(harness);

            assertThat(state.read()).containsExactly("a", "b");
            state.update(List.of("c"));
            assertThat(state.read()).containsExactly("c");
            assertThat(single.get()).isEmpty();
        }
    }

    private static ChunkedListState<String> state(
            OneInputStreamOperatorTestHarness<String, String> harness) throws Exception {
        return new ChunkedListState<>(store(harness)::getListState, "words", String.class);
    }

    private static OperatorStateStore store(
            OneInputStreamOperatorTestHarness<String, String> harness) {
        return Objects.requireNonNull(((WithState) harness.getOperator()).store);
    }

    private static OneInputStreamOperatorTestHarness<String, String> harness() throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<String, String>(new WithState());
        harness.setup();
        harness.open();
        return harness;
    }

    /** Does nothing but have state. */
    private static final class WithState extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<String, String> {

        private static final long serialVersionUID = 1L;

        private transient @Nullable OperatorStateStore store;

        @Override
        public void initializeState(StateInitializationContext context) throws Exception {
            store = context.getOperatorStateStore();
        }

        @Override
        public void processElement(StreamRecord<String> element) {}
    }
}
