package io.freshet.training.operator;

import io.freshet.config.TrainingConfig;
import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.ControlReport.Stage;
import io.freshet.event.Removal;
import io.freshet.training.window.Backlog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries controls out on the buffers, and reports how. */
final class TrainingControls {

    private static final String DISABLED = "training.enabled is false, so nothing is ever trained";

    private final TrainingConfig config;
    private final TrainingBuffers buffers;
    private final Backlog backlog;

    TrainingControls(TrainingConfig config, TrainingBuffers buffers) {
        this.config = config;
        this.buffers = buffers;
        this.backlog = buffers.backlog();
    }

    /**
     * Carries a control out, or enters it as the next job.
     *
     * @param watermark up to which panes are complete
     * @param now wall-clock time, milliseconds since the epoch
     * @return the report; null for a rollback, which is reported when it is done
     */
    @Nullable ControlReport handle(Control control, long watermark, long now) {
        return switch (control.kind()) {
            case FORGET_USER -> forget(control, now);
            case PAUSE -> pause(control, now);
            case RESUME -> resume(control, now);
            case TRAIN_NOW -> trainNow(control, watermark, now);
            case ROLLBACK -> {
                buffers.add(control);
                yield null;
            }
        };
    }

    private ControlReport forget(Control control, long now) {
        boolean working = buffers.isBusy();
        List<Removal> removed =
                buffers.forget(control.userId()).entrySet().stream()
                        .map(place -> new Removal(place.getKey(), place.getValue(), now))
                        .toList();
        String reason =
                working
                        ? "the training in progress ends with the sequences that it began with,"
                                + " and keeps none of the user's"
                        : "";
        return ControlReport.removal(control.controlId(), Stage.TRAINING, reason, now, removed);
    }

    private ControlReport pause(Control control, long now) {
        if (!config.enabled()) {
            return ControlReport.training(control, Outcome.REFUSED, DISABLED, now);
        }
        String reason = backlog.isPaused() ? "training was paused already" : "training is paused";
        backlog.pause();
        String rest = buffers.isBusy() ? "; the work in progress is finished first" : "";
        return ControlReport.training(control, Outcome.APPLIED, reason + rest, now);
    }

    private ControlReport resume(Control control, long now) {
        if (!backlog.isPaused()) {
            return ControlReport.training(control, Outcome.APPLIED, "training was not paused", now);
        }
        String reason =
                "training goes on with "
                        + backlog.size()
                        + " sequences that waited; "
                        + backlog.resume()
                        + " more were passed over";
        return ControlReport.training(control, Outcome.APPLIED, reason, now);
    }

    private ControlReport trainNow(Control control, long watermark, long now) {
        int sequences = backlog.trainable(watermark);
        String refusal =
                !config.enabled()
                        ? DISABLED
                        : backlog.isPaused()
                                ? "training is paused: resume it first"
                                : sequences == 0
                                        ? "no sequence of a complete pane waits to be trained on"
                                        : "";
        if (!refusal.isEmpty()) {
            return ControlReport.training(control, Outcome.REFUSED, refusal, now);
        }
        backlog.closeWindow();
        return ControlReport.training(
                control,
                Outcome.APPLIED,
                "the window closes with " + sequences + " sequences",
                now);
    }
}
