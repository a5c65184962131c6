package io.freshet;

import io.freshet.config.FreshetConfig;
import io.freshet.model.ContentLayout;
import io.freshet.model.ModelRuntime;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.model.tensorflow.bert.TextEncoders;

/**
 * What the content of items is read with; whoever makes a base and the job itself must agree on it.
 *
 * @param encoder of texts
 * @param layout of content vectors
 */
record ItemContent(TextEncoderRuntime encoder, ContentLayout layout) {

    /** What is configured; {@link TextEncoders#of} says what may be wrong with it. */
    static ItemContent of(FreshetConfig config) {
        TextEncoderRuntime encoder = TextEncoders.of(config.encoder());
        return new ItemContent(encoder, ContentLayout.of(encoder, config.item().modalities()));
    }

    /** Models that read such content. */
    ModelRuntime models() {
        return new TensorFlowModelRuntime(TextEncoders.unfrozen(encoder));
    }
}
