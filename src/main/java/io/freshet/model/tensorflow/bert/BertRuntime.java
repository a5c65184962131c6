package io.freshet.model.tensorflow.bert;

import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import java.io.IOException;

/** A BERT encoder whose files are read where it is loaded. */
interface BertRuntime extends TextEncoderRuntime {

    /** Tokens of a text that are read, markers of start and end included. */
    int maxTokens();

    /**
     * Reads the files.
     *
     * @throws IOException if one is missing or can't be read
     */
    BertModel read() throws IOException;

    @Override
    default TextEncoder load() throws IOException {
        return read().start(maxTokens());
    }
}
