package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.TestingModels.LENGTH;
import static io.freshet.model.tensorflow.TestingModels.batch;
import static io.freshet.model.tensorflow.TestingModels.model;
import static io.freshet.model.tensorflow.TestingModels.scores;
import static io.freshet.model.tensorflow.TestingModels.successors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.model.Loss;
import io.freshet.model.RecommenderModel;
import io.freshet.model.Rejected;
import io.freshet.model.StepRates;
import io.freshet.model.TrainingBatch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Steps on what users rejected. */
class RejectedItemsITCase {

    private static final StepRates STILL = new StepRates(0, 0, 1, 5, 1);

    @Test
    void aRejectionAddsMinusLogOfTheProbabilityOfAllOthersByItsWeight() {
        try (RecommenderModel model = model(0, 0)) {
            TrainingBatch plain = successors(0);
            int[] history = Arrays.copyOf(plain.items(), 3);
            int row = 9;
            double probability = Math.exp(scores(model, history)[row - 1]);

            float added =
                    model.train(rejecting(plain, 2, row, 3), STILL).loss()
                            - model.train(plain, STILL).loss();

            assertThat(added)
                    .isCloseTo(
                            (float) (-3 * Math.log(1 - probability) / plain.positions().length),
                            within(1e-5f));
        }
    }

    @Test
    void whatIsRejectedBecomesLessLikelyThereAndWhatIsChosenIsLearnedAllTheSame() {
        try (RecommenderModel plain = model(0, 0);
                RecommenderModel model = model(0, 0)) {
            TrainingBatch batch = successors(0);
            int[] history = Arrays.copyOf(batch.items(), LENGTH);
            int rejected = 17;
            for (int step = 1; step <= 60; step++) {
                StepRates rates = new StepRates(1e-2f, 1e-2f, 1, 5, step);
                plain.train(batch, rates);
                model.train(rejecting(batch, LENGTH - 1, rejected, 50), rates);
            }

            assertThat(scores(model, history)[rejected - 1])
                    .isLessThan(scores(plain, history)[rejected - 1] - 1);
            assertThat(model.train(batch, STILL).loss())
                    .isCloseTo(plain.train(batch, STILL).loss(), within(0.5f));
        }
    }

    @Test
    void rowsThatAreRejectedAreAmongTheChanges() {
        try (RecommenderModel model = model(0, 0)) {
            int[] items = new int[2 * LENGTH];
            Arrays.fill(items, 1);
            TrainingBatch plain =
                    batch(LENGTH, items, new int[items.length], new int[] {4, 5}, new float[2]);
            model.train(plain, STILL);
            model.exportChanges();

            model.train(rejecting(plain, 0, 9, 1), STILL);

            assertThat(model.exportChanges().trainedRows()).containsExactly(1, 4, 5, 9);
        }
    }

    /** One of binary cross-entropy has no such inputs, as models of earlier releases have none. */
    @Test
    void aModelWithoutTheInputsIsTrainedAsBefore() {
        try (RecommenderModel model = model(TestingModels.spec(0, 0, Loss.BINARY_CROSS_ENTROPY))) {
            TrainingBatch batch = successors(0);

            assertThat(model.train(rejecting(batch, 2, 9, 1), STILL))
                    .isEqualTo(model.train(batch, STILL));
        }
    }

    private static TrainingBatch rejecting(
            TrainingBatch batch, int position, int row, float weight) {
        return TestingModels.with(
                batch, new Rejected(weight, new int[] {position}, new int[] {row}), batch.lesson());
    }
}
