package io.freshet.model.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.freshet.model.TextEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The MiniLM encoder in TensorFlow against ONNX Runtime, on made-up titles of shops and films. */
class MiniLmITCase {

    private static final int MAX_TOKENS = 64;

    private static TextEncoder encoder;
    private static List<String> titles;

    @BeforeAll
    static void load() throws IOException {
        encoder = new MiniLmRuntime(MAX_TOKENS).load();
        try (InputStream file = MiniLmITCase.class.getResourceAsStream("/titles.txt")) {
            titles =
                    new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
        }
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    @Test
    void vectorsAgreeWithOnnxRuntime() throws IOException, OrtException {
        float[][] vectors = encoder.encode(titles);

        try (OnnxReference reference = new OnnxReference(MAX_TOKENS)) {
            for (int i = 0; i < vectors.length; i++) {
                assertThat(cosine(vectors[i], reference.encode(titles.get(i))))
                        .as(titles.get(i))
                        .isGreaterThan(0.999999);
            }
        }
        assertThat(vectors).hasDimensions(100, 384);
    }

    @Test
    void vectorsHaveUnitLengthAndTheWidthThatWasPromised() {
        assertThat(new MiniLmRuntime(MAX_TOKENS).width()).isEqualTo(384);
        assertThat(encoder.width()).isEqualTo(384);
        for (float[] vector : encoder.encode(titles.subList(0, 10))) {
            assertThat(vector).hasSize(384);
            assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void aVectorDependsOnItsTextAloneToTheLastBit() {
        List<String> shuffled = new ArrayList<>(titles);
        Collections.shuffle(shuffled, new Random(7));
        float[][] alone =
                titles.stream()
                        .map(title -> encoder.encode(List.of(title))[0])
                        .toArray(float[][]::new);
        for (int batch : new int[] {3, 7, 32}) {
            for (int from = 0; from < shuffled.size(); from += batch) {
                List<String> texts =
                        shuffled.subList(from, Math.min(from + batch, shuffled.size()));
                float[][] vectors = encoder.encode(texts);
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

        assertThat(cosine(vectors[0], vectors[1])).isGreaterThan(0.4);
        assertThat(cosine(vectors[0], vectors[2])).isLessThan(0.25);
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

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            first += a[i] * a[i];
            second += b[i] * b[i];
        }
        return product / Math.sqrt(first * second);
    }
}
