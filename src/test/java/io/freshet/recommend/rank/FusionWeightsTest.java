package io.freshet.recommend.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.recommend.FusionState;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FusionWeightsTest {

    private static final int SIZE = 20;
    private static final int WIDTH = 2;
    private static final String[] FEATURES = {"a", "b"};

    @Test
    void followTheFeatureThatTellsTheChoice() {
        FusionWeights weights = new FusionWeights(FEATURES, new float[] {0.4f, 0.4f}, 1);
        Random random = new Random(1);
        for (int step = 0; step < 2000; step++) {
            float[] features = features(random);
            weights.learn(features, SIZE, 0, best(features, 0));
        }

        assertThat(weights.of(0)[0]).isGreaterThan(1.5f);
        assertThat(weights.of(0)[1]).isBetween(-0.4f, 0.4f);
    }

    @Test
    void learnForASegmentWhatIsDifferentThere() {
        FusionWeights weights = new FusionWeights(FEATURES, new float[] {0.4f, 0.4f}, 2);
        Random random = new Random(2);
        for (int step = 0; step < 2000; step++) {
            float[] features = features(random);
            weights.learn(features, SIZE, step % 2, best(features, step % 2));
        }

        float[] first = weights.of(0).clone();
        float[] second = weights.of(1).clone();
        assertThat(first[0]).isGreaterThan(first[1] + 1);
        assertThat(second[1]).isGreaterThan(second[0] + 1);
    }

    @Test
    void stayFiniteOnFeaturesOutOfAllProportion() {
        FusionWeights weights = new FusionWeights(FEATURES, new float[] {0.4f, 0.4f}, 1);
        float[] features = new float[SIZE * WIDTH];
        for (int i = 0; i < features.length; i++) {
            features[i] = i % 2 == 0 ? 1e6f * i : -1e6f * i;
        }

        for (int step = 0; step < 1000; step++) {
            weights.learn(features, SIZE, 0, step % SIZE);
        }

        assertThat(weights.of(0)[0]).isFinite().isBetween(-100f, 100f);
        assertThat(weights.of(0)[1]).isFinite().isBetween(-100f, 100f);
    }

    @Test
    void areAveragedOverInstances() {
        FusionWeights left = new FusionWeights(FEATURES, new float[] {1, 0}, 1);
        FusionWeights right = new FusionWeights(FEATURES, new float[] {3, 4}, 1);
        FusionWeights restored = new FusionWeights(FEATURES, new float[] {9, 9}, 1);

        restored.restore(List.of(left.store(), right.store()));

        assertThat(restored.of(0)).containsExactly(2, 2);
    }

    @Test
    void areRestoredByTheNamesOfTheirFeatures() {
        FusionWeights before =
                new FusionWeights(new String[] {"gone", "kept"}, new float[] {1, 2}, 1);
        before.learn(new float[] {0, 1, 0, 0}, 2, 0, 0);
        FusionWeights restored =
                new FusionWeights(new String[] {"kept", "new", "other"}, new float[] {9, 8, 7}, 1);

        restored.restore(List.of(before.store()));

        assertThat(before.of(0)[1]).as("learned").isGreaterThan(2);
        assertThat(restored.of(0)).containsExactly(before.of(0)[1], 8, 7);
    }

    @Test
    void areRestoredAsSureAsTheyWere() {
        FusionWeights before = new FusionWeights(FEATURES, new float[] {0, 0}, 1);
        FusionWeights restored = new FusionWeights(FEATURES, new float[] {0, 0}, 1);
        float[] seen = {1, 0.5f, 0, 0, -1, 0};
        for (int i = 0; i < 100; i++) {
            before.learn(seen, 3, 0, i % 2);
        }

        restored.restore(List.of(before.store()));
        before.learn(seen, 3, 0, 2);
        restored.learn(seen, 3, 0, 2);

        assertThat(restored.of(0)).containsExactly(before.of(0).clone(), within(1e-4f));
    }

    @Test
    void startAnewFromStateThatDoesNotNameItsFeatures() {
        FusionState state = new FusionState();
        state.means = new double[] {1, 2, 0, 0};
        FusionWeights restored = new FusionWeights(FEATURES, new float[] {9, 8}, 1);

        restored.restore(List.of(state));

        assertThat(restored.of(0)).containsExactly(9, 8);
    }

    @Test
    void forgetWhatWasSeenLongAgo() {
        FusionWeights weights = new FusionWeights(FEATURES, new float[] {0.4f, 0.4f}, 1);
        Random random = new Random(3);
        for (int step = 0; step < 6000; step++) {
            float[] features = features(random);
            weights.learn(features, SIZE, 0, best(features, step < 3000 ? 0 : 1));
        }

        assertThat(weights.of(0)[1]).isGreaterThan(weights.of(0)[0] + 1);
    }

    private static float[] features(Random random) {
        float[] features = new float[SIZE * WIDTH];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        return features;
    }

    private static int best(float[] features, int feature) {
        int best = 0;
        for (int row = 1; row < SIZE; row++) {
            if (features[row * WIDTH + feature] > features[best * WIDTH + feature]) {
                best = row;
            }
        }
        return best;
    }
}
