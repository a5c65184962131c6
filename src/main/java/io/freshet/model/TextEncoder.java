package io.freshet.model;

import java.util.List;

/** A pre-trained encoder of text. Not thread-safe. */
public interface TextEncoder extends AutoCloseable {

    /** Width of a vector. */
    int width();

    /** Encodes texts as one batch; each vector has unit length, in the order of the texts. */
    float[][] encode(List<String> texts);

    @Override
    void close();
}
