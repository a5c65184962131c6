package io.freshet.model.tensorflow.bert;

import java.io.IOException;

/**
 * Loads an encoder from its jar on the class path.
 *
 * @param maxTokens tokens of a text that are read, markers of start and end included
 */
record PackagedEncoderRuntime(PackagedEncoder encoder, int maxTokens) implements BertRuntime {

    @Override
    public String name() {
        return encoder.title() + "/" + maxTokens;
    }

    @Override
    public int width() {
        return encoder.width();
    }

    @Override
    public BertModel read() throws IOException {
        return encoder.read();
    }
}
