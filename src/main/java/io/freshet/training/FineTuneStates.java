package io.freshet.training;

import io.freshet.event.EncodedItem;
import io.freshet.event.TrainingSequence;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.util.CollectionUtil;
import org.jspecify.annotations.Nullable;

/** The fine-tuner's ledger in Flink's operator state. */
final class FineTuneStates {

    private final ListState<FineTuneState> state;
    private final ListState<TrainingSequence> pending;
    private final ListState<TrainingSequence> tested;
    private final ListState<WindowSequence> applied;
    private final ListState<TrainingSequence> carried;
    private final ListState<WindowSequence> judges;
    private final ListState<TrainingSequence> replayed;
    private final ListState<EncodedItem> items;

    FineTuneStates(OperatorStateStore store) throws Exception {
        state = list(store, "fine-tuner", FineTuneState.class);
        pending = list(store, "pending-sequences", TrainingSequence.class);
        tested = list(store, "tested-sequences", TrainingSequence.class);
        applied = list(store, "applied-sequences", WindowSequence.class);
        carried = list(store, "held-out-sequences", TrainingSequence.class);
        judges = list(store, "judging-sequences", WindowSequence.class);
        replayed = list(store, "replay-buffer", TrainingSequence.class);
        items = list(store, "pending-items", EncodedItem.class);
    }

    /** Where the fine-tuner stood, or null if there is no state. */
    @Nullable FineTuneState state() throws Exception {
        Iterator<FineTuneState> found = state.get().iterator();
        return found.hasNext() ? found.next() : null;
    }

    /** What it held. */
    FineTuneLedger.Contents contents() throws Exception {
        return new FineTuneLedger.Contents(
                read(pending),
                read(tested),
                read(applied),
                read(carried),
                read(judges),
                read(replayed),
                read(items));
    }

    void update(FineTuneLedger ledger) throws Exception {
        FineTuneLedger.Contents contents = ledger.contents();
        state.update(List.of(ledger.state()));
        pending.update(contents.pending());
        tested.update(contents.tested());
        applied.update(contents.applied());
        carried.update(contents.carried());
        judges.update(contents.judges());
        replayed.update(contents.replayed());
        items.update(contents.items());
    }

    private static <T> ListState<T> list(OperatorStateStore store, String name, Class<T> type)
            throws Exception {
        return store.getListState(new ListStateDescriptor<>(name, type));
    }

    private static <T> List<T> read(ListState<T> state) throws Exception {
        return CollectionUtil.iterableToList(state.get());
    }
}
