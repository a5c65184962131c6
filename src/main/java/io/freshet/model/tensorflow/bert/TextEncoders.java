package io.freshet.model.tensorflow.bert;

import io.freshet.config.EncoderConfig;
import io.freshet.model.TextEncoderRuntime;
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
}
