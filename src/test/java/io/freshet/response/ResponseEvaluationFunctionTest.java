package io.freshet.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.Evaluation;
import io.freshet.event.PredictedResponse;
import java.time.Duration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ResponseEvaluationFunctionTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void evaluatesEverySoManyResponses() throws Exception {
        try (var harness = harness(3)) {
            harness.open();
            harness.processElement(response(10, 0.9f, true), 10);
            harness.processElement(response(30, 0.2f, false), 30);
            harness.processElement(response(20, 0.4f, true), 20);

            Evaluation evaluation = harness.extractOutputValues().get(0);
            assertThat(evaluation.subject()).isEqualTo(Evaluation.Subject.RESPONSES);
            assertThat(evaluation.window()).isEqualTo(1);
            assertThat(evaluation.timestamp()).isEqualTo(31);
            assertThat(evaluation.positions()).isEqualTo(3);
            assertThat(evaluation.auc()).isEqualTo(1);
            assertThat(evaluation.calibration()).isCloseTo(1.5f / 2, within(1e-6f));
            assertThat(evaluation.loss())
                    .isCloseTo(
                            (float) -(Math.log(0.9) + Math.log(0.8) + Math.log(0.4)) / 3,
                            within(1e-6f));
            assertThat(evaluation.hitRate()).isNaN();
        }
    }

    @Test
    void evaluatesWhenTheEventTimeOfOneEvaluationIsOver() throws Exception {
        try (var harness = harness(1000)) {
            harness.open();
            harness.processElement(response(0, 0.5f, true), 0);
            harness.processElement(response(HOUR.toMillis() - 1, 0.5f, false), 0);
            assertThat(harness.extractOutputValues()).isEmpty();

            harness.processElement(response(HOUR.toMillis(), 0.5f, false), 0);

            assertThat(harness.extractOutputValues())
                    .extracting(Evaluation::positions)
                    .containsExactly(2);
        }
    }

    @Test
    void goesOnAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (var harness = harness(2)) {
            harness.open();
            harness.processElement(response(1, 0.5f, true), 1);
            harness.processElement(response(2, 0.5f, true), 2);
            harness.processElement(response(3, 0.5f, true), 3);
            state = harness.snapshot(1, 1);
        }
        try (var harness = harness(2)) {
            harness.initializeState(state);
            harness.open();
            harness.processElement(response(4, 0.5f, false), 4);

            assertThat(harness.extractOutputValues())
                    .extracting(Evaluation::window, Evaluation::positions)
                    .containsExactly(tuple(2L, 2));
        }
    }

    private static PredictedResponse response(long time, float probability, boolean responded) {
        return new PredictedResponse("u", "i", time, 0, time, probability, responded, -1);
    }

    private static OneInputStreamOperatorTestHarness<PredictedResponse, Evaluation> harness(
            int most) throws Exception {
        return new OneInputStreamOperatorTestHarness<>(
                new ProcessOperator<>(new ResponseEvaluationFunction(most, HOUR)));
    }
}
