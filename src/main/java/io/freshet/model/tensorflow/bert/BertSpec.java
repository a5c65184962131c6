package io.freshet.model.tensorflow.bert;

/**
 * The sizes of a BERT encoder.
 *
 * @param tokens rows of the word embedding
 * @param positions longest text in tokens
 * @param types rows of the token type embedding, of which the first is used
 * @param width width of the hidden vectors
 * @param layers attention layers
 * @param heads attention heads; divides the width
 * @param inner width of the feed-forward layers
 * @param normEpsilon added to the variance in layer norms
 */
record BertSpec(
        int tokens,
        int positions,
        int types,
        int width,
        int layers,
        int heads,
        int inner,
        float normEpsilon) {

    /**
     * Reads from the shapes of the weights what they say, and the rest from the configuration.
     *
     * @throws IllegalArgumentException if weights are missing, or contradict the configuration
     */
    static BertSpec of(BertWeights weights, BertConfig config) {
        long[] words = weights.shape("embeddings.word_embeddings.weight", 2);
        BertSpec spec =
                new BertSpec(
                        (int) words[0],
                        (int) weights.shape("embeddings.position_embeddings.weight", 2)[0],
                        (int) weights.shape("embeddings.token_type_embeddings.weight", 2)[0],
                        (int) words[1],
                        layers(weights),
                        config.heads(),
                        (int) weights.shape("encoder.layer.0.intermediate.dense.bias", 1)[0],
                        config.normEpsilon());
        config.check("vocab_size", spec.tokens);
        config.check("max_position_embeddings", spec.positions);
        config.check("hidden_size", spec.width);
        config.check("num_hidden_layers", spec.layers);
        config.check("intermediate_size", spec.inner);
        if (spec.width % spec.heads != 0) {
            throw new IllegalArgumentException(
                    "num_attention_heads: found "
                            + spec.heads
                            + ", expected a divisor of the hidden vectors' width "
                            + spec.width);
        }
        return spec;
    }

    private static int layers(BertWeights weights) {
        int layers = 0;
        while (weights.has("encoder.layer." + layers + ".output.LayerNorm.weight")) {
            layers++;
        }
        return layers;
    }

    int headWidth() {
        return width / heads;
    }
}
