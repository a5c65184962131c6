package io.freshet.model;

import java.io.IOException;
import java.io.Serializable;

/** Loads a pre-trained text encoder. Serializable, because operators carry it to their task. */
public interface TextEncoderRuntime extends Serializable {

    /** Names the encoder and its settings: what has the same name gives the same vectors. */
    String name();

    /** Width of the vectors of the encoder that {@link #load} gives. */
    int width();

    TextEncoder load() throws IOException;
}
