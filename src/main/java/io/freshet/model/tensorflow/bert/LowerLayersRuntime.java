package io.freshet.model.tensorflow.bert;

import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.TensorFlowNatives;
import io.freshet.model.tensorflow.reference.TextLayers;
import io.freshet.model.tensorflow.reference.TextLayersSource;
import java.io.IOException;

/**
 * An encoder without its upper layers, which a recommender takes over to train them further. It
 * gives the {@link TextOutput.TokenStates} that those go on from.
 *
 * @param whole the encoder with all layers
 * @param unfrozen number of upper layers left to the recommender, at least 1
 */
record LowerLayersRuntime(BertRuntime whole, int unfrozen)
        implements TextEncoderRuntime, TextLayersSource {

    @Override
    public String name() {
        return whole.name() + "/without-top-" + unfrozen;
    }

    @Override
    public int width() {
        return new TextOutput.TokenStates(whole.maxTokens(), whole.width()).width();
    }

    /**
     * @throws IllegalArgumentException if the encoder has fewer layers
     */
    @Override
    public TextEncoder load() throws IOException {
        return whole.read().startBelow(unfrozen, whole.maxTokens());
    }

    /**
     * @throws IllegalArgumentException if the encoder has fewer layers
     */
    @Override
    public TextLayers layers() throws IOException {
        TensorFlowNatives.load();
        return new UpperLayers(whole.read(), unfrozen, whole.maxTokens());
    }
}
