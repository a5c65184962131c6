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

    private static final ControlConfig CONFIG = new ControlConfig(Duration.ofDays(1));
    private static final Duration MAX_FUTURE = Duration.ofHours(1);
    private static final long NOW = 1_000;
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
    void admitsAnIdOnceAlsoAfterARestore() throws Exception {
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
    void refusesAControlAboutTrainingThatIsOlderThanIdsAreKept() throws Exception {
        try (var harness = start(null)) {
            long ttl = CONFIG.idTtl().toMillis();
            setTime(harness, PAUSE.timestamp() + ttl);
            harness.processElement(PAUSE, 60);
            Control younger = new Control("c-3", Kind.RESUME, "", PAUSE.timestamp() + 1, 0);
            harness.processElement(younger, 61);

            assertThat(harness.getSideOutput(ControlAdmissionFunction.TRAINING))
                    .extracting(StreamRecord::getValue)
                    .containsExactly(TrainingSignal.of(younger));
            assertThat(reports(harness))
                    .extracting(ControlReport::outcome)
                    .containsExactly(Outcome.REFUSED, Outcome.APPLIED);
            assertThat(reports(harness).get(0).reason())
                    .contains("found a control of 1970-01-01T00:00:00.060Z", "PT24H");
        }
    }

    @Test
    void forgetsAUserHoweverOldTheControlIs() throws Exception {
        try (var harness = start(null)) {
            setTime(harness, FORGET.timestamp() + 1_000 * CONFIG.idTtl().toMillis());
            harness.processElement(FORGET, 50);

            assertThat(harness.extractOutputValues()).containsExactly(FORGET);
        }
    }

    /** Also if the sender's clock was ahead, so that the control is younger than its id. */
    @Test
    void neverCarriesOutARepeatAboutTraining() throws Exception {
        long ttl = CONFIG.idTtl().toMillis();
        long ahead = MAX_FUTURE.toMillis();
        Control early = new Control("c-2", Kind.PAUSE, "", NOW + ahead, 0);
        try (var harness = start(null)) {
            harness.processElement(early, 60);
            for (long later : new long[] {1, ttl, ttl + ahead - 1, ttl + ahead, 2 * ttl}) {
                setTime(harness, NOW + later);
                harness.processElement(early, 60);
            }

            assertThat(reports(harness))
                    .extracting(ControlReport::outcome)
                    .containsExactly(
                            Outcome.APPLIED,
                            Outcome.REPEATED,
                            Outcome.REPEATED,
                            Outcome.REPEATED,
                            Outcome.REFUSED,
                            Outcome.REFUSED);
        }
    }

    @Test
    void dropsIdsAfterTheirTime() throws Exception {
        try (var harness = start(null)) {
            harness.processElement(FORGET, 60);
            setTime(harness, NOW + CONFIG.idTtl().plus(MAX_FUTURE).toMillis());
            harness.processElement(FORGET, 60);

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
                        new KeyedProcessOperator<>(
                                new ControlAdmissionFunction(CONFIG, MAX_FUTURE)),
                        Control::controlId,
                        Types.STRING);
        TestingRocksDb.use(harness);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        setTime(harness, NOW);
        return harness;
    }

    private static void setTime(
            KeyedOneInputStreamOperatorTestHarness<String, Control, Control> harness, long now)
            throws Exception {
        harness.setProcessingTime(now);
        harness.setStateTtlProcessingTime(now);
    }
}
