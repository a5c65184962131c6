package io.freshet.response;

import io.freshet.event.Evaluation;
import io.freshet.event.PredictedResponse;
import io.freshet.runtime.ClassificationMetrics;
import io.freshet.runtime.state.ChunkedListState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Sums up predicted responses: one evaluation after so many, or when one comes that lies so much
 * event time after the first, whichever is earlier. Runs at parallelism 1. What is left when the
 * input ends is not reported.
 */
public final class ResponseEvaluationFunction extends ProcessFunction<PredictedResponse, Evaluation>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    // configuration
    private final int most;
    private final long maxMillis;

    // runtime
    private transient @Nullable ChunkedListState<PredictedResponse> stored;
    private transient @Nullable ListState<Long> storedWindow;
    private transient List<PredictedResponse> responses = new ArrayList<>();
    private transient long window = 1;

    /**
     * @param most most responses of one evaluation, at least 1
     * @param maxTime most event time of one evaluation
     */
    public ResponseEvaluationFunction(int most, Duration maxTime) {
        this.most = most;
        this.maxMillis = maxTime.toMillis();
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        stored =
                new ChunkedListState<>(
                        context.getOperatorStateStore()::getListState,
                        "responses",
                        PredictedResponse.class);
        storedWindow =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("window", Long.class));
        responses = stored.read();
        window = 1;
        for (long restored : storedWindow.get()) {
            window = restored;
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        Objects.requireNonNull(stored).update(responses);
        Objects.requireNonNull(storedWindow).update(List.of(window));
    }

    @Override
    public void processElement(
            PredictedResponse response, Context context, Collector<Evaluation> out) {
        if (!responses.isEmpty()
                && response.timestamp() - responses.get(0).timestamp() >= maxMillis) {
            close(out);
        }
        responses.add(response);
        if (responses.size() >= most) {
            close(out);
        }
    }

    private void close(Collector<Evaluation> out) {
        ClassificationMetrics metrics = new ClassificationMetrics();
        long latest = Long.MIN_VALUE;
        for (PredictedResponse each : responses) {
            metrics.add(each.userId(), each.probability(), each.responded());
            latest = Math.max(latest, each.timestamp());
        }
        out.collect(
                Evaluation.ofResponses(
                        window++,
                        latest + 1,
                        metrics.count(),
                        (float) metrics.logLoss(),
                        (float) metrics.auc(),
                        (float) metrics.gauc(),
                        (float) metrics.calibration()));
        responses.clear();
    }
}
