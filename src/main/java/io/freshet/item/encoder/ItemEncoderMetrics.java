package io.freshet.item.encoder;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Metrics of the item encoder, in group {@code encoder}. */
final class ItemEncoderMetrics {

    private static final int BATCHES = 500;

    private final Counter encoded;
    private final Counter refused;
    private final Counter unchanged;
    private final Histogram batchMillis;
    private final Histogram batchSize;

    ItemEncoderMetrics(MetricGroup operator, EncodingQueue<?> queue) {
        MetricGroup group = operator.addGroup("encoder");
        // items whose text was encoded
        encoded = group.counter("itemsEncoded");
        // items whose text can't be encoded
        refused = group.counter("itemsRefused");
        // items that came again with the same text
        unchanged = group.counter("itemsUnchanged");
        // milliseconds per batch
        batchMillis = group.histogram("batchMillis", new DescriptiveStatisticsHistogram(BATCHES));
        // texts in a batch
        batchSize = group.histogram("batchSize", new DescriptiveStatisticsHistogram(BATCHES));
        // items and watermarks that wait for the encoder
        group.gauge("waiting", queue::size);
    }

    void batch(EncoderThread.Encoded batch) {
        encoded.inc(batch.vectors().length - batch.refused());
        refused.inc(batch.refused());
        batchMillis.update(batch.millis());
        batchSize.update(batch.vectors().length);
    }

    void unchanged() {
        unchanged.inc();
    }
}
