package io.freshet.event;

/**
 * That something of a forgotten user is no longer in a place.
 *
 * @param place where it was
 * @param count how many there were; 0 if nothing was found there
 * @param timestamp wall-clock time of the removal, milliseconds since the epoch
 */
public record Removal(Place place, long count, long timestamp) {

    /** Where something of a user may be, and what is counted there. */
    public enum Place {
        /** The user's history: interactions. */
        HISTORY,
        /** The set of items that the user had: items. */
        SEEN_ITEMS,
        /** What the user was shown: exposures. */
        EXPOSURES,
        /** Waiting for a training window: sequences. */
        PENDING,
        /** Held out to judge updates: sequences. */
        HELD_OUT,
        /** Kept to make the live model again after a restore: sequences. */
        REDO_LOG,
        /** The sample of the past that is trained again: sequences. */
        REPLAY_BUFFER,
        /** The topic of lists: tombstones written. */
        RECOMMENDATIONS,
        /** What the user rejected: items. */
        REJECTIONS,
        /** What responses are predicted from: waiting exposures, attributes, the user's rate. */
        RESPONSES
    }
}
