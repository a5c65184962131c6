package io.freshet.recommend.operator;

import io.freshet.config.ItemConfig;
import io.freshet.config.RecommendConfig;
import io.freshet.event.ControlReport;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.recommend.TestingEvents;
import io.freshet.recommend.TestingModelSource;
import io.freshet.recommend.TestingRecommendConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** Drives a {@link RecommenderOperator}; its mails run when a test says so. */
final class RecommenderHarness extends AbstractStreamOperatorTestHarness<RecommendationList> {

    static final Duration DELAY = Duration.ofMillis(20);

    private static final int MAX_PARALLELISM = 8;

    RecommenderHarness(TestingModelSource source, boolean aligned, int batchSize) throws Exception {
        this(source, aligned, batchSize, 1, 0);
    }

    RecommenderHarness(
            TestingModelSource source, boolean aligned, int batchSize, int parallelism, int index)
            throws Exception {
        this(source, config(batchSize), aligned, parallelism, index);
    }

    RecommenderHarness(
            TestingModelSource source,
            RecommendConfig config,
            boolean aligned,
            int parallelism,
            int index)
            throws Exception {
        super(
                new RecommenderOperatorFactory(
                        config,
                        new ItemConfig(
                                Arrays.stream(TestingEvents.HALF_LIVES)
                                        .mapToObj(Duration::ofMillis)
                                        .toList(),
                                Duration.ofDays(90),
                                100,
                                Duration.ZERO,
                                Duration.ofDays(1),
                                Duration.ofHours(1),
                                new TreeMap<>(),
                                0),
                        List.of("price"),
                        source,
                        aligned),
                MAX_PARALLELISM,
                parallelism,
                index);
    }

    private static RecommendConfig config(int batchSize) {
        return TestingRecommendConfig.of(
                "list-size", "3", "candidates", "20", "batch-size", Integer.toString(batchSize));
    }

    void request(RecommendationRequest request) throws Exception {
        operator().processElement1(new StreamRecord<>(request, request.timestamp()));
    }

    void update(RecommenderUpdate update) throws Exception {
        operator().processElement2(new StreamRecord<>(update));
    }

    void watermark1(long timestamp) throws Exception {
        operator().processWatermark1(new Watermark(timestamp));
    }

    void watermark2(long timestamp) throws Exception {
        operator().processWatermark2(new Watermark(timestamp));
    }

    void finish() throws Exception {
        getOperator().finish();
    }

    /** Waits for the next mail to the task, and runs it. */
    void runMail() throws Exception {
        getTaskMailbox().take(0).run();
    }

    List<String> served() {
        return extractOutputValues().stream().map(RecommendationList::requestId).toList();
    }

    List<RecommendationList> lists() {
        return extractOutputValues();
    }

    List<RecommendationList> probes() {
        List<RecommendationList> lists = new ArrayList<>();
        var records = getSideOutput(RecommenderOperator.PROBES);
        if (records != null) {
            records.forEach(record -> lists.add(record.getValue()));
        }
        return lists;
    }

    List<ControlReport> reports() {
        var records = getSideOutput(RecommenderOperator.REPORTS);
        return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
    }

    List<Long> watermarks() {
        return getOutput().stream()
                .filter(Watermark.class::isInstance)
                .map(mark -> ((Watermark) mark).getTimestamp())
                .toList();
    }

    @SuppressWarnings("unchecked")
    private TwoInputStreamOperator<RecommendationRequest, RecommenderUpdate, RecommendationList>
            operator() {
        return (TwoInputStreamOperator<
                        RecommendationRequest, RecommenderUpdate, RecommendationList>)
                (Object) getOperator();
    }
}
