package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** How the content of items becomes vectors. */
public record EncoderConfig(
        boolean enabled,
        String model,
        EncoderPooling pooling,
        int batchSize,
        int maxTokens,
        int unfreezeLayers)
        implements Serializable {

    /** Encoders that come as a jar. */
    public static final List<String> PACKAGED_MODELS =
            List.of("all-minilm-l6-v2", "bge-small-en", "bge-small-zh");

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<Boolean> ENABLED =
            OPTIONS.flag("encoder.enabled", true)
                    .describe(
                            "Whether a pre-trained text encoder turns titles, categories and "
                                    + "descriptions into vectors.");

    public static final ConfigOption<String> MODEL =
            OPTIONS.declare(
                            ConfigOptions.key("encoder.model")
                                    .stringType()
                                    .defaultValue("all-minilm-l6-v2"),
                            EncoderConfig::isModel,
                            "one of %s, or the path of a directory, with a '/' in it"
                                    .formatted(String.join(", ", PACKAGED_MODELS)))
                    .describe(
                            "The encoder: all-minilm-l6-v2, bge-small-en, bge-small-zh (the latter "
                                    + "two in jars of their own), or the path of a directory with "
                                    + "model.safetensors or model.onnx of a BERT, its tokenizer.json and "
                                    + "config.json, the same on every task manager.");

    public static final ConfigOption<EncoderPooling> POOLING =
            OPTIONS.choice("encoder.pooling", EncoderPooling.AUTO)
                    .describe(
                            "How the vectors of tokens become one, for a model in a directory: MEAN, "
                                    + "CLS (the first token's), or AUTO, which is what its "
                                    + "1_Pooling/config.json says, or else MEAN.");

    public static final ConfigOption<Integer> BATCH_SIZE =
            OPTIONS.integer("encoder.batch-size", 32, 1, 1024)
                    .describe("Most texts that are encoded in one batch.");

    public static final ConfigOption<Integer> MAX_TOKENS =
            OPTIONS.integer("encoder.max-tokens", 64, 8, 512)
                    .describe("Tokens of a text that are read; the rest is cut.");

    public static final ConfigOption<Integer> UNFREEZE_LAYERS =
            OPTIONS.integer("encoder.unfreeze-layers", 0, 0, 48)
                    .describe(
                            "Upper layers of the encoder that are part of the model and trained with "
                                    + "it. An item then keeps encoder.max-tokens vectors instead of one; meant "
                                    + "for GPUs and few tokens.");

    /** How an encoder's vectors of tokens become the vector of a text. */
    public enum EncoderPooling {
        /** As the model says: its files, or what is known of it. */
        AUTO,
        /** Mean over the tokens. */
        MEAN,
        /** The vector of the first token. */
        CLS
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    static EncoderConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        EncoderConfig encoder =
                new EncoderConfig(
                        read.get(ENABLED),
                        read.get(MODEL),
                        read.get(POOLING),
                        read.get(BATCH_SIZE),
                        read.get(MAX_TOKENS),
                        read.get(UNFREEZE_LAYERS));
        if (encoder.isPackaged() && encoder.pooling != EncoderPooling.AUTO) {
            problems.add(
                    POOLING.key(),
                    encoder.pooling.toString(),
                    "AUTO, because it is known of encoder.model = " + encoder.model);
        }
        if (!encoder.enabled && encoder.unfreezeLayers > 0) {
            problems.add(
                    UNFREEZE_LAYERS.key(),
                    String.valueOf(encoder.unfreezeLayers),
                    "0, because encoder.enabled is false");
        }
        return encoder;
    }

    /** Whether the model comes from a jar, and not from a directory. */
    public boolean isPackaged() {
        return PACKAGED_MODELS.contains(model);
    }

    private static boolean isModel(String model) {
        return PACKAGED_MODELS.contains(model) || model.contains("/");
    }
}
