package io.freshet.model.tensorflow.bert;

import io.freshet.config.EncoderConfig;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.TensorFlowNatives;
import io.freshet.model.tensorflow.bert.BertModel.BertRuntime;
import io.freshet.model.tensorflow.bert.BertTextEncoder.TextOutput;
import io.freshet.model.tensorflow.bert.EncoderDirectory.EncoderDirectoryRuntime;
import io.freshet.model.tensorflow.bert.PackagedEncoder.PackagedEncoderRuntime;
import io.freshet.model.tensorflow.reference.TextLayers;
import io.freshet.model.tensorflow.reference.TextLayersSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The pre-trained text encoder that is configured. */
public final class TextEncoders {

    private TextEncoders() {}

    /**
     * The configured encoder, not loaded yet; without the layers that a model takes over. One in a
     * directory is looked at here, because its width shapes the job and its content names it.
     *
     * @throws UncheckedIOException if the directory lacks a file, or one can't be read
     * @throws IllegalArgumentException if the directory's files don't make up a BERT encoder
     */
    public static TextEncoderRuntime of(EncoderConfig config) {
        if (!config.enabled()) {
            return new NoTextEncoder();
        }
        BertRuntime whole = whole(config);
        return config.unfreezeLayers() == 0
                ? whole
                : new LowerLayersRuntime(whole, config.unfreezeLayers());
    }

    /**
     * The layers of the configured encoder that a model takes over, or null for none; fails as
     * {@link #of} does.
     */
    public static @Nullable TextLayersSource unfrozen(EncoderConfig config) {
        return of(config) instanceof LowerLayersRuntime lower ? lower : null;
    }

    private static BertRuntime whole(EncoderConfig config) {
        if (config.isPackaged()) {
            return new PackagedEncoderRuntime(
                    PackagedEncoder.named(config.model()), config.maxTokens());
        }
        try {
            return EncoderDirectoryRuntime.of(config.model(), config.pooling(), config.maxTokens());
        } catch (IOException e) {
            throw new UncheckedIOException("encoder.model: " + e.getMessage(), e);
        }
    }

    /** Takes the place of an encoder that is not enabled; can not be loaded. */
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
}
