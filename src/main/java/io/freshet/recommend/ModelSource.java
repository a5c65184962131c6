package io.freshet.recommend;

import io.freshet.event.ModelCheckpoint;
import io.freshet.model.RecommenderModel;
import java.io.IOException;
import java.io.Serializable;

/** Loads announced versions. Serializable, because operators carry it to their task. */
@FunctionalInterface
public interface ModelSource extends Serializable {

    /**
     * Loads the version that a checkpoint announced. Called on the loader's thread.
     *
     * @throws IOException if it is missing, incomplete or damaged; the message says what was found
     */
    RecommenderModel load(ModelCheckpoint checkpoint) throws IOException;
}
