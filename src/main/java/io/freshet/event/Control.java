package io.freshet.event;

/**
 * An operator's instruction to the running job. An instruction of the same id is carried out once.
 *
 * @param controlId identity of the message
 * @param kind what to do
 * @param userId for {@link Kind#FORGET_USER}, the user it is about; else empty
 * @param timestamp event time in milliseconds since the epoch
 * @param version for {@link Kind#ROLLBACK}, the version to return to; else 0
 * @param update for {@link Kind#ROLLBACK}, the update since that version to return to, by the
 *     number of its training window; 0 for the version itself
 */
public record Control(
        String controlId, Kind kind, String userId, long timestamp, long version, long update) {

    /** An instruction that is about no update. */
    public Control(String controlId, Kind kind, String userId, long timestamp, long version) {
        this(controlId, kind, userId, timestamp, version, 0);
    }

    /** What a control message requests. */
    public enum Kind {
        /** Remove a user from state, from training data and from emitted lists. */
        FORGET_USER,
        /** Make an earlier version, or update, the live model, and train on from there. */
        ROLLBACK,
        /** Train no more, until {@link #RESUME}. */
        PAUSE,
        /** Train again. */
        RESUME,
        /** Train on what waits, though it is less than a training window. */
        TRAIN_NOW
    }

    /** An instruction that is about a user. */
    public static Control forget(String controlId, String userId, long timestamp) {
        return new Control(controlId, Kind.FORGET_USER, userId, timestamp, 0);
    }

    /** Whether the other one requests the same, whatever its id and time. */
    public boolean asksTheSame(Control other) {
        return kind == other.kind
                && userId.equals(other.userId)
                && version == other.version
                && update == other.update;
    }
}
