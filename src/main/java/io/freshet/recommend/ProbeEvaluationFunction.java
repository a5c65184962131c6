package io.freshet.recommend;

import io.freshet.event.Evaluation;
import io.freshet.event.RecommendationList;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Sums up the lists that answer probes: one evaluation after so many probes, or when a probe comes
 * that lies so much event time after the first, whichever is earlier. Runs at parallelism 1. What
 * is left when the input ends is not reported.
 */
public final class ProbeEvaluationFunction extends ProcessFunction<RecommendationList, Evaluation>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    // configuration
    private final int maxProbes;
    private final long maxMillis;

    // runtime
    private transient @Nullable ListState<ProbeTally> stored;
    private transient ProbeTally tally = new ProbeTally();

    /**
     * @param maxProbes most probes of one evaluation, at least 1
     * @param maxTime most event time of one evaluation
     */
    public ProbeEvaluationFunction(int maxProbes, Duration maxTime) {
        this.maxProbes = maxProbes;
        this.maxMillis = maxTime.toMillis();
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        stored =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("tally", ProbeTally.class));
        tally = new ProbeTally();
        for (ProbeTally restored : stored.get()) {
            tally = restored;
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        if (stored != null) {
            stored.update(List.of(tally));
        }
    }

    @Override
    public void processElement(
            RecommendationList list, Context context, Collector<Evaluation> out) {
        if (tally.probes > 0 && list.timestamp() - tally.first >= maxMillis) {
            close(out);
        }
        tally.add(list);
        if (tally.probes >= maxProbes) {
            close(out);
        }
    }

    private void close(Collector<Evaluation> out) {
        out.collect(tally.evaluation());
        tally = tally.next();
    }
}
