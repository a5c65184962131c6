package io.freshet.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.ControlConfig;
import io.freshet.event.AuditEvent;
import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.Control;
import io.freshet.event.Control.Kind;
import io.freshet.event.ControlReport;
import io.freshet.event.ControlReport.Stage;
import io.freshet.event.Removal;
import io.freshet.event.Removal.Place;
import io.freshet.testing.TestingRocksDb;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.types.PojoTestUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditFunctionTest {

    private static final ControlConfig CONFIG = new ControlConfig(Duration.ofDays(1));
    private static final Control FORGET = Control.forget("c", "ann", 50);
    private static final Control PAUSE = new Control("c", Kind.PAUSE, "", 60, 0);
    private static final Removal HISTORY = new Removal(Place.HISTORY, 7, 11);
    private static final Removal REPLAY = new Removal(Place.REPLAY_BUFFER, 2, 12);
    private static final Removal TOMBSTONE = new Removal(Place.RECOMMENDATIONS, 1, 13);
    private static final Removal RESPONSES = new Removal(Place.RESPONSES, 3, 14);

    @Test
    void answersAForgetWhenEveryPlaceHasReportedInWhateverOrderOverARestore() throws Exception {
        OperatorSubtaskState state;
        try (var audit = start(null)) {
            report(audit, removal(Stage.RECOMMENDER, 13, TOMBSTONE));
            report(audit, removal(Stage.TRAINING, 12, REPLAY));
            report(audit, ControlReport.admission(FORGET, Outcome.APPLIED, "", 10));
            assertThat(audit.extractOutputValues()).isEmpty();
            state = audit.snapshot(1, 1);
        }
        try (var audit = start(state)) {
            report(audit, removal(Stage.RESPONSES, 14, RESPONSES));
            report(audit, removal(Stage.HISTORY, 11, HISTORY));

            assertThat(audit.extractOutputValues())
                    .containsExactly(
                            new AuditEvent(
                                    FORGET,
                                    Outcome.APPLIED,
                                    "",
                                    14,
                                    List.of(HISTORY, REPLAY, TOMBSTONE, RESPONSES)));
        }
    }

    @Test
    void repeatsTheFirstAnswerToARepeat() throws Exception {
        try (var audit = start(null)) {
            report(audit, ControlReport.admission(PAUSE, Outcome.APPLIED, "", 10));
            report(audit, ControlReport.admission(PAUSE, Outcome.REPEATED, "", 11));
            report(audit, ControlReport.training(PAUSE, Outcome.REFUSED, "no need", 12));
            report(audit, ControlReport.admission(PAUSE, Outcome.REPEATED, "", 14));

            assertThat(audit.extractOutputValues())
                    .containsExactly(
                            event(
                                    Outcome.REPEATED,
                                    "the control of this id is being carried out; its answer"
                                            + " follows",
                                    11),
                            event(Outcome.REFUSED, "no need", 12),
                            event(
                                    Outcome.REPEATED,
                                    "the control of this id was refused at"
                                            + " 1970-01-01T00:00:00.012Z: no need",
                                    14));
        }
    }

    @Test
    void answersAControlThatWasNotAdmittedWithTheReason() throws Exception {
        try (var audit = start(null)) {
            report(audit, ControlReport.admission(PAUSE, Outcome.APPLIED, "", 10));
            report(audit, ControlReport.admission(FORGET, Outcome.REFUSED, "id in use", 11));
            report(audit, ControlReport.training(PAUSE, Outcome.APPLIED, "paused", 12));

            assertThat(audit.extractOutputValues())
                    .containsExactly(
                            new AuditEvent(FORGET, Outcome.REFUSED, "id in use", 11, List.of()),
                            event(Outcome.APPLIED, "paused", 12));
        }
    }

    @Test
    void startsAgainWithAnIdThatTheAdmissionHasDropped() throws Exception {
        try (var audit = start(null)) {
            for (int round = 0; round < 2; round++) {
                report(audit, ControlReport.training(PAUSE, Outcome.APPLIED, "paused", 12));
                report(audit, ControlReport.admission(PAUSE, Outcome.APPLIED, "", 10));
            }

            assertThat(audit.extractOutputValues())
                    .containsExactly(
                            event(Outcome.APPLIED, "paused", 12),
                            event(Outcome.APPLIED, "paused", 12));
        }
    }

    @Test
    void keepsItsStateWithoutKryo() {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(AuditState.class);
    }

    private static AuditEvent event(Outcome outcome, String reason, long timestamp) {
        return new AuditEvent(PAUSE, outcome, reason, timestamp, List.of());
    }

    private static ControlReport removal(Stage stage, long timestamp, Removal removal) {
        return ControlReport.removal("c", stage, "", timestamp, List.of(removal));
    }

    private static void report(
            KeyedOneInputStreamOperatorTestHarness<String, ControlReport, AuditEvent> audit,
            ControlReport report)
            throws Exception {
        audit.processElement(report, report.timestamp());
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, ControlReport, AuditEvent> start(
            @Nullable OperatorSubtaskState state) throws Exception {
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new AuditFunction(CONFIG, Duration.ZERO)),
                        ControlReport::controlId,
                        Types.STRING);
        TestingRocksDb.use(harness);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }
}
