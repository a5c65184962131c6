package io.freshet.model.tensorflow.bert;

import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;

/** Stands where an encoder would if it were enabled. */
record NoTextEncoder() implements TextEncoderRuntime {

    @Override
    public String name() {
        return "none";
    }

    @Override
    public int width() {
        return 0;
    }

    @Override
    public TextEncoder load() {
        throw new IllegalStateException("encoder.enabled is false, nothing is to be encoded");
    }
}
