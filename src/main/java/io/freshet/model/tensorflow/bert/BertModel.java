package io.freshet.model.tensorflow.bert;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.TensorFlowNatives;
import io.freshet.model.tensorflow.bert.BertGraph.Pooling;
import io.freshet.model.tensorflow.bert.BertTextEncoder.TextOutput;
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
        return start(spec.layers(), new TextOutput.UnitVector(spec.width()), maxTokens);
    }

    /**
     * Starts the encoder without its upper layers, as {@link #start(int)} does; it gives {@link
     * TextOutput.TokenStates}.
     *
     * @param upper number of layers left out, from the top
     * @throws IllegalArgumentException if there are not so many
     */
    TextEncoder startBelow(int upper, int maxTokens) throws IOException {
        return start(below(upper), new TextOutput.TokenStates(maxTokens, spec.width()), maxTokens);
    }

    /**
     * The number of layers below the upper ones.
     *
     * @throws IllegalArgumentException if there are not so many upper ones
     */
    int below(int upper) {
        if (upper > spec.layers()) {
            throw new IllegalArgumentException(
                    ("encoder.unfreeze-layers: found %s, expected at most %s, the layers of the"
                                    + " model")
                            .formatted(upper, spec.layers()));
        }
        return spec.layers() - upper;
    }

    private TextEncoder start(int layers, TextOutput output, int maxTokens) throws IOException {
        if (maxTokens > spec.positions()) {
            throw new IllegalArgumentException(
                    "encoder.max-tokens: found %s, expected at most %s, the positions of the model"
                            .formatted(maxTokens, spec.positions()));
        }
        TensorFlowNatives.load();
        return new BertTextEncoder(this, layers, output, tokenizer(maxTokens));
    }

    private HuggingFaceTokenizer tokenizer(int maxTokens) throws IOException {
        return HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(tokenizer),
                Map.of(
                        "padding", "false",
                        "truncation", "true",
                        "maxLength", String.valueOf(maxTokens)));
    }

    /** A BERT encoder whose files are read where it is loaded. */
    interface BertRuntime extends TextEncoderRuntime {

        /** Tokens of a text that are read, markers of start and end included. */
        int maxTokens();

        /**
         * Reads the files.
         *
         * @throws IOException if one is missing or can't be read
         */
        BertModel read() throws IOException;

        @Override
        default TextEncoder load() throws IOException {
            return read().start(maxTokens());
        }
    }
}
