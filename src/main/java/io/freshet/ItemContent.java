package io.freshet;

import io.freshet.config.FreshetConfig;
import io.freshet.model.ContentLayout;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.MiniLmRuntime;

/**
 * What the content of items is read with; whoever makes a base and the job itself must agree on it.
 *
 * @param encoder of texts
 * @param layout of content vectors, without text if the encoder is disabled
 */
record ItemContent(TextEncoderRuntime encoder, ContentLayout layout) {

    static ItemContent of(FreshetConfig config) {
        TextEncoderRuntime encoder = new MiniLmRuntime(config.encoder().maxTokens());
        var modalities = config.item().modalities();
        return new ItemContent(
                encoder,
                config.encoder().enabled()
                        ? ContentLayout.of(encoder, modalities)
                        : ContentLayout.withoutText(modalities));
    }
}
