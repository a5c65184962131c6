package io.freshet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClassificationMetricsTest {

    private static final Offset<Double> ROUNDING = within(1e-12);

    private final ClassificationMetrics metrics = new ClassificationMetrics();

    @Test
    void theAucIsTheShareOfPairsInTheRightOrder() {
        Random random = new Random(7);
        double[] probabilities = new double[60];
        boolean[] labels = new boolean[60];
        for (int i = 0; i < 60; i++) {
            probabilities[i] = random.nextInt(10) / 10.0; // with ties
            labels[i] = random.nextDouble() < probabilities[i];
            metrics.add("u", probabilities[i], labels[i]);
        }
        double right = 0;
        int pairs = 0;
        for (int one = 0; one < 60; one++) {
            for (int other = 0; other < 60; other++) {
                if (labels[one] && !labels[other]) {
                    pairs++;
                    right += (Math.signum(probabilities[one] - probabilities[other]) + 1) / 2;
                }
            }
        }

        assertThat(metrics.auc()).isCloseTo(right / pairs, ROUNDING);
        assertThat(metrics.gauc()).as("of one group").isEqualTo(metrics.auc());
    }

    @Test
    void theGaucLooksWithinGroupsThatHaveBothLabels() {
        metrics.add("right", 0.2, false);
        metrics.add("right", 0.3, true);
        metrics.add("wrong", 0.9, false);
        metrics.add("wrong", 0.8, true);
        metrics.add("wrong", 0.85, false);
        metrics.add("only", 0.99, true);

        assertThat(metrics.gauc()).isCloseTo((1.0 * 2 + 0.0 * 3) / 5, ROUNDING);
    }

    @Test
    void lossAndCalibrationComparePredictionsWithWhatCame() {
        metrics.add("u", 0.8, true);
        metrics.add("u", 0.4, false);
        metrics.add("u", 0, true);

        assertThat(metrics.count()).isEqualTo(3);
        assertThat(metrics.positives()).isEqualTo(2);
        assertThat(metrics.logLoss())
                .isCloseTo(-(Math.log(0.8) + Math.log(0.6) + Math.log(1e-6)) / 3, ROUNDING);
        assertThat(metrics.calibration()).isCloseTo(1.2 / 2, ROUNDING);
    }

    @Test
    void whatIsNotDefinedIsNoNumber() {
        assertThat(metrics.logLoss()).isNaN();
        metrics.add("u", 0.5, false);

        assertThat(metrics.auc()).isNaN();
        assertThat(metrics.gauc()).isNaN();
        assertThat(metrics.calibration()).isNaN();
    }
}
