package io.freshet.config;

import java.io.Serializable;
import org.apache.flink.configuration.ReadableConfig;

/** How the content of items becomes vectors. See {@link EncoderOptions} for units and defaults. */
public record EncoderConfig(
        boolean enabled,
        String model,
        EncoderPooling pooling,
        int batchSize,
        int maxTokens,
        int unfreezeLayers)
        implements Serializable {

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static EncoderConfig from(ReadableConfig config, Problems problems) {
        EncoderConfig encoder =
                new EncoderConfig(
                        problems.any(config, EncoderOptions.ENABLED),
                        problems.check(
                                config,
                                EncoderOptions.MODEL,
                                EncoderConfig::isModel,
                                "one of "
                                        + EncoderOptions.PACKAGED_MODELS
                                        + ", or the path of a directory, with a '/' in it"),
                        problems.any(config, EncoderOptions.POOLING),
                        problems.integer(config, EncoderOptions.BATCH_SIZE, 1, 1024),
                        problems.integer(config, EncoderOptions.MAX_TOKENS, 8, 512),
                        problems.integer(config, EncoderOptions.UNFREEZE_LAYERS, 0, 48));
        if (encoder.isPackaged() && encoder.pooling != EncoderPooling.AUTO) {
            problems.add(
                    EncoderOptions.POOLING.key(),
                    encoder.pooling.toString(),
                    "AUTO, because it is known of encoder.model = " + encoder.model);
        }
        if (!encoder.enabled && encoder.unfreezeLayers > 0) {
            problems.add(
                    EncoderOptions.UNFREEZE_LAYERS.key(),
                    String.valueOf(encoder.unfreezeLayers),
                    "0, because encoder.enabled is false");
        }
        return encoder;
    }

    /** Whether the model comes from a jar, and not from a directory. */
    public boolean isPackaged() {
        return EncoderOptions.PACKAGED_MODELS.contains(model);
    }

    private static boolean isModel(String model) {
        return EncoderOptions.PACKAGED_MODELS.contains(model) || model.contains("/");
    }
}
