package io.freshet.event;

/**
 * An operator's instruction to the running job.
 *
 * @param controlId identity of the message
 * @param kind what to do
 * @param userId the user it is about
 * @param timestamp event time in milliseconds since the epoch
 */
public record Control(String controlId, Kind kind, String userId, long timestamp) {

    /** What a control message asks for. */
    public enum Kind {
        /** Remove a user from state, from training data and from emitted lists. */
        FORGET_USER
    }
}
