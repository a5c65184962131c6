package io.freshet.history;

import static io.freshet.history.TestingInteractions.interaction;

import io.freshet.config.HistoryConfig;
import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.Interaction;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.ResponseSignal;
import io.freshet.event.TrainingSequence;
import io.freshet.event.TrainingSignal;
import io.freshet.event.UserSignal;
import io.freshet.event.query.Query;
import io.freshet.runtime.attribute.PositionAttributes;
import io.freshet.runtime.state.CachingKeyedCoProcessOperator;
import io.freshet.testing.TestingRocksDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;

/** A {@link HistoryFunction} at work on RocksDB. */
final class TestingHistory implements AutoCloseable {

    private static final int CACHED = 1;

    private final KeyedTwoInputStreamOperatorTestHarness<
                    String, Interaction, UserSignal, ItemSignal>
            harness;
    private int trainingRead;

    private TestingHistory(HistoryConfig config, PositionAttributes taken) throws Exception {
        harness =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new CachingKeyedCoProcessOperator<>(
                                new HistoryFunction(config, taken), CACHED),
                        Interaction::userId,
                        UserSignal::key,
                        Types.STRING);
        TestingRocksDb.use(harness);
    }

    static TestingHistory start(HistoryConfig config) throws Exception {
        return start(config, PositionAttributes.none());
    }

    static TestingHistory start(HistoryConfig config, PositionAttributes taken) throws Exception {
        TestingHistory history = new TestingHistory(config, taken);
        history.harness.open();
        return history;
    }

    static TestingHistory restore(HistoryConfig config, OperatorSubtaskState state)
            throws Exception {
        TestingHistory history = new TestingHistory(config, PositionAttributes.none());
        history.harness.initializeState(state);
        history.harness.open();
        return history;
    }

    void interact(String item, long timestamp, long offset) throws Exception {
        process(interaction(item, timestamp, offset));
    }

    void process(Interaction interaction) throws Exception {
        harness.processElement1(interaction, interaction.timestamp());
    }

    void forget(String user, long timestamp) throws Exception {
        harness.processElement2(UserSignal.of(Control.forget("c1", user, timestamp)), timestamp);
    }

    void query(Query query) throws Exception {
        harness.processElement2(UserSignal.of(query), 0);
    }

    void watermark(long timestamp) throws Exception {
        harness.processBothWatermarks(new Watermark(timestamp));
    }

    void processingTime(long millis) throws Exception {
        harness.setProcessingTime(millis);
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

    List<String> usersWithHistory() throws Exception {
        return TestingRocksDb.keys(harness, "history");
    }

    List<String> usersWithSeenItems() throws Exception {
        return TestingRocksDb.keys(harness, "seen");
    }

    List<String> usersWithExposures() throws Exception {
        return TestingRocksDb.keys(harness, "exposures");
    }

    int eventTimeTimers() {
        return harness.numEventTimeTimers();
    }

    int processingTimeTimers() {
        return harness.numProcessingTimeTimers();
    }

    /** The signals since the last call, with their record timestamps. */
    List<StreamRecord<ItemSignal>> signalRecords() {
        List<StreamRecord<ItemSignal>> records = new ArrayList<>(harness.getRecordOutput());
        harness.getOutput().clear();
        return records;
    }

    /** The signals since the last call. */
    List<ItemSignal> signals() {
        return signalRecords().stream().map(StreamRecord::getValue).toList();
    }

    /** The requests since the last call. */
    List<RecommendationRequest> requests() {
        return signals().stream()
                .filter(signal -> signal.kind() == ItemSignal.Kind.ASKED)
                .map(signal -> Objects.requireNonNull(signal.part()).request())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Signals to training since the last call, with their record timestamps. */
    List<StreamRecord<TrainingSignal>> trainingRecords() {
        var all = harness.getSideOutput(HistoryFunction.TRAINING);
        if (all == null) {
            return List.of();
        }
        List<StreamRecord<TrainingSignal>> records = all.stream().skip(trainingRead).toList();
        trainingRead = all.size();
        return records;
    }

    /** The sequences since the last call. */
    List<TrainingSequence> sequences() {
        return trainingRecords().stream()
                .map(record -> record.getValue().sequence())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Exposures, responses to them, and who was forgotten, so far. */
    List<ResponseSignal> responses() {
        var all = harness.getSideOutput(HistoryFunction.RESPONSES);
        return all == null ? List.of() : all.stream().map(StreamRecord::getValue).toList();
    }

    /** What was reported of controls so far. */
    List<ControlReport> reports() {
        var all = harness.getSideOutput(HistoryFunction.REPORTS);
        return all == null ? List.of() : all.stream().map(StreamRecord::getValue).toList();
    }

    List<String> usersWithMarks() throws Exception {
        return TestingRocksDb.keys(harness, "forgotten");
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
