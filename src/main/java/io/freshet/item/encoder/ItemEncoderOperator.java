package io.freshet.item.encoder;

import io.freshet.config.EncoderConfig;
import io.freshet.config.ItemConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.EncodedItem;
import io.freshet.event.ItemHash;
import io.freshet.item.PendingItemState;
import io.freshet.model.ContentLayout;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.runtime.attribute.ItemAttributes;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamElement;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.jspecify.annotations.Nullable;

/**
 * Gives items of the catalog their content vectors. Keyed by item. A text is encoded once: a record
 * that changes something else gets the text's vector of the record before from state. Vectors of
 * other modalities come with the record and need no encoder.
 *
 * <p>Texts are encoded on a thread of their own, as many at once as came meanwhile, up to a batch.
 * Output keeps the order of input, so a watermark leaves after all items before it. Barriers don't
 * wait: queued items are part of the snapshot, each under its own key, and are queued again after a
 * restore.
 *
 * <p>An item whose text the encoder fails on, alone and while it encodes others, leaves without the
 * text's vector. It is counted and logged, and is not tried again until its text changes: as it is
 * queued again after a restore, it would fail the job for ever.
 */
final class ItemEncoderOperator extends AbstractStreamOperator<EncodedItem>
        implements OneInputStreamOperator<CatalogItem, EncodedItem>,
                EncodingQueue.Receiver<StreamElement> {

    private static final long serialVersionUID = 1L;

    /** Full batches in the queue at which the input waits. */
    private static final int WAITING_BATCHES = 16;

    private static final float[] NO_VECTOR = {};

    private final EncoderConfig config;
    private final ItemConfig items;
    private final TextEncoderRuntime runtime;
    private final ItemAttributes attributes;
    private final ContentLayout layout;
    private final transient MailboxExecutor mailbox;

    private transient EncodingQueue<StreamElement> queue;
    private transient EncoderThread thread;
    private transient ItemEncoderMetrics encoderMetrics;
    private transient ItemEncoderStates states;
    private transient boolean opened;

    @SuppressWarnings("NullAway.Init") // the rest is made in open
    ItemEncoderOperator(
            StreamOperatorParameters<EncodedItem> parameters,
            EncoderConfig config,
            ItemConfig items,
            TextEncoderRuntime runtime,
            ItemAttributes attributes,
            ContentLayout layout) {
        super(parameters);
        this.config = config;
        this.items = items;
        this.runtime = runtime;
        this.attributes = attributes;
        this.layout = layout;
        mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void open() throws Exception {
        super.open();
        queue = new EncodingQueue<>();
        thread = new EncoderThread(runtime, mailbox);
        encoderMetrics = new ItemEncoderMetrics(getMetricGroup(), queue);
        states = new ItemEncoderStates(getKeyedStateBackend(), items.ttl(), items.withdrawnTtl());
        opened = true;
        for (PendingItemState item : states.restored()) {
            accept(item);
        }
    }

    @Override
    public void processElement(StreamRecord<CatalogItem> element) throws Exception {
        CatalogItem item = element.getValue();
        long timestamp = element.hasTimestamp() ? element.getTimestamp() : item.timestamp();
        accept(new PendingItemState(item, layout.others(attributes.vectors(item)), timestamp));
        while (queue.size() >= WAITING_BATCHES * config.batchSize()) {
            mailbox.yield();
        }
    }

    private void accept(PendingItemState item) throws Exception {
        if (!config.enabled()) {
            emit(item, NO_VECTOR);
            return;
        }
        long hash = ItemHash.of(runtime.name() + '\n' + item.text);
        EncodingQueue.Waiting waiting = new EncodingQueue.Waiting(item, hash);
        OptionalLong queued = queue.hashOf(item.itemId);
        float @Nullable [] known = queued.isPresent() ? null : states.vector(item.itemId, hash);
        if (queued.isPresent() && queued.getAsLong() == hash) {
            queue.addUnchanged(waiting);
        } else if (known != null) {
            queue.addUnchanged(waiting, known);
        } else if (item.text.isEmpty()) {
            queue.addEncoded(waiting, NO_VECTOR);
        } else {
            queue.addText(waiting);
        }
        proceed();
    }

    /** Emits what may leave, and starts a batch if none is being encoded. */
    private void proceed() throws Exception {
        queue.drainTo(this);
        List<PendingItemState> batch = queue.nextBatch(config.batchSize());
        if (!batch.isEmpty()) {
            thread.encode(batch, this::complete);
        }
    }

    private void complete(EncoderThread.Encoded encoded) throws Exception {
        encoderMetrics.batch(encoded);
        queue.complete(encoded.vectors());
        proceed();
    }

    @Override
    public void encoded(EncodingQueue.Waiting waiting, float[] vector) throws Exception {
        states.put(waiting.item(), waiting.hash(), vector);
        emit(waiting.item(), vector);
    }

    @Override
    public void unchanged(EncodingQueue.Waiting waiting, float[] vector) throws Exception {
        encoderMetrics.unchanged();
        states.put(waiting.item(), waiting.hash(), vector);
        emit(waiting.item(), vector);
    }

    @Override
    public void mark(StreamElement mark) throws Exception {
        if (mark instanceof Watermark watermark) {
            super.processWatermark(watermark);
        } else {
            super.processWatermarkStatus((WatermarkStatus) mark);
        }
    }

    private void emit(PendingItemState item, float[] text) {
        float[] vector = layout.join(text, item.others);
        output.collect(new StreamRecord<>(item.encoded(vector), item.elementTimestamp));
    }

    @Override
    public void processWatermark(Watermark watermark) throws Exception {
        queue.addMark(watermark);
        queue.drainTo(this);
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        queue.addMark(status);
        queue.drainTo(this);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        states.writePending(queue.items());
    }

    @Override
    public void finish() throws Exception {
        while (!queue.isEmpty()) {
            mailbox.yield();
        }
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (opened) {
            thread.close();
        }
        super.close();
    }
}
