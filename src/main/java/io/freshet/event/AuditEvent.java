package io.freshet.event;

import java.util.List;

/**
 * The answer to a control message: every one that could be read ends in exactly one.
 *
 * @param control what was asked
 * @param outcome what became of it
 * @param reason why or how, in words and figures
 * @param timestamp wall-clock time of the outcome, milliseconds since the epoch
 * @param removed for a control that forgets a user, the attestation place by place; else empty
 */
public record AuditEvent(
        Control control, Outcome outcome, String reason, long timestamp, List<Removal> removed) {

    /** What became of a control. */
    public enum Outcome {
        /** It was carried out. */
        APPLIED,
        /** It can't be carried out, and changed nothing. */
        REFUSED,
        /** A control of this id was let in before; this one changed nothing. */
        REPEATED
    }
}
