package io.freshet.model.tensorflow.bert;

import io.freshet.config.EncoderConfig;
import io.freshet.model.TextEncoderRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The pre-trained text encoder that is configured. */
public final class TextEncoders {

    private TextEncoders() {}

    /**
     * The configured encoder, not loaded yet. One in a directory is looked at here, because its
     * width shapes the job and its content names it.
     *
     * @throws UncheckedIOException if the directory lacks a file, or one can't be read
     * @throws IllegalArgumentException if the directory's files don't make up a BERT encoder
     */
    public static TextEncoderRuntime of(EncoderConfig config) {
        if (!config.enabled()) {
            return new NoTextEncoder();
        }
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
