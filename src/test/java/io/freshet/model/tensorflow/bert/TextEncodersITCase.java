package io.freshet.model.tensorflow.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.freshet.config.EncoderConfig;
import io.freshet.config.EncoderConfig.EncoderPooling;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.bert.BertGraph.Pooling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encoders in TensorFlow against ONNX Runtime, on titles of shops and films. */
class TextEncodersITCase {

    private static final int MAX_TOKENS = 64;

    private static TextEncoder encoder;
    private static List<String> titles;

    @BeforeAll
    static void load() throws IOException {
        encoder = runtime("all-minilm-l6-v2").load();
        titles = TestingTitles.english();
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    private static TextEncoderRuntime runtime(String model) {
        return TextEncoders.of(
                new EncoderConfig(true, model, EncoderPooling.AUTO, 32, MAX_TOKENS, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "all-minilm-l6-v2, all-minilm-l6-v2, MEAN, 384",
        "bge-small-en, bge-small-en-v1.5, CLS, 384",
        "bge-small-zh, bge-small-zh-v1.5, CLS, 512"
    })
    void vectorsAgreeWithOnnxRuntime(String model, String resource, Pooling pooling, int width)
            throws IOException, OrtException {
        List<String> texts = new ArrayList<>(titles);
        texts.addAll(TestingTitles.chinese());
        TextEncoderRuntime runtime = runtime(model);
        try (TextEncoder here = runtime.load();
                OnnxReference reference = new OnnxReference(resource, pooling, MAX_TOKENS)) {
            float[][] vectors = here.encode(texts);

            for (int i = 0; i < vectors.length; i++) {
                assertThat(TestingVectors.cosine(vectors[i], reference.encode(texts.get(i))))
                        .as(texts.get(i))
                        .isGreaterThan(0.999999);
            }
            assertThat(vectors).hasDimensions(120, width);
            assertThat(runtime.width()).isEqualTo(width);
            assertThat(here.width()).isEqualTo(width);
        }
    }

    @Test
    void vectorsHaveUnitLength() {
        for (float[] vector : encoder.encode(titles.subList(0, 10))) {
            assertThat(TestingVectors.product(vector, vector)).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void namesTellModelsAndLimitsApart() {
        assertThat(runtime("all-minilm-l6-v2").name()).isEqualTo("all-MiniLM-L6-v2/64");
        assertThat(runtime("bge-small-en").name()).isEqualTo("bge-small-en-v1.5/64");
        assertThat(runtime("bge-small-zh").name()).isEqualTo("bge-small-zh-v1.5/64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all-minilm-l6-v2", "bge-small-zh"})
    void aVectorDependsOnItsTextAloneToTheLastBit(String model) throws IOException {
        try (TextEncoder here = runtime(model).load()) {
            assertBatchesDoNotMatter(here);
        }
    }

    private static void assertBatchesDoNotMatter(TextEncoder here) {
        List<String> shuffled = new ArrayList<>(titles);
        Collections.shuffle(shuffled, new Random(7));
        float[][] alone =
                titles.stream()
                        .map(title -> here.encode(List.of(title))[0])
                        .toArray(float[][]::new);
        for (int batch : new int[] {3, 7, 32}) {
            for (int from = 0; from < shuffled.size(); from += batch) {
                List<String> texts =
                        shuffled.subList(from, Math.min(from + batch, shuffled.size()));
                float[][] vectors = here.encode(texts);
                for (int i = 0; i < vectors.length; i++) {
                    assertThat(vectors[i])
                            .as("%s in a batch of %s", texts.get(i), batch)
                            .containsExactly(alone[titles.indexOf(texts.get(i))]);
                }
            }
        }
    }

    @Test
    void aVectorIsTheSameAtAnyPlaceInAnyBatch() {
        for (int words : new int[] {2, 15, 30, 60}) {
            String text = "mug ".repeat(words);
            float[] alone = encoder.encode(List.of(text))[0];
            for (int batch = 2; batch <= 20; batch++) {
                assertThat(List.of(encoder.encode(Collections.nCopies(batch, text))))
                        .as("%s words in a batch of %s", words, batch)
                        .allSatisfy(vector -> assertThat(vector).containsExactly(alone));
            }
        }
    }

    @Test
    void likeTextsAreNearAndOthersFar() {
        float[][] vectors =
                encoder.encode(
                        List.of(
                                "Red ceramic mug, 350 ml",
                                "Cup for tea and coffee",
                                "Mechanical keyboard, brown switches"));

        assertThat(TestingVectors.cosine(vectors[0], vectors[1])).isGreaterThan(0.4);
        assertThat(TestingVectors.cosine(vectors[0], vectors[2])).isLessThan(0.25);
    }

    @Test
    void whatIsBeyondTheLimitIsNotRead() {
        String longText = "red mug ".repeat(100);
        float[][] vectors = encoder.encode(List.of(longText, longText + "keyboard"));

        assertThat(vectors[0]).containsExactly(vectors[1]);
    }

    @Test
    void noTextsHaveNoVectors() {
        assertThat(encoder.encode(List.of())).isEmpty();
    }
}
