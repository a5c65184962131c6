package io.freshet.training.operator;

import io.freshet.event.EncodedItem;
import io.freshet.event.TrainingSequence;
import io.freshet.runtime.state.ChunkedListState;
import io.freshet.training.FineTuneState;
import io.freshet.training.WaitingItem;
import io.freshet.training.WindowSequence;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.util.CollectionUtil;
import org.jspecify.annotations.Nullable;

/** The fine-tuner's buffers in Flink's operator state. */
final class FineTuneStates {

    private final ListState<FineTuneState> state;
    private final ChunkedListState<TrainingSequence> pending;
    private final ListState<TrainingSequence> tested;
    private final ListState<WindowSequence> applied;
    private final ListState<TrainingSequence> carried;
    private final ChunkedListState<WindowSequence> validation;
    private final ChunkedListState<TrainingSequence> replayed;
    private final ListState<EncodedItem> items;
    private final ListState<WaitingItem> waiting;

    FineTuneStates(OperatorStateStore store) throws Exception {
        state = list(store, "fine-tuner", FineTuneState.class);
        pending = chunks(store, "pending-sequences", TrainingSequence.class);
        tested = list(store, "tested-sequences", TrainingSequence.class);
        applied = list(store, "applied-sequences", WindowSequence.class);
        carried = list(store, "held-out-sequences", TrainingSequence.class);
        validation = chunks(store, "judging-sequences", WindowSequence.class);
        replayed = chunks(store, "replay-buffer", TrainingSequence.class);
        items = list(store, "pending-items", EncodedItem.class);
        waiting = list(store, "waiting-items", WaitingItem.class);
    }

    /** The pointer that was stored, or null if there is no state. */
    @Nullable FineTuneState state() throws Exception {
        Iterator<FineTuneState> found = state.get().iterator();
        return found.hasNext() ? found.next() : null;
    }

    /** The buffers that were stored. */
    TrainingBuffers.Contents contents() throws Exception {
        return new TrainingBuffers.Contents(
                pending.read(),
                read(tested),
                read(applied),
                read(carried),
                validation.read(),
                replayed.read(),
                read(items),
                read(waiting));
    }

    void update(TrainingBuffers buffers) throws Exception {
        TrainingBuffers.Contents contents = buffers.contents();
        state.update(List.of(buffers.state()));
        pending.update(contents.pending());
        tested.update(contents.tested());
        applied.update(contents.applied());
        carried.clear(); // of releases that trained them with the next window
        validation.update(contents.validation());
        replayed.update(contents.replayed());
        items.update(contents.items());
        waiting.update(contents.waiting());
    }

    private static <T> ChunkedListState<T> chunks(
            OperatorStateStore store, String name, Class<T> type) throws Exception {
        return new ChunkedListState<>(store::getListState, name, type);
    }

    private static <T> ListState<T> list(OperatorStateStore store, String name, Class<T> type)
            throws Exception {
        return store.getListState(new ListStateDescriptor<>(name, type));
    }

    private static <T> List<T> read(ListState<T> state) throws Exception {
        return CollectionUtil.iterableToList(state.get());
    }
}
