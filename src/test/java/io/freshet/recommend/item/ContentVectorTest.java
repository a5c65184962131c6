package io.freshet.recommend.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentVectorTest {

    private static final double ROUNDING = 0.02;

    private final Random random = new Random(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 64, 384, 1000})
    void cosinesAreThoseOfTheVectors(int width) {
        for (int pair = 0; pair < 100; pair++) {
            float[] a = vector(width);
            float[] b = vector(width);
            b[0] += a[0]; // so that some are alike

            double cosine = ContentVector.of(a).comparison().cosine(ContentVector.of(b));

            assertThat(cosine).isCloseTo(Math.max(0, plainCosine(a, b)), within(ROUNDING));
        }
    }

    /** Every sum of four products is as large, or as small, as it can be. */
    @ParameterizedTest
    @ValueSource(floats = {1, -1})
    void theLargestNumbersCarryNothingOver(float number) {
        float[] same = new float[99_999];
        Arrays.fill(same, number);
        float[] opposite = new float[same.length];
        Arrays.fill(opposite, -number);
        ContentVector.Comparison comparison = ContentVector.of(same).comparison();

        assertThat(comparison.cosine(ContentVector.of(same))).isCloseTo(1, within(1e-9));
        assertThat(comparison.cosine(ContentVector.of(opposite))).isZero();
    }

    @Test
    void whatIsMissingOrOfAnotherWidthIsLikeNothing() {
        ContentVector here = ContentVector.of(new float[] {1, 2});

        for (ContentVector other :
                new ContentVector[] {
                    ContentVector.NONE,
                    ContentVector.of(new float[] {1, 2, 3}),
                    ContentVector.of(new float[] {0, 0})
                }) {
            assertThat(here.comparison().cosine(other)).isZero();
            assertThat(other.comparison().cosine(here)).isZero();
        }
    }

    @Test
    void storedNumbersComeBackAsTheyWere() {
        ContentVector vector = ContentVector.of(vector(384));

        byte[] stored = vector.numbers();

        assertThat(ContentVector.of(stored).numbers()).isEqualTo(stored);
        assertThat(stored).hasSize(384);
    }

    @Test
    void numbersOfEarlierReleasesAreScaled() {
        assertThat(ContentVector.of(new byte[] {127, -127, 64, 0}).numbers())
                .containsExactly(63, -63, 32, 0);
    }

    private float[] vector(int width) {
        float[] vector = new float[width];
        for (int i = 0; i < width; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static double plainCosine(float[] a, float[] b) {
        double dot = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            squaresOfA += a[i] * a[i];
            squaresOfB += b[i] * b[i];
        }
        return dot / Math.sqrt(squaresOfA * squaresOfB);
    }
}
