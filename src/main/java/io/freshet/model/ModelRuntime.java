package io.freshet.model;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;

/** Makes and loads models on one engine. Serializable, because operators carry it to their task. */
public interface ModelRuntime extends Serializable {

    /** Authors a new model with an empty item table (the padding row alone). */
    RecommenderModel create(ModelSpec spec);

    /**
     * Loads a SavedModel from a local directory.
     *
     * @throws IOException if it can't be read, or lacks a signature of the contract; the message
     *     names what is missing and what is there
     */
    RecommenderModel load(Path directory) throws IOException;
}
