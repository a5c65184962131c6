package io.freshet.item;

import io.freshet.config.ItemConfig;
import io.freshet.event.ItemPopularity;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RequestPart;
import io.freshet.runtime.state.CachingKeyedProcessOperator;
import io.freshet.testing.TestingRocksDb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ItemContextFunction} at work on RocksDB: one half-life of 1000 ms for everything, 2
 * candidates of 3 followers.
 */
final class TestingItemContext implements AutoCloseable {

    static final Duration TTL = Duration.ofDays(1);

    private static final Duration HALF_LIFE = Duration.ofMillis(1000);
    private static final int FOLLOWERS = 3;
    private static final int CANDIDATES = 2;
    private static final int CACHED = 1;

    private final KeyedOneInputStreamOperatorTestHarness<String, ItemSignal, RequestPart> harness;
    private int updatesRead;

    private TestingItemContext(Duration popularityInterval) throws Exception {
        ItemConfig config =
                new ItemConfig(
                        List.of(HALF_LIFE),
                        HALF_LIFE,
                        FOLLOWERS,
                        popularityInterval,
                        TTL,
                        TTL,
                        new TreeMap<>(),
                        0);
        harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new CachingKeyedProcessOperator<>(
                                new ItemContextFunction(config, CANDIDATES), CACHED),
                        ItemSignal::itemId,
                        Types.STRING);
        TestingRocksDb.use(harness);
    }

    static TestingItemContext start(Duration popularityInterval) throws Exception {
        return restore(popularityInterval, null);
    }

    static TestingItemContext restore(
            Duration popularityInterval, @Nullable OperatorSubtaskState state) throws Exception {
        TestingItemContext items = new TestingItemContext(popularityInterval);
        if (state != null) {
            items.harness.initializeState(state);
        }
        items.harness.open();
        return items;
    }

    void process(ItemSignal signal) throws Exception {
        harness.processElement(signal, signal.timestamp());
    }

    /** All parts of a request. */
    void ask(RecommendationRequest request) throws Exception {
        for (ItemSignal signal : ItemSignal.asked(request)) {
            process(signal);
        }
    }

    void watermark(long timestamp) throws Exception {
        harness.processWatermark(timestamp);
    }

    /** Lets some barriers and some time pass. */
    void timeToLiveClock(long millis) throws Exception {
        snapshot();
        snapshot();
        harness.setStateTtlProcessingTime(millis);
    }

    OperatorSubtaskState snapshot() throws Exception {
        return TestingRocksDb.snapshot(harness);
    }

    List<String> itemsWithPopularity() throws Exception {
        return TestingRocksDb.keys(harness, "popularity");
    }

    List<String> itemsWithFollowers() throws Exception {
        return TestingRocksDb.keys(harness, "followers");
    }

    int timers() {
        return harness.numEventTimeTimers();
    }

    /** The parts of requests since the last call, with their record timestamps. */
    List<StreamRecord<RequestPart>> partRecords() {
        List<StreamRecord<RequestPart>> records = new ArrayList<>(harness.getRecordOutput());
        harness.getOutput().clear();
        return records;
    }

    /** The popularity updates since the last call, with their record timestamps. */
    List<StreamRecord<ItemPopularity>> updateRecords() {
        var all = harness.getSideOutput(ItemContextFunction.POPULARITY);
        if (all == null) {
            return List.of();
        }
        List<StreamRecord<ItemPopularity>> records = all.stream().skip(updatesRead).toList();
        updatesRead = all.size();
        return records;
    }

    /** The popularity updates since the last call. */
    List<ItemPopularity> updates() {
        return updateRecords().stream().map(StreamRecord::getValue).toList();
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
