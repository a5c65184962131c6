package io.freshet.control;

import io.freshet.config.ControlConfig;
import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.TrainingSignal;
import io.freshet.runtime.state.StateTtl;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Admits every control once, by its id, and sends it where it is carried out: those about a user to
 * the history (main output), those about training to the fine-tuner ({@link #TRAINING}). Its
 * decisions go to the audit ({@link #REPORTS}). Keyed by control id, and not parallel, so that
 * controls keep their order.
 *
 * <p>An id that comes again with another instruction is refused rather than called a repeat: a user
 * who is to be forgotten must not be missed because an id was used twice.
 *
 * <p>A control about training that is older than the memory of ids is refused, because it may have
 * been carried out before: a topic that is read from its beginning, or a late repeat, must not
 * bring back last year's pause. A user is forgotten however old the control is.
 */
public final class ControlAdmissionFunction extends KeyedProcessFunction<String, Control, Control> {

    /** Controls about training. */
    public static final OutputTag<TrainingSignal> TRAINING =
            new OutputTag<>("training-signals", TypeInformation.of(TrainingSignal.class));

    /** Which controls were admitted, and why others were not. */
    public static final OutputTag<ControlReport> REPORTS =
            new OutputTag<>("control-reports", TypeInformation.of(ControlReport.class));

    private static final long serialVersionUID = 1L;

    private final ControlConfig config;
    private final Duration maxFuture;

    private transient ValueState<Control> admitted;

    /**
     * @param maxFuture how far a control's time may lie ahead of the clock
     */
    public ControlAdmissionFunction(ControlConfig config, Duration maxFuture) {
        this.config = config;
        this.maxFuture = maxFuture;
    }

    @Override
    public void open(OpenContext context) {
        admitted =
                getRuntimeContext()
                        .getState(
                                StateTtl.value(
                                        "admitted",
                                        TypeInformation.of(Control.class),
                                        memory(config, maxFuture)));
    }

    /**
     * How long an id is kept: until its control is older than {@code control.id-ttl}, though its
     * time was as far ahead as it may be.
     */
    static Duration memory(ControlConfig config, Duration maxFuture) {
        return config.idTtl().plus(maxFuture);
    }

    @Override
    public void processElement(Control control, Context context, Collector<Control> out)
            throws IOException {
        long now = context.timerService().currentProcessingTime();
        Control before = admitted.value();
        if (before != null) {
            context.output(REPORTS, notAdmitted(control, before, now));
            return;
        }
        if (isStale(control, now)) {
            context.output(REPORTS, stale(control, now));
            return;
        }
        admitted.update(control);
        context.output(REPORTS, ControlReport.admission(control, Outcome.APPLIED, "", now));
        if (control.kind() == Control.Kind.FORGET_USER) {
            out.collect(control);
        } else {
            context.output(TRAINING, TrainingSignal.of(control));
        }
    }

    private boolean isStale(Control control, long now) {
        return control.kind() != Control.Kind.FORGET_USER
                && control.timestamp() <= now - config.idTtl().toMillis();
    }

    private ControlReport stale(Control control, long now) {
        String reason =
                """
                it may have been carried out before, found a control of %s, expected one no older \
                than control.id-ttl = %s, for which ids are kept: send it again with another id \
                and the current time"""
                        .formatted(Instant.ofEpochMilli(control.timestamp()), config.idTtl());
        return ControlReport.admission(control, Outcome.REFUSED, reason, now);
    }

    private static ControlReport notAdmitted(Control control, Control before, long now) {
        if (control.asksTheSame(before)) {
            return ControlReport.admission(control, Outcome.REPEATED, "", now);
        }
        String reason =
                """
                the id is that of another control, found %s after %s: send it again with an id of \
                its own"""
                        .formatted(describe(control), describe(before));
        return ControlReport.admission(control, Outcome.REFUSED, reason, now);
    }

    private static String describe(Control control) {
        return switch (control.kind()) {
            case FORGET_USER -> "'forget user " + control.userId() + "'";
            case ROLLBACK -> "'roll back to version " + control.version() + "'";
            case PAUSE -> "'pause'";
            case RESUME -> "'resume'";
            case TRAIN_NOW -> "'train now'";
        };
    }
}
