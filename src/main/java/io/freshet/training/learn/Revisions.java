package io.freshet.training.learn;

import io.freshet.event.ModelRevision;
import io.freshet.model.WeightChanges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Where a trainer finds the revisions of its model. */
public interface Revisions {

    /**
     * A version as a directory of this machine.
     *
     * @param graph SHA-256 of its graph: variables of versions with the same graph fit each other
     * @param windowEnd exclusive end of the event time that it was trained on, milliseconds since
     *     the epoch
     */
    record Snapshot(Path directory, String graph, long windowEnd) {}

    /** Receives updates. */
    @FunctionalInterface
    interface UpdateConsumer {

        /**
         * @param lastUsed event time of the last use of items, as far as the update changed it
         */
        void accept(WeightChanges changes, Map<String, Long> lastUsed);
    }

    /**
     * A revision's version, verified.
     *
     * @throws IOException if it is missing, damaged, or takes other content vectors
     */
    Snapshot version(ModelRevision revision) throws IOException;

    /**
     * Hands out the updates from a revision's version to the revision, oldest first.
     *
     * @throws IOException if one is missing or damaged
     */
    void updates(ModelRevision revision, UpdateConsumer consumer) throws IOException;
}
