package io.freshet.replay.input;

import io.freshet.config.FeedbackConfig;
import io.freshet.event.Interaction;
import java.io.Serializable;
import java.util.List;

/**
 * What protocol P makes of a file's rows, by their event type and rating; it has nothing to do with
 * what they teach. Ignored rows keep their position, and are never tested, no history, and make no
 * item known.
 *
 * @param targets event types that are tested; none for all that users choose by
 * @param ignored event types that are ignored
 * @param minRating rows with a lower rating are ignored; NaN for none
 */
public record ProtocolRows(List<String> targets, List<String> ignored, float minRating)
        implements Serializable {

    /** All choices are tested, and nothing is ignored. */
    public static final ProtocolRows ALL = new ProtocolRows(List.of(), List.of(), Float.NaN);

    public ProtocolRows {
        targets = List.copyOf(targets);
        ignored = List.copyOf(ignored);
        for (String target : targets) {
            if (ignored.contains(target)) {
                throw new IllegalArgumentException(
                        "targets: found '%s', expected a type that is not ignored"
                                .formatted(target));
            }
        }
    }

    /** Whether the protocol ignores a row. */
    public boolean ignores(Interaction row) {
        return ignored.contains(row.eventType()) || row.rating() < minRating;
    }

    /**
     * Whether a row must not come into the job: it would be history. An ignored row that rejects
     * its item, or says what a user was shown, may be learned from.
     */
    public boolean leavesOut(Interaction row, FeedbackConfig feedback) {
        return ignores(row) && feedback.roleOf(row.eventType(), row.rating()).isPosition();
    }
}
