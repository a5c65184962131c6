package io.freshet.replay;

import io.freshet.replay.OrderedSource.Rest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/** Reads the sequence and says how time goes; see {@link OrderedSource}. */
final class OrderedReader<T> implements SourceReader<T, Rest> {

    private final OrderedInput<T> input;
    private final CompletableFuture<Void> available = new CompletableFuture<>();

    private OrderedInput.@Nullable Cursor<T> cursor;
    private @Nullable Rest assigned;
    private long position;
    private long newest = Long.MIN_VALUE;
    private long sinceWatermark = Long.MAX_VALUE;

    OrderedReader(OrderedInput<T> input) {
        this.input = input;
    }

    @Override
    public void start() {}

    @Override
    public void addSplits(List<Rest> splits) {
        assigned = splits.get(0);
    }

    @Override
    public void notifyNoMoreSplits() {
        available.complete(null);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return available;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws IOException {
        if (!available.isDone()) {
            return InputStatus.NOTHING_AVAILABLE;
        }
        T element = next();
        if (element == null) {
            return InputStatus.END_OF_INPUT;
        }
        long timestamp = input.timestamp(element);
        if (timestamp < newest) {
            throw new IllegalStateException(
                    "Element " + position + " is of " + timestamp + ", after one of " + newest);
        }
        if (timestamp > newest && sinceWatermark >= input.watermarkDistance()) {
            output.emitWatermark(new Watermark(timestamp - 1));
            sinceWatermark = 0;
        }
        output.collect(element, timestamp);
        newest = timestamp;
        position++;
        sinceWatermark++;
        return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public List<Rest> snapshotState(long checkpoint) {
        if (assigned == null) {
            return List.of();
        }
        return List.of(cursor == null ? assigned : new Rest(position));
    }

    @Override
    public void close() throws IOException {
        if (cursor != null) {
            cursor.close();
        }
    }

    private @Nullable T next() throws IOException {
        if (assigned == null) {
            return null;
        }
        if (cursor == null) {
            cursor = input.open();
            while (position < assigned.position() && cursor.next() != null) {
                position++;
            }
        }
        return cursor.next();
    }
}
