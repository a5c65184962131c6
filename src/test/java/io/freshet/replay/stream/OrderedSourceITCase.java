package io.freshet.replay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.replay.TestingHistory;
import io.freshet.replay.input.CatalogInput;
import io.freshet.replay.input.InteractionInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderedSourceITCase {

    @TempDir private Path directory;

    @Test
    void timeMovesOnJustBeforeTheRowThatMovesIt() throws Exception {
        Path file = directory.resolve("interactions.csv");
        Files.writeString(
                file,
                TestingHistory.HEADER
                        + "u1,i1,click,,50\nu2,i2,click,,50\nu1,i3,click,,80\nu1,i4,click,,81\n");

        List<String> seen = run(new InteractionInput(file, TestingHistory.anyTime().ingest()));

        assertThat(seen)
                .containsExactly(
                        "watermark 49",
                        "element 50",
                        "element 50",
                        "watermark 79",
                        "element 80",
                        "watermark 80",
                        "element 81",
                        "watermark " + Long.MAX_VALUE);
    }

    @Test
    void aCatalogsWatermarksAreFarApartAndNeverAhead() throws Exception {
        int items = 100;
        StringBuilder interactions = new StringBuilder(TestingHistory.HEADER);
        StringBuilder catalog = new StringBuilder("item_id,title,categories\n");
        for (int item = 0; item < items; item++) {
            interactions.append("u,i%d,click,,%d\n".formatted(item, 1000 + 10 * item));
            catalog.append("i%d,Title,\n".formatted(item));
        }
        Path rows = Files.writeString(directory.resolve("interactions.csv"), interactions);
        Path file = Files.writeString(directory.resolve("items.csv"), catalog);

        List<String> seen = run(new CatalogInput(file, rows, TestingHistory.anyTime().ingest()));

        List<String> expected = new ArrayList<>();
        expected.add("watermark 998");
        for (int item = 0; item < items; item++) {
            boolean early = item < items / 2;
            if (item == 50 || item == 82) {
                expected.add("watermark " + (1000 + 10 * item - 1));
            }
            expected.add("element " + (early ? 999 : 1000 + 10 * item));
        }
        expected.add("watermark " + Long.MAX_VALUE);
        assertThat(seen).containsExactlyElementsOf(expected);
    }

    private static <T> List<String> run(OrderedInput<T> input) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
        List<String> seen = new ArrayList<>();
        try (CloseableIterator<String> results =
                env.fromSource(
                                new OrderedSource<>(input),
                                WatermarkStrategy.noWatermarks(),
                                "rows",
                                input.type())
                        .transform("watch", Types.STRING, new Watch<>())
                        .executeAndCollect()) {
            results.forEachRemaining(seen::add);
        }
        return seen;
    }

    /** Tells of elements' timestamps and of watermarks, in the order they come in. */
    private static final class Watch<T> extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<T, String> {

        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(StreamRecord<T> element) {
            output.collect(new StreamRecord<>("element " + element.getTimestamp()));
        }

        @Override
        public void processWatermark(Watermark mark) throws Exception {
            output.collect(new StreamRecord<>("watermark " + mark.getTimestamp()));
            super.processWatermark(mark);
        }
    }
}
