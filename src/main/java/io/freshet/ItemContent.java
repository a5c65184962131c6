package io.freshet;

import io.freshet.config.FreshetConfig;
import io.freshet.model.ContentLayout;
import io.freshet.model.TextEncoderRuntime;

/**
 * What the content of items is read with; whoever makes a base and the job itself must agree on it.
 *
 * @param encoder of texts
 * @param layout of content vectors
 */
record ItemContent(TextEncoderRuntime encoder, ContentLayout layout) {

    /** What is configured, with the configured encoder. */
    static ItemContent of(FreshetConfig config, TextEncoderRuntime encoder) {
        return new ItemContent(encoder, ContentLayout.of(encoder, config.item().modalities()));
    }
}
