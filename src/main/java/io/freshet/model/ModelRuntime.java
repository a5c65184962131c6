package io.freshet.model;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Makes and loads models on one engine. Serializable, because operators carry it to their task. */
public interface ModelRuntime extends Serializable {

    /**
     * The same, on the device that its models are to compute on, which this process has for itself
     * from now on. Called in the task before anything else.
     *
     * @param assignedGpu gives the index of the task's GPU; asked only if the models need one
     * @throws IllegalStateException if the device can't be used, or another process uses it; the
     *     message says what was found and what to do
     */
    default ModelRuntime onDevice(Supplier<String> assignedGpu) {
        return this;
    }

    /** Authors a new model with an empty item table (the padding row alone). */
    RecommenderModel create(ModelSpec spec);

    /**
     * Authors a new model that takes over from a saved one whatever has a place in it: all that is
     * held per item, adapters and biases, and of the body the weights of the same name and shape.
     * What is left of the body starts anew, and so does its optimizer then.
     *
     * @param directory a SavedModel that {@link #create} made once, in this release or an earlier
     *     one
     * @throws IOException if it can't be read
     * @throws IllegalArgumentException if its item vectors have no place in the new model; the
     *     message says what was found and what was expected
     */
    default RecommenderModel renew(ModelSpec spec, Path directory) throws IOException {
        throw new UnsupportedOperationException(
                getClass().getSimpleName() + " can't build a model from another");
    }

    /**
     * Loads a SavedModel from a local directory.
     *
     * @throws IOException if it can't be read, or lacks a signature of the contract; the message
     *     names what is missing and what is there
     */
    RecommenderModel load(Path directory) throws IOException;
}
