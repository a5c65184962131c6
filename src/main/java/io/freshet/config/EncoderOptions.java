package io.freshet.config;

import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** How the content of items becomes vectors. Options of the {@code encoder} group. */
public final class EncoderOptions {

    /** Encoders that come as a jar. */
    public static final List<String> PACKAGED_MODELS =
            List.of("all-minilm-l6-v2", "bge-small-en", "bge-small-zh");

    public static final ConfigOption<Boolean> ENABLED =
            ConfigOptions.key("encoder.enabled")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether a pre-trained text encoder turns titles, categories "
                                    + "and descriptions into vectors.");

    public static final ConfigOption<String> MODEL =
            ConfigOptions.key("encoder.model")
                    .stringType()
                    .defaultValue("all-minilm-l6-v2")
                    .withDescription(
                            "The encoder: all-minilm-l6-v2, bge-small-en, bge-small-zh (the "
                                    + "latter two in jars of their own), or the path of a "
                                    + "directory with model.safetensors or model.onnx of a BERT, "
                                    + "its tokenizer.json and config.json, the same on every "
                                    + "task manager.");

    public static final ConfigOption<EncoderPooling> POOLING =
            ConfigOptions.key("encoder.pooling")
                    .enumType(EncoderPooling.class)
                    .defaultValue(EncoderPooling.AUTO)
                    .withDescription(
                            "How the vectors of tokens become one, for a model in a directory: "
                                    + "MEAN, CLS (the first token's), or AUTO, which is what its "
                                    + "1_Pooling/config.json says, or else MEAN.");

    public static final ConfigOption<Integer> BATCH_SIZE =
            ConfigOptions.key("encoder.batch-size")
                    .intType()
                    .defaultValue(32)
                    .withDescription("Most texts that are encoded in one batch.");

    public static final ConfigOption<Integer> MAX_TOKENS =
            ConfigOptions.key("encoder.max-tokens")
                    .intType()
                    .defaultValue(64)
                    .withDescription("Tokens of a text that are read; the rest is cut.");

    public static final ConfigOption<Integer> UNFREEZE_LAYERS =
            ConfigOptions.key("encoder.unfreeze-layers")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "Upper layers of the encoder that are part of the model and trained "
                                    + "with it. An item then keeps encoder.max-tokens vectors "
                                    + "instead of one; meant for GPUs and few tokens.");

    private EncoderOptions() {}
}
