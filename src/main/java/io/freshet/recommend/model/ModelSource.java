package io.freshet.recommend.model;

import io.freshet.event.ModelRevision;
import io.freshet.model.RecommenderModel;
import io.freshet.model.WeightChanges;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads announced models. All methods are called on the loader's thread, {@link #load} before the
 * task begins also on the task's. Serializable, because operators carry it to their task.
 */
public interface ModelSource extends Serializable {

    /**
     * The same, with models on the device that they are to compute on. Called in the task before
     * anything else.
     *
     * @param assignedGpu gives the index of the task's GPU; asked only if the models need one
     * @throws IllegalStateException if the device can't be used, or another process uses it
     */
    default ModelSource onDevice(Supplier<String> assignedGpu) {
        return this;
    }

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
