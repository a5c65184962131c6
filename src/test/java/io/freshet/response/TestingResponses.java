package io.freshet.response;

import io.freshet.config.Arguments;
import io.freshet.config.AttributesConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.event.Attribute;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.event.PredictedResponse;
import io.freshet.event.Profile;
import io.freshet.event.ResponseSignal;
import io.freshet.testing.TestingRocksDb;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** The operator on RocksDB, with device as context, price and country as attributes. */
final class TestingResponses implements AutoCloseable {

    static final long WAIT = 60_000;

    static final AttributesConfig ATTRIBUTES =
            FreshetConfig.from(
                            Arguments.parse(
                                    "--attributes.context",
                                    "device:category",
                                    "--attributes.items",
                                    "price:number",
                                    "--attributes.users",
                                    "country:category"))
                    .ingest()
                    .attributes();

    private final KeyedTwoInputStreamOperatorTestHarness<
                    String, ResponseSignal, Profile, PredictedResponse>
            harness;

    private TestingResponses(AttributesConfig attributes, int cachedKeys) throws Exception {
        harness =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new ResponseOperator(
                                attributes,
                                Duration.ofMillis(WAIT),
                                Duration.ofDays(1),
                                cachedKeys),
                        ResponseOperator::key,
                        ResponseOperator::key,
                        Types.STRING,
                        1,
                        1,
                        0);
        TestingRocksDb.use(harness);
    }

    static TestingResponses start(int cachedKeys) throws Exception {
        return restore(ATTRIBUTES, cachedKeys, null);
    }

    static TestingResponses restore(
            AttributesConfig attributes, int cachedKeys, @Nullable OperatorSubtaskState state)
            throws Exception {
        TestingResponses responses = new TestingResponses(attributes, cachedKeys);
        if (state != null) {
            responses.harness.initializeState(state);
        }
        responses.harness.open();
        return responses;
    }

    void show(String user, String item, long timestamp, long offset, String device)
            throws Exception {
        Attribute context = Attribute.category("device", device);
        Interaction shown =
                new Interaction(
                        "e" + offset,
                        user,
                        item,
                        "impression",
                        Float.NaN,
                        timestamp,
                        0,
                        offset,
                        0,
                        List.of(context));
        harness.processElement1(ResponseSignal.exposure(shown), timestamp);
    }

    void respond(String user, String item, long timestamp) throws Exception {
        Interaction response =
                new Interaction("r", user, item, "click", Float.NaN, timestamp, 0, 0);
        harness.processElement1(ResponseSignal.response(response), timestamp);
    }

    void forget(String user, long timestamp) throws Exception {
        harness.processElement1(ResponseSignal.of(Control.forget("c", user, timestamp)), timestamp);
    }

    void know(Profile.Subject subject, String id, Attribute... attributes) throws Exception {
        harness.processElement2(new Profile(subject, id, List.of(attributes), 0), 0);
    }

    void watermark(long timestamp) throws Exception {
        harness.processBothWatermarks(new Watermark(timestamp));
    }

    /** What was predicted and came, so far. */
    List<PredictedResponse> responses() {
        return harness.extractOutputValues();
    }

    void dropOutput() {
        harness.getOutput().clear();
    }

    /** How much was removed, by control. */
    List<Long> removed() {
        return harness.getSideOutput(ResponseOperator.REPORTS).stream()
                .map(record -> record.getValue().removed().get(0).count())
                .toList();
    }

    OperatorSubtaskState snapshot() throws Exception {
        return TestingRocksDb.snapshot(harness);
    }

    /** The keys that have a value in a state. */
    List<String> keys(String state) throws Exception {
        return TestingRocksDb.keys(harness, state);
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
