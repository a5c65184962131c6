package io.freshet.model.tensorflow.bert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

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
     * Reads what the shapes of the weights show, and the rest from the configuration.
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
                    ("num_attention_heads: found %s, expected a divisor of the hidden vectors'"
                                    + " width %s")
                            .formatted(spec.heads, spec.width));
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

    /**
     * The content of a model's {@code config.json}, under the names of Hugging Face's BERT
     * configuration. Only the number of attention heads is needed: no tensor's shape shows it.
     */
    static final class BertConfig {

        private static final float NORM_EPSILON = 1e-12f;

        private final JsonNode json;

        /**
         * @throws IllegalArgumentException if it describes another kind of network, which would run
         *     and give wrong vectors, or lacks the number of heads
         */
        BertConfig(JsonNode json) {
            this.json = json;
            expect("model_type", "bert");
            expect("hidden_act", "gelu");
            expect("position_embedding_type", "absolute");
            if (json.path("num_attention_heads").asInt() < 1) {
                throw new IllegalArgumentException(
                        "num_attention_heads: found "
                                + (json.has("num_attention_heads")
                                        ? json.get("num_attention_heads").toString()
                                        : "nothing")
                                + ", expected a number of at least 1 in config.json, because no"
                                + " tensor's shape gives it");
            }
        }

        static BertConfig of(int heads) {
            return new BertConfig(
                    JsonNodeFactory.instance.objectNode().put("num_attention_heads", heads));
        }

        int heads() {
            return json.get("num_attention_heads").asInt();
        }

        float normEpsilon() {
            return (float) json.path("layer_norm_eps").asDouble(NORM_EPSILON);
        }

        /**
         * Compares what is configured, if it is, with what the weights have.
         *
         * @throws IllegalArgumentException if they differ
         */
        void check(String key, int found) {
            int expected = json.path(key).asInt(found);
            if (expected != found) {
                throw new IllegalArgumentException(
                        key + ": config.json says " + expected + ", but the weights have " + found);
            }
        }

        private void expect(String key, String value) {
            String found = json.path(key).asText(value);
            if (!found.equals(value)) {
                throw new IllegalArgumentException(
                        key + " of config.json: found '" + found + "', expected '" + value + "'");
            }
        }
    }
}
