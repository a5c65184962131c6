package io.freshet.item;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** What the item encoder reports, in group {@code encoder}. */
final class ItemEncoderMetrics {

    private static final int BATCHES = 500;

    private final Counter encoded;
    private final Counter unchanged;
    private final Histogram batchMillis;
    private final Histogram batchSize;

    ItemEncoderMetrics(MetricGroup operator, EncodingQueue<?> queue) {
        MetricGroup group = operator.addGroup("encoder");
        // items whose text was encoded
        encoded = group.counter("itemsEncoded");
        // items that came again with the text they had
        unchanged = group.counter("itemsUnchanged");
        // milliseconds that a batch took
        batchMillis = group.histogram("batchMillis", new DescriptiveStatisticsHistogram(BATCHES));
        // texts in a batch
        batchSize = group.histogram("batchSize", new DescriptiveStatisticsHistogram(BATCHES));
        // items and watermarks that wait for the encoder
        group.gauge("waiting", queue::size);
    }

    void batch(EncoderThread.Encoded batch) {
        encoded.inc(batch.vectors().length);
        batchMillis.update(batch.millis());
        batchSize.update(batch.vectors().length);
    }

    void unchanged() {
        unchanged.inc();
    }
}
