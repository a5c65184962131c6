package io.freshet.item.encoder;

import io.freshet.config.EncoderConfig;
import io.freshet.config.EncoderConfig.EncoderPooling;
import io.freshet.config.ItemConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.EncodedItem;
import io.freshet.model.ContentLayout;
import io.freshet.runtime.attribute.ItemAttributes;
import io.freshet.testing.TestingRocksDb;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** The item encoder on RocksDB in a harness, and what came out of it. */
final class TestingItemEncoding implements AutoCloseable {

    static final int BATCH_SIZE = 4;

    static final Duration TTL = Duration.ofDays(365);
    static final Duration WITHDRAWN_TTL = Duration.ofDays(30);

    static final ItemConfig ITEMS =
            new ItemConfig(
                    List.of(Duration.ofHours(1)),
                    Duration.ofDays(90),
                    100,
                    Duration.ZERO,
                    TTL,
                    WITHDRAWN_TTL,
                    new TreeMap<>(),
                    0);

    private static final EncoderConfig ENABLED = config(true);
    private static final EncoderConfig DISABLED = config(false);

    private static final int KEY_GROUPS = 16;

    private final KeyedOneInputStreamOperatorTestHarness<String, CatalogItem, EncodedItem> harness;

    private TestingItemEncoding(
            EncoderConfig config,
            TestingTextEncoder encoder,
            ContentLayout layout,
            int parallelism,
            int subtask)
            throws Exception {
        harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new ItemEncoderOperatorFactory(
                                config,
                                ITEMS,
                                encoder,
                                new ItemAttributes(
                                        layout.modalities()
                                                .getOrDefault(ItemAttributes.MODALITY, 0),
                                        Set.of()),
                                layout),
                        CatalogItem::itemId,
                        Types.STRING,
                        KEY_GROUPS,
                        parallelism,
                        subtask);
        TestingRocksDb.use(harness);
        harness.setup();
    }

    private static EncoderConfig config(boolean enabled) {
        return new EncoderConfig(
                enabled, "all-minilm-l6-v2", EncoderPooling.AUTO, BATCH_SIZE, 64, 0);
    }

    static TestingItemEncoding with(TestingTextEncoder encoder) throws Exception {
        return restored(encoder, null);
    }

    static TestingItemEncoding restored(
            TestingTextEncoder encoder, @Nullable OperatorSubtaskState state) throws Exception {
        return restored(encoder, ContentLayout.of(encoder, Map.of()), state);
    }

    static TestingItemEncoding restored(
            TestingTextEncoder encoder, ContentLayout layout, @Nullable OperatorSubtaskState state)
            throws Exception {
        EncoderConfig config = layout.textWidth() > 0 ? ENABLED : DISABLED;
        TestingItemEncoding encoding = new TestingItemEncoding(config, encoder, layout, 1, 0);
        if (state != null) {
            encoding.harness.initializeState(state);
        }
        encoding.harness.open();
        return encoding;
    }

    /** One of two subtasks that share the state of one. */
    static TestingItemEncoding half(
            TestingTextEncoder encoder, OperatorSubtaskState state, int subtask) throws Exception {
        TestingItemEncoding encoding =
                new TestingItemEncoding(
                        ENABLED, encoder, ContentLayout.of(encoder, Map.of()), 2, subtask);
        encoding.harness.initializeState(
                KeyedOneInputStreamOperatorTestHarness.repartitionOperatorState(
                        state, KEY_GROUPS, 1, 2, subtask));
        encoding.harness.open();
        return encoding;
    }

    static CatalogItem item(String id, String title, boolean available, long timestamp) {
        return new CatalogItem(id, title, "", List.of(), available, timestamp, Map.of());
    }

    void process(String id, String title, long timestamp) throws Exception {
        process(item(id, title, true, timestamp));
    }

    void process(CatalogItem item) throws Exception {
        harness.processElement(new StreamRecord<>(item, item.timestamp()));
    }

    void watermark(long timestamp) throws Exception {
        harness.processWatermark(new Watermark(timestamp));
    }

    /** Sets the clock that state expires by. */
    void timeToLiveClock(Duration sinceTheEpoch) throws Exception {
        harness.setStateTtlProcessingTime(sinceTheEpoch.toMillis());
    }

    void status(WatermarkStatus status) throws Exception {
        harness.processWatermarkStatus(status);
    }

    OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, 1);
    }

    /** Runs the mails of the encoder's thread until so much came out. */
    void awaitOutput(int elements) throws Exception {
        while (harness.getOutput().size() < elements) {
            harness.getTaskMailbox().take(TaskMailbox.MIN_PRIORITY).run();
        }
    }

    /** Runs until all that is in it came out. */
    void finish() throws Exception {
        harness.getOperator().finish();
    }

    List<Object> output() {
        return List.copyOf(harness.getOutput());
    }

    List<EncodedItem> items() {
        return harness.extractOutputValues();
    }

    /** "id@timestamp" of items, "~timestamp" of watermarks, in their order. */
    List<String> trace() {
        return output().stream().map(TestingItemEncoding::named).toList();
    }

    List<String> keysOf(String state) throws Exception {
        return TestingRocksDb.keys(harness, state);
    }

    private static String named(Object element) {
        if (element instanceof Watermark watermark) {
            return "~" + watermark.getTimestamp();
        }
        if (element instanceof StreamRecord<?> item) {
            return ((EncodedItem) item.getValue()).itemId() + "@" + item.getTimestamp();
        }
        return element.toString();
    }

    /** Closes the operator as Flink closes those of a task that failed: without finishing. */
    void abandon() throws Exception {
        harness.getOperator().close();
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
