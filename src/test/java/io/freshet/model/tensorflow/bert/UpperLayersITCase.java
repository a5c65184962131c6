package io.freshet.model.tensorflow.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.freshet.config.EncoderConfig;
import io.freshet.config.EncoderConfig.EncoderPooling;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.reference.TextLayers;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Lower layers in the encoder and upper ones in a graph of their own, against the whole. */
class UpperLayersITCase {

    private static final int MAX_TOKENS = 20;

    @ParameterizedTest
    @CsvSource({"all-minilm-l6-v2, 1", "all-minilm-l6-v2, 6", "bge-small-en, 2"})
    void both_parts_together_give_the_vectors_of_the_whole(String model, int unfrozen)
            throws IOException {
        List<String> titles = TestingTitles.english();
        TextEncoderRuntime lower = runtime(model, unfrozen);
        float[][] whole;
        float[][] parts;
        try (TextEncoder encoder = runtime(model, 0).load();
                TextEncoder below = lower.load()) {
            whole = encoder.encode(titles);
            parts = upper(config(model, unfrozen), below.encode(titles));
        }

        for (int i = 0; i < whole.length; i++) {
            assertThat(TestingVectors.cosine(parts[i], whole[i]))
                    .as(titles.get(i))
                    .isGreaterThan(0.99999);
            assertThat(TestingVectors.product(parts[i], parts[i])).isCloseTo(1, within(1e-5));
        }
    }

    @ParameterizedTest
    @CsvSource({"all-minilm-l6-v2", "bge-small-en"})
    void an_item_without_text_has_no_direction(String model) throws IOException {
        TextEncoderRuntime lower = runtime(model, 1);

        float[] vector = upper(config(model, 1), new float[1][lower.width()])[0];

        assertThat(TestingVectors.product(vector, vector)).isZero();
    }

    @Test
    void states_are_the_tokens_and_their_number_and_have_a_name_of_their_own() throws IOException {
        TextEncoderRuntime lower = runtime("all-minilm-l6-v2", 2);

        assertThat(lower.width()).isEqualTo(MAX_TOKENS * 384 + 1);
        assertThat(lower.name()).isEqualTo("all-MiniLM-L6-v2/20/without-top-2");
        try (TextEncoder encoder = lower.load()) {
            float[][] states = encoder.encode(List.of("mug", "mug ".repeat(100)));
            assertThat(states).hasDimensions(2, lower.width());
            assertThat(states[0][lower.width() - 1]).isEqualTo(3);
            assertThat(states[0][3 * 384 - 1]).isNotZero();
            assertThat(states[0][3 * 384]).isZero();
            assertThat(states[1][lower.width() - 1]).isEqualTo(MAX_TOKENS);
        }
    }

    @Test
    void more_layers_than_there_are_can_not_be_taken() {
        assertThatThrownBy(() -> runtime("all-minilm-l6-v2", 7).load())
                .hasMessageContaining(
                        "encoder.unfreeze-layers: found 7, expected at most 6, the layers");
    }

    private static TextEncoderRuntime runtime(String model, int unfrozen) {
        return TextEncoders.of(config(model, unfrozen));
    }

    private static EncoderConfig config(String model, int unfrozen) {
        return new EncoderConfig(true, model, EncoderPooling.AUTO, 32, MAX_TOKENS, unfrozen);
    }

    /** What the upper layers make of what the lower ones gave. */
    private static float[][] upper(EncoderConfig config, float[][] states) throws IOException {
        TextLayers layers = Objects.requireNonNull(TextEncoders.unfrozen(config)).layers();
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Map<String, Placeholder<TFloat32>> weights = new HashMap<>();
            Session.Runner runner = session.runner();
            List<TFloat32> fed = new ArrayList<>();
            for (List<TextLayers.Parameter> layer : layers.layers()) {
                for (TextLayers.Parameter each : layer) {
                    Placeholder<TFloat32> weight = tf.placeholder(TFloat32.class);
                    TFloat32 value =
                            TFloat32.tensorOf(
                                    each.shape(), DataBuffers.of(each.pretrained().get()));
                    fed.add(value);
                    weights.put(each.name(), weight);
                    runner.feed(weight, value);
                }
            }
            FloatBuffer rowMajor = FloatBuffer.allocate(states.length * layers.inputWidth());
            for (float[] row : states) {
                rowMajor.put(row);
            }
            TFloat32 input =
                    TFloat32.tensorOf(
                            Shape.of(states.length, layers.inputWidth()),
                            DataBuffers.of(rowMajor.flip()));
            fed.add(input);
            Placeholder<TFloat32> placeholder = tf.placeholder(TFloat32.class);
            Operand<TFloat32> vectors =
                    layers.apply(
                            tf, name -> Objects.requireNonNull(weights.get(name)), placeholder);
            runner.feed(placeholder, input).fetch(vectors);
            try (Result result = runner.run()) {
                float[] flat = new float[states.length * layers.width()];
                ((TFloat32) result.get(0)).copyTo(DataBuffers.of(flat));
                float[][] rows = new float[states.length][layers.width()];
                for (int row = 0; row < rows.length; row++) {
                    System.arraycopy(flat, row * layers.width(), rows[row], 0, layers.width());
                }
                return rows;
            } finally {
                fed.forEach(TFloat32::close);
            }
        }
    }
}
