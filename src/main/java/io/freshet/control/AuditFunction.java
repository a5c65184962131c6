package io.freshet.control;

import io.freshet.config.ControlConfig;
import io.freshet.event.AuditEvent;
import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.ControlReport;
import io.freshet.runtime.state.StateTtl;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Answers every control once: gathers the reports of the stages that it concerns, in whatever order
 * they arrive, and makes one audit event of them. Keeps the answer as long as the admission keeps
 * the id, because the answer to a repeat repeats it. Keyed by control id.
 */
public final class AuditFunction extends KeyedProcessFunction<String, ControlReport, AuditEvent> {

    private static final long serialVersionUID = 1L;

    private final ControlConfig config;
    private final Duration maxFuture;

    private transient ValueState<AuditState> states;

    /**
     * @param maxFuture how far a control's time may lie ahead of the clock
     */
    public AuditFunction(ControlConfig config, Duration maxFuture) {
        this.config = config;
        this.maxFuture = maxFuture;
    }

    @Override
    public void open(OpenContext context) {
        states =
                getRuntimeContext()
                        .getState(
                                StateTtl.value(
                                        "audit",
                                        TypeInformation.of(AuditState.class),
                                        ControlAdmissionFunction.memory(config, maxFuture)));
    }

    @Override
    public void processElement(ControlReport report, Context context, Collector<AuditEvent> out)
            throws IOException {
        AuditState state = states.value();
        if (isNotAdmitted(report)) {
            out.collect(notAdmitted(report, state == null ? null : state.answer));
            return;
        }
        if (state == null || state.answer != null) {
            state = new AuditState(); // of an id that the admission has dropped in between
        }
        state.reports.add(report);
        state.answer = Reports.answer(state.reports);
        if (state.answer != null) {
            state.reports.clear();
            out.collect(state.answer);
        }
        states.update(state);
    }

    private static boolean isNotAdmitted(ControlReport report) {
        return report.stage() == ControlReport.Stage.ADMISSION
                && report.outcome() != Outcome.APPLIED;
    }

    /**
     * The answer to a control that was not admitted.
     *
     * @param first the answer to the control that was admitted with its id, null before there is
     *     one
     */
    private static AuditEvent notAdmitted(ControlReport report, @Nullable AuditEvent first) {
        String reason = report.outcome() == Outcome.REPEATED ? repeated(first) : report.reason();
        return new AuditEvent(
                Objects.requireNonNull(report.control()),
                report.outcome(),
                reason,
                report.timestamp(),
                List.of());
    }

    private static String repeated(@Nullable AuditEvent first) {
        if (first == null) {
            return "the control of this id is being carried out; its answer follows";
        }
        return "the control of this id was %s at %s: %s"
                .formatted(
                        first.outcome().name().toLowerCase(Locale.ROOT),
                        Instant.ofEpochMilli(first.timestamp()),
                        first.reason());
    }
}
