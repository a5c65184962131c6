package io.freshet.training.operator;

import io.freshet.event.ControlReport;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelUpdate;
import io.freshet.event.RecommenderUpdate;
import io.freshet.training.Job;
import io.freshet.training.Outcome;
import java.util.function.LongSupplier;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Emits what became of jobs, each on its output and with its event time. */
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

    /**
     * Emits an outcome. A version that consists of updates comes after the last of them; what is
     * rolled back to comes before the update that it is followed by.
     *
     * @param timestamp event time of everything in it, milliseconds since the epoch
     */
    void emit(Outcome outcome, long timestamp) {
        for (Evaluation evaluation : outcome.evaluations()) {
            output.collect(FineTuneOperator.EVALUATIONS, new StreamRecord<>(evaluation, timestamp));
        }
        boolean rolledBack = outcome.job() instanceof Job.RollBack;
        if (outcome.update() != null && !rolledBack) {
            emit(outcome.update());
        }
        if (outcome.checkpoint() != null) {
            emit(outcome.checkpoint(), timestamp);
        }
        if (outcome.update() != null && rolledBack) {
            emit(outcome.update());
        }
        if (outcome.answer() != null && outcome.job() instanceof Job.RollBack job) {
            emit(
                    ControlReport.training(
                            job.control(),
                            outcome.answer().outcome(),
                            outcome.answer().reason(),
                            clock.getAsLong()));
        }
    }

    /** Emits a verdict; recommenders get it if a version is live by it. */
    void emit(ModelCheckpoint checkpoint, long timestamp) {
        output.collect(new StreamRecord<>(checkpoint, timestamp));
        if (checkpoint.live()) {
            output.collect(
                    FineTuneOperator.UPDATES,
                    new StreamRecord<>(RecommenderUpdate.of(checkpoint), timestamp));
        }
    }

    void emit(ControlReport report) {
        output.collect(FineTuneOperator.REPORTS, new StreamRecord<>(report));
    }

    private void emit(ModelUpdate update) {
        output.collect(
                FineTuneOperator.UPDATES,
                new StreamRecord<>(RecommenderUpdate.of(update), update.timestamp()));
    }
}
