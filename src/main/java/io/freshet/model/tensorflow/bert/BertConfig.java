package io.freshet.model.tensorflow.bert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * What a model's {@code config.json} says, under the names of Hugging Face's BERT configuration.
 * Only the number of attention heads is needed: no tensor's shape tells it.
 */
final class BertConfig {

    private static final float NORM_EPSILON = 1e-12f;

    private final JsonNode json;

    /**
     * @throws IllegalArgumentException if it describes another kind of network, which would run and
     *     give wrong vectors, or doesn't say the number of heads
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
                            + " tensor's shape tells it");
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
     * Compares what is configured, if it is, with what the weights say.
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
