package io.freshet.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.config.ControlConfig;
import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.Control;
import io.freshet.event.Control.Kind;
import io.freshet.event.ControlReport;
import io.freshet.event.TrainingSignal;
import io.freshet.testing.TestingRocksDb;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ControlAdmissionFunctionTest {

    private static final ControlConfig CONFIG = new ControlConfig(Duration.ofDays(1), 10);
    private static final Control FORGET = Control.forget("c-1", "ann", 50);
    private static final Control PAUSE = new Control("c-2", Kind.PAUSE, "", 60, 0);

    @Test
    void sendsEachControlWhereItIsCarriedOut() throws Exception {
        try (var harness = start(null)) {
            harness.processElement(FORGET, 50);
            harness.processElement(PAUSE, 60);

            assertThat(harness.extractOutputValues()).containsExactly(FORGET);
            assertThat(harness.getSideOutput(ControlAdmissionFunction.TRAINING))
                    .extracting(StreamRecord::getValue)
                    .containsExactly(TrainingSignal.of(PAUSE));
            assertThat(reports(harness))
                    .extracting(ControlReport::outcome, ControlReport::control)
                    .containsExactly(tuple(Outcome.APPLIED, FORGET), tuple(Outcome.APPLIED, PAUSE));
        }
    }

    @Test
    void letsAnIdInOnceAlsoAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (var harness = start(null)) {
            harness.processElement(FORGET, 50);
            state = harness.snapshot(1, 1);
        }
        try (var harness = start(state)) {
            Control again = Control.forget("c-1", "ann", 99);
            harness.processElement(again, 99);

            assertThat(harness.extractOutputValues()).isEmpty();
            assertThat(reports(harness))
                    .extracting(ControlReport::outcome, ControlReport::control)
                    .containsExactly(tuple(Outcome.REPEATED, again));
        }
    }

    @Test
    void refusesAnIdThatCameWithAnotherInstruction() throws Exception {
        try (var harness = start(null)) {
            harness.processElement(FORGET, 50);
            harness.processElement(Control.forget("c-1", "bob", 50), 50);
            harness.processElement(new Control("c-1", Kind.ROLLBACK, "", 50, 3), 50);

            assertThat(harness.extractOutputValues()).containsExactly(FORGET);
            assertThat(reports(harness).subList(1, 3))
                    .allSatisfy(
                            report -> {
                                assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
                                assertThat(report.reason()).contains("after 'forget user ann'");
                            })
                    .extracting(ControlReport::reason)
                    .satisfiesExactly(
                            reason -> assertThat(reason).contains("'forget user bob'"),
                            reason -> assertThat(reason).contains("'roll back to version 3'"));
        }
    }

    @Test
    void forgetsIdsAfterTheirTime() throws Exception {
        try (var harness = start(null)) {
            harness.setStateTtlProcessingTime(0);
            harness.processElement(PAUSE, 60);
            harness.setStateTtlProcessingTime(CONFIG.idTtl().toMillis() + 1);
            harness.processElement(PAUSE, 60);

            assertThat(reports(harness))
                    .extracting(ControlReport::outcome)
                    .containsExactly(Outcome.APPLIED, Outcome.APPLIED);
        }
    }

    private static List<ControlReport> reports(
            KeyedOneInputStreamOperatorTestHarness<String, Control, Control> harness) {
        return harness.getSideOutput(ControlAdmissionFunction.REPORTS).stream()
                .map(StreamRecord::getValue)
                .toList();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Control, Control> start(
            @Nullable OperatorSubtaskState state) throws Exception {
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new ControlAdmissionFunction(CONFIG)),
                        Control::controlId,
                        Types.STRING);
        TestingRocksDb.use(harness);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }
}
