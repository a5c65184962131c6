package io.freshet.replay;

import io.freshet.replay.OrderedSource.Rest;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/** Gives the whole sequence to the first reader, and nothing to others. */
final class OrderedEnumerator implements SplitEnumerator<Rest, Rest> {

    private final SplitEnumeratorContext<Rest> context;
    private Rest unassigned;

    OrderedEnumerator(SplitEnumeratorContext<Rest> context, Rest unassigned) {
        this.context = context;
        this.unassigned = unassigned;
    }

    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {}

    @Override
    public void addReader(int subtask) {
        if (!unassigned.equals(Rest.NONE)) {
            context.assignSplit(unassigned, subtask);
            unassigned = Rest.NONE;
        }
        context.signalNoMoreSplits(subtask);
    }

    @Override
    public void addSplitsBack(List<Rest> splits, int subtask) {
        unassigned = splits.get(0);
    }

    @Override
    public Rest snapshotState(long checkpoint) {
        return unassigned;
    }

    @Override
    public void close() {}
}
