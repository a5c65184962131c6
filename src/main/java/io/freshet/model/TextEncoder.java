package io.freshet.model;

import java.util.List;

/** A pre-trained encoder of text. Not thread-safe. */
public interface TextEncoder extends AutoCloseable {

    /** Width of a vector. */
    int width();

    /**
     * Encodes texts as one batch; a vector for each text, in their order. Vectors have unit length,
     * unless the encoder leaves its upper layers to the model.
     */
    float[][] encode(List<String> texts);

    @Override
    void close();
}
