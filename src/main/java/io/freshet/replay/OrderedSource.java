package io.freshet.replay;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

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
}
