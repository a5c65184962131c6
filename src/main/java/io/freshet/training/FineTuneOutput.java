package io.freshet.training;

import io.freshet.event.ControlReport;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelDelta;
import io.freshet.event.RecommenderUpdate;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** What the fine-tuner tells, to whom, and with which event time. */
final class FineTuneOutput {

    private final Output<StreamRecord<ModelCheckpoint>> output;
    private final LongSupplier clock;

    /**
     * @param clock wall-clock time, milliseconds since the epoch
     */
    FineTuneOutput(Output<StreamRecord<ModelCheckpoint>> output, LongSupplier clock) {
        this.output = output;
        this.clock = clock;
    }

    void tell(TestOutcome outcome) {
        tell(outcome.evaluations(), outcome.task().end());
    }

    void tell(WindowOutcome outcome) {
        tell(outcome.evaluations(), outcome.task().end());
        if (outcome.delta() != null) {
            tell(outcome.delta());
        }
        if (outcome.checkpoint() != null) {
            tell(outcome.checkpoint(), outcome.task().end());
        }
    }

    void tell(RollbackOutcome outcome, long timestamp) {
        if (outcome.checkpoint() != null) {
            tell(outcome.checkpoint(), timestamp);
        }
        tell(
                ControlReport.training(
                        outcome.task().control(),
                        outcome.outcome(),
                        outcome.reason(),
                        clock.getAsLong()));
    }

    void tell(ModelCheckpoint checkpoint, long timestamp) {
        output.collect(new StreamRecord<>(checkpoint, timestamp));
        output.collect(
                FineTuneOperator.UPDATES,
                new StreamRecord<>(RecommenderUpdate.of(checkpoint), timestamp));
    }

    void tell(ModelDelta delta) {
        output.collect(
                FineTuneOperator.UPDATES,
                new StreamRecord<>(RecommenderUpdate.of(delta), delta.timestamp()));
    }

    void tell(ControlReport report) {
        output.collect(FineTuneOperator.REPORTS, new StreamRecord<>(report));
    }

    private void tell(List<Evaluation> evaluations, long timestamp) {
        for (Evaluation evaluation : evaluations) {
            output.collect(FineTuneOperator.EVALUATIONS, new StreamRecord<>(evaluation, timestamp));
        }
    }
}
