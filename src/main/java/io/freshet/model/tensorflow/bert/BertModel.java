package io.freshet.model.tensorflow.bert;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.freshet.model.TextEncoder;
import io.freshet.model.tensorflow.TensorFlowNatives;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

/**
 * All that makes up a sentence encoder of the BERT family.
 *
 * @param tokenizer content of a {@code tokenizer.json}
 */
record BertModel(BertSpec spec, Pooling pooling, BertWeights weights, byte[] tokenizer) {

    /**
     * Starts the encoder: a second or two, and native memory of the size of the weights.
     *
     * @param maxTokens tokens of a text that are read, markers of start and end included
     * @throws IOException if the tokenizer can't be read
     * @throws IllegalArgumentException if a weight is missing or of another shape, or the model has
     *     fewer positions than a text may have tokens
     */
    TextEncoder start(int maxTokens) throws IOException {
        if (maxTokens > spec.positions()) {
            throw new IllegalArgumentException(
                    "encoder.max-tokens: found "
                            + maxTokens
                            + ", expected at most "
                            + spec.positions()
                            + ", the positions of the model");
        }
        TensorFlowNatives.load();
        return new BertTextEncoder(this, tokenizer(maxTokens));
    }

    private HuggingFaceTokenizer tokenizer(int maxTokens) throws IOException {
        return HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(tokenizer),
                Map.of(
                        "padding", "false",
                        "truncation", "true",
                        "maxLength", String.valueOf(maxTokens)));
    }
}
