package io.freshet.recommend.model;

import io.freshet.event.ModelRevision;
import io.freshet.model.RecommenderModel;
import io.freshet.model.WeightChanges;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Reads announced models. All methods are called on the loader's thread, {@link #load} before the
 * task begins also on the task's. Serializable, because operators carry it to their task.
 */
public interface ModelSource extends Serializable {

    /**
     * Loads a version and imports its updates up to the revision's.
     *
     * @throws IOException if something of it is missing, incomplete or damaged; the message says
     *     what was found
     * @throws MissingStoreException if there is no store at all
     */
    RecommenderModel load(ModelRevision revision) throws IOException;

    /**
     * Reads what leads from a revision to a later one, oldest first; empty if the one is not an
     * ancestor of the other by updates.
     *
     * @throws IOException if an update is missing or damaged; the message says what was found
     */
    Optional<List<WeightChanges>> changes(ModelRevision from, ModelRevision to) throws IOException;
}
