package io.freshet.training;

import io.freshet.event.ControlReport;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelDelta;
import io.freshet.event.RecommenderUpdate;
import java.util.List;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** What the fine-tuner tells, to whom, and with which event time. */
final class FineTuneOutput {

    private final Output<StreamRecord<ModelCheckpoint>> output;

    FineTuneOutput(Output<StreamRecord<ModelCheckpoint>> output) {
        this.output = output;
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

    void tell(List<Evaluation> evaluations, long timestamp) {
        for (Evaluation evaluation : evaluations) {
            output.collect(FineTuneOperator.EVALUATIONS, new StreamRecord<>(evaluation, timestamp));
        }
    }

    void tell(ControlReport report) {
        output.collect(FineTuneOperator.REPORTS, new StreamRecord<>(report));
    }
}
