package io.freshet.model.tensorflow.reference;

import java.io.IOException;
import java.io.Serializable;

/**
 * Reads layers of a text encoder where a new model is made. Serializable, because operators carry
 * it to their task.
 */
public interface TextLayersSource extends Serializable {

    /**
     * Reads the layers, with their pre-trained weights.
     *
     * @throws IOException if a file is missing or can't be read
     */
    TextLayers layers() throws IOException;
}
