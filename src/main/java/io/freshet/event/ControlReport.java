package io.freshet.event;

import io.freshet.event.AuditEvent.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stage's report on a control. Once every stage that a control concerns has reported, its
 * reports become one {@link AuditEvent}.
 *
 * @param controlId identity of the control
 * @param stage who reports
 * @param outcome what became of the control there
 * @param reason why or how, in words and figures; empty if there is nothing to add
 * @param timestamp wall-clock time, milliseconds since the epoch
 * @param removed what was removed, for a control that forgets a user
 * @param control the control itself, which the admission alone reports
 */
public record ControlReport(
        String controlId,
        Stage stage,
        Outcome outcome,
        String reason,
        long timestamp,
        List<Removal> removed,
        @Nullable Control control) {

    /** Who reports. */
    public enum Stage {
        /** Lets each control in once. */
        ADMISSION,
        /** Holds the users' state. */
        HISTORY,
        /** Holds training data and versions. */
        TRAINING,
        /** Writes lists. */
        RECOMMENDER,
        /** Predicts responses. */
        RESPONSES
    }

    /** How the admission decided, on a control that was let in if the outcome is APPLIED. */
    public static ControlReport admission(
            Control control, Outcome outcome, String reason, long timestamp) {
        return new ControlReport(
                control.controlId(),
                Stage.ADMISSION,
                outcome,
                reason,
                timestamp,
                List.of(),
                control);
    }

    /** What a stage removed of a user. */
    public static ControlReport removal(
            String controlId, Stage stage, String reason, long timestamp, List<Removal> removed) {
        return new ControlReport(
                controlId, stage, Outcome.APPLIED, reason, timestamp, removed, null);
    }

    /** How training followed an instruction, or why it did not. */
    public static ControlReport training(
            Control control, Outcome outcome, String reason, long timestamp) {
        return new ControlReport(
                control.controlId(), Stage.TRAINING, outcome, reason, timestamp, List.of(), null);
    }
}
