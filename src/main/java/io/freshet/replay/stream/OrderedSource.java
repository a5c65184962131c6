package io.freshet.replay.stream;

import io.freshet.replay.stream.OrderedSource.Rest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded source that keeps a sequence's order, and makes time exact: each element carries its
 * event time t, and when t is later than all before it, the watermark t - 1 comes <em>before</em>
 * it. So all that was due before t (panes, versions) is done with before the element of t is seen.
 * The last watermark is the end of time.
 *
 * <p>Example: elements at 5, 5, 8 leave as watermark 4, element, element, watermark 7, element,
 * watermark MAX. To be used with {@code WatermarkStrategy.noWatermarks()}, which adds none, and at
 * parallelism 1, as the sequence is one split.
 *
 * @param <T> type of the elements
 */
public final class OrderedSource<T>
        implements Source<T, OrderedSource.Rest, OrderedSource.Rest>, ResultTypeQueryable<T> {

    private static final long serialVersionUID = 1L;

    private final OrderedInput<T> input;

    public OrderedSource(OrderedInput<T> input) {
        this.input = input;
    }

    /**
     * The rest of the sequence; the only split there is.
     *
     * @param position elements that are already read; -1 for an enumerator that has nothing left to
     *     give out
     */
    public record Rest(long position) implements SourceSplit {

        static final Rest ALL = new Rest(0);
        static final Rest NONE = new Rest(-1);

        @Override
        public String splitId() {
            return "all";
        }
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SplitEnumerator<Rest, Rest> createEnumerator(SplitEnumeratorContext<Rest> context) {
        return new OrderedEnumerator(context, Rest.ALL);
    }

    @Override
    public SplitEnumerator<Rest, Rest> restoreEnumerator(
            SplitEnumeratorContext<Rest> context, Rest checkpoint) {
        return new OrderedEnumerator(context, checkpoint);
    }

    @Override
    public SourceReader<T, Rest> createReader(SourceReaderContext context) {
        return new OrderedReader<>(input);
    }

    @Override
    public SimpleVersionedSerializer<Rest> getSplitSerializer() {
        return new RestSerializer();
    }

    @Override
    public SimpleVersionedSerializer<Rest> getEnumeratorCheckpointSerializer() {
        return new RestSerializer();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return input.type();
    }

    private static final class RestSerializer implements SimpleVersionedSerializer<Rest> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Rest rest) {
            return ByteBuffer.allocate(Long.BYTES).putLong(rest.position()).array();
        }

        @Override
        public Rest deserialize(int version, byte[] serialized) throws IOException {
            if (version != getVersion()) {
                throw new IOException(
                        "Found version " + version + " of a split, expected " + getVersion());
            }
            return new Rest(ByteBuffer.wrap(serialized).getLong());
        }
    }

    /** Reads the sequence and emits its watermarks; see {@link OrderedSource}. */
    static final class OrderedReader<T> implements SourceReader<T, Rest> {

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

    /** Gives the whole sequence to the first reader, and nothing to others. */
    static final class OrderedEnumerator implements SplitEnumerator<Rest, Rest> {

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
}
