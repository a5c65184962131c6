package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.TestingModels.ITEMS;
import static io.freshet.model.tensorflow.TestingModels.LENGTH;
import static io.freshet.model.tensorflow.TestingModels.RATES;
import static io.freshet.model.tensorflow.TestingModels.batch;
import static io.freshet.model.tensorflow.TestingModels.features;
import static io.freshet.model.tensorflow.TestingModels.model;
import static io.freshet.model.tensorflow.TestingModels.score;
import static io.freshet.model.tensorflow.TestingModels.scores;
import static io.freshet.model.tensorflow.TestingModels.successors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.EvaluationResult;
import io.freshet.model.RecommenderModel;
import io.freshet.model.Rejected;
import io.freshet.model.ScoringBatch;
import io.freshet.model.ScoringResult;
import io.freshet.model.SequenceAttributes;
import io.freshet.model.StepRates;
import io.freshet.model.StepResult;
import io.freshet.model.TrainingBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFlowRecommenderITCase {

    private static final Offset<Float> CLOSE = within(1e-4f);

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void learnsWhatFollowsWhat(int featureWidth) {
        try (RecommenderModel model = model(featureWidth, 0.1f)) {
            EvaluationResult before = model.evaluate(evaluation(1, 2, 3, 4, 5));
            float firstLoss = model.train(successors(0), RATES).loss();
            float lastLoss = 0;
            for (int step = 1; step < 60; step++) {
                StepRates rates = new StepRates(1e-2f, 1e-2f, 1, 5, step);
                lastLoss = model.train(successors(step), rates).loss();
            }
            EvaluationResult after = model.evaluate(evaluation(1, 2, 3, 4, 5));

            assertThat(firstLoss).isCloseTo((float) Math.log(ITEMS), within(0.3f));
            assertThat(lastLoss).isLessThan(firstLoss / 2);
            assertThat(after.ranks()).containsOnly(1);
            assertThat(IntStream.of(before.ranks()).sum()).isGreaterThan(5);
            for (int i = 0; i < after.losses().length; i++) {
                assertThat(after.losses()[i]).isLessThan(before.losses()[i]);
            }
            assertThat(score(model, new int[0], 7, 8, 9).topRows()[0]).isEqualTo(10);
        }
    }

    @Test
    void laterItemsDoNotReachEarlierPositions() {
        try (RecommenderModel model = model(3, 0)) {
            int[] targets = {5, 6, 7, 8};
            int[] positions = {0, 1, 2, 3};
            float[] one =
                    model.evaluate(
                                    new EvaluationBatch(
                                            1, 4, new int[] {1, 2, 3, 4}, positions, targets))
                            .losses();
            float[] other =
                    model.evaluate(
                                    new EvaluationBatch(
                                            1, 4, new int[] {1, 2, 9, 4}, positions, targets))
                            .losses();

            assertThat(Arrays.copyOf(other, 2)).containsExactly(Arrays.copyOf(one, 2), CLOSE);
            assertThat(other[2]).isNotCloseTo(one[2], CLOSE);
            assertThat(other[3]).isNotCloseTo(one[3], CLOSE);
        }
    }

    @Test
    void paddingAndNeighboursInTheBatchChangeNothing() {
        try (RecommenderModel model = model(3, 0)) {
            float[] alone = scores(model, 4, 5, 6);
            float[] padded = scores(model, 4, 5, 6, 0, 0);
            int[] rows = IntStream.rangeClosed(1, ITEMS).toArray();
            int[] twice = IntStream.concat(Arrays.stream(rows), Arrays.stream(rows)).toArray();
            float[] together =
                    model.score(
                                    new ScoringBatch(
                                            2,
                                            4,
                                            new int[] {9, 8, 7, 6, 4, 5, 6, 0},
                                            ITEMS,
                                            twice,
                                            1))
                            .candidateScores();

            assertThat(padded).containsExactly(alone, CLOSE);
            assertThat(Arrays.copyOfRange(together, ITEMS, 2 * ITEMS))
                    .containsExactly(alone, CLOSE);
        }
    }

    @Test
    void scoresAreLogProbabilitiesOverTheItemsBestFirst() {
        try (RecommenderModel model = model(0, 0)) {
            ScoringResult result = score(model, new int[] {3, 0, 7}, 1, 2);

            double total = 0;
            for (float score : result.topScores()) {
                total += Math.exp(score);
            }
            assertThat(total).isCloseTo(1, within(1e-4));
            assertThat(result.topRows())
                    .containsExactlyInAnyOrder(IntStream.rangeClosed(1, ITEMS).toArray());
            for (int i = 1; i < ITEMS; i++) {
                assertThat(result.topScores()[i]).isLessThanOrEqualTo(result.topScores()[i - 1]);
            }
            assertThat(result.candidateScores()[0]).isEqualTo(scoreOf(result, 3));
            assertThat(result.candidateScores()[1]).isZero();
            assertThat(result.candidateScores()[2]).isEqualTo(scoreOf(result, 7));
        }
    }

    @Test
    void ranksAndLossesAgreeWithScores() {
        try (RecommenderModel model = model(0, 0)) {
            ScoringResult scored = score(model, new int[0], 1, 2, 3);
            for (int place : new int[] {0, 11, ITEMS - 1}) {
                int row = scored.topRows()[place];
                EvaluationResult result =
                        model.evaluate(
                                new EvaluationBatch(
                                        1, 3, new int[] {1, 2, 3}, new int[] {2}, new int[] {row}));

                assertThat(result.ranks()).containsExactly(place + 1);
                assertThat(result.losses()[0]).isCloseTo(-scored.topScores()[place], CLOSE);
            }
        }
    }

    @Test
    void aStepTouchesTheEmbeddingsAndBiasesOfItsBatchAlone() {
        try (RecommenderModel model = model(0, 0)) {
            // a frozen body and no adapter: an untouched row's logit against a fixed state
            // moves only if its own embedding or bias does
            StepRates headOnly = new StepRates(1e-1f, 0, 1, 5, 1);
            float[] before = scores(model, 20, 21);
            model.train(
                    batch(2, new int[] {1, 2}, new int[] {0, 1}, new int[] {2, 3}, new float[2]),
                    headOnly);
            float[] after = scores(model, 20, 21);

            float shift = after[9] - before[9];
            for (int row = 1; row <= ITEMS; row++) {
                float moved = after[row - 1] - before[row - 1] - shift;
                if (row <= 3) {
                    assertThat(moved).as("row %s", row).isNotCloseTo(0, within(1e-3f));
                } else {
                    assertThat(moved).as("row %s", row).isCloseTo(0, CLOSE);
                }
            }
        }
    }

    @Test
    void aStepLeavesTheSlotsOfOtherRowsAndOfThePadding() {
        try (RecommenderModel model = model(3, 0)) {
            model.train(successors(0), RATES);
            Map<String, float[]> before = new HashMap<>();
            List<String> variables = new ArrayList<>(RowState.SLOTS);
            variables.addAll(List.of("items/embedding", "items/bias"));
            variables.forEach(each -> before.put(each, RowState.all(model, each)));

            model.train(
                    batch(
                            3,
                            new int[] {1, 2, 0},
                            new int[] {0, 1, 1},
                            new int[] {2, 5},
                            new float[2]),
                    RATES);

            for (String variable : variables) {
                float[] now = RowState.all(model, variable);
                float[] then = before.get(variable);
                int width = now.length / model.rows();
                List<Integer> touched =
                        variable.startsWith("items/bias") ? List.of(2, 5) : List.of(1, 2, 5);
                for (int row = 0; row < model.rows(); row++) {
                    boolean same =
                            Arrays.equals(
                                    now,
                                    row * width,
                                    (row + 1) * width,
                                    then,
                                    row * width,
                                    (row + 1) * width);
                    assertThat(same)
                            .as("%s of row %s is left", variable, row)
                            .isEqualTo(!touched.contains(row));
                }
            }
        }
    }

    @Test
    void aBodyRateOfZeroFreezesTheBodyAndItsSlots() {
        StepRates headOnly = new StepRates(1e-2f, 0, 1, 5, 1);
        StepRates bodyOnly = new StepRates(0, 1e-2f, 1, 5, 1);
        try (RecommenderModel stepped = model(0, 0);
                RecommenderModel untouched = model(0, 0)) {
            // rows 1 to 10 alone are trained, so that rows from 20 show the body
            TrainingBatch batch =
                    batch(3, new int[] {1, 2, 3}, new int[] {0, 1, 2}, rows(8, 10), new float[3]);
            for (int i = 0; i < 3; i++) {
                stepped.train(batch, headOnly);
            }
            assertThat(differences(stepped)).containsExactly(differences(untouched), CLOSE);

            TrainingBatch other =
                    batch(2, new int[] {20, 21}, new int[] {0, 1}, rows(22, 23), new float[2]);
            assertThat(stepped.train(other, bodyOnly).gradientNorm())
                    .isCloseTo(untouched.train(other, bodyOnly).gradientNorm(), CLOSE);
            assertThat(differences(stepped)).containsExactly(differences(untouched), CLOSE);
        }
    }

    @Test
    void aHeadRateOfZeroLeavesTheItems() {
        try (RecommenderModel model = model(0, 0)) {
            StepResult first = model.train(successors(0), new StepRates(0, 0, 1, 5, 1));
            StepResult second = model.train(successors(0), new StepRates(0, 0, 1, 5, 1));

            assertThat(second).isEqualTo(first);
        }
    }

    @Test
    void aSeedGivesTheSameModelAndTheSameStep() {
        try (RecommenderModel one = model(3, 0.5f);
                RecommenderModel other = model(3, 0.5f)) {
            assertThat(scores(other, 1, 2)).containsExactly(scores(one, 1, 2));
            for (int step = 0; step < 3; step++) {
                StepRates rates = new StepRates(1e-2f, 1e-2f, 1, 5, step);
                assertThat(other.train(successors(step), rates))
                        .isEqualTo(one.train(successors(step), rates));
            }
            assertThat(scores(other, 1, 2)).containsExactly(scores(one, 1, 2));
            float loss = one.train(successors(9), new StepRates(0, 0, 1, 5, 1)).loss();
            assertThat(one.train(successors(9), new StepRates(0, 0, 1, 5, 2)).loss())
                    .isNotEqualTo(loss);
        }
    }

    @Test
    void logQIsTakenFromTheLogitsInTrainingOnly() {
        try (RecommenderModel model = model(0, 0)) {
            float[] scores = scores(model, 1);
            float q = 2;
            float[] logits = {scores[1], scores[2] - q, scores[3]};
            double total = Math.exp(logits[0]) + Math.exp(logits[1]) + Math.exp(logits[2]);
            StepResult step =
                    model.train(
                            batch(
                                    1,
                                    new int[] {1},
                                    new int[] {1},
                                    new int[] {2, 3, 4},
                                    new float[] {0, q, 0}),
                            new StepRates(0, 0, 1, 5, 1));

            assertThat(step.loss()).isCloseTo((float) (Math.log(total) - logits[1]), CLOSE);
        }
    }

    @Test
    void weightsSayHowMuchAPositionCounts() {
        try (RecommenderModel model = model(0, 0)) {
            StepRates still = new StepRates(0, 0, 1, 5, 1);
            int[] labels = {0, 1};
            float first = model.train(weighted(labels, 1, 0), still).loss();
            float second = model.train(weighted(labels, 0, 1), still).loss();

            assertThat(model.train(weighted(labels, 3, 1), still).loss())
                    .isCloseTo((3 * first + second) / 4, CLOSE);
        }
    }

    @Test
    void theGradientIsClippedToTheNorm() {
        try (RecommenderModel clipped = model(0, 0);
                RecommenderModel free = model(0, 0)) {
            float norm = free.train(successors(0), new StepRates(0, 0, 1, 1e6f, 1)).gradientNorm();
            assertThat(
                            clipped.train(successors(0), new StepRates(0, 0, 1, 1e-3f, 1))
                                    .gradientNorm())
                    .isEqualTo(norm);
            // a norm of next to nothing leaves next to no step even for Adam, below its epsilon
            StepRates tiny = new StepRates(1e-2f, 1e-2f, 1, 1e-12f, 1);
            float[] before = scores(clipped, 1, 2);
            clipped.train(successors(0), tiny);
            assertThat(scores(clipped, 1, 2)).containsExactly(before, within(1e-2f));
            free.train(successors(0), new StepRates(1e-2f, 1e-2f, 1, 1e6f, 1));
            assertThat(maxDistance(scores(free, 1, 2), before)).isGreaterThan(0.05f);
        }
    }

    @Test
    void sequencesLongerThanTheModelAreRefused() {
        try (RecommenderModel model = model(0, 0)) {
            assertThatThrownBy(() -> scores(model, new int[LENGTH + 1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 8");
        }
    }

    @Test
    void contentMovesAnItemsScoresThroughTheAdapter() {
        try (RecommenderModel model = model(3, 0)) {
            float[] before = scores(model, 1, 2);
            model.describe(new int[] {12}, features(1, 3, 99));
            float[] after = scores(model, 1, 2);

            float shift = after[0] - before[0];
            assertThat(after[11] - before[11] - shift).isNotCloseTo(0, CLOSE);
            assertThat(after[5] - before[5] - shift).isCloseTo(0, CLOSE);
        }
    }

    private static TrainingBatch weighted(int[] labels, float... weights) {
        return new TrainingBatch(
                2,
                1,
                new int[] {1, 2},
                SequenceAttributes.none(),
                new int[] {0, 1},
                labels,
                new int[] {3, 4},
                new float[2],
                weights,
                new float[] {Float.NaN, Float.NaN},
                Rejected.none(),
                null);
    }

    /** Differences between the scores of untouched rows, which don't know the other rows. */
    private static float[] differences(RecommenderModel model) {
        float[] scores = scores(model, 25, 26, 27);
        float[] differences = new float[5];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = scores[24 + i] - scores[23];
        }
        return differences;
    }

    private static int[] rows(int first, int last) {
        return IntStream.rangeClosed(first, last).toArray();
    }

    private static float maxDistance(float[] some, float[] others) {
        float distance = 0;
        for (int i = 0; i < some.length; i++) {
            distance = Math.max(distance, Math.abs(some[i] - others[i]));
        }
        return distance;
    }

    private static float scoreOf(ScoringResult result, int row) {
        int place = 0;
        while (result.topRows()[place] != row) {
            place++;
        }
        return result.topScores()[place];
    }

    /** A sequence of successive items, the last of which is the target of the one before. */
    private static EvaluationBatch evaluation(int... items) {
        int[] targets = Arrays.copyOfRange(items, 1, items.length);
        int[] inputs = Arrays.copyOf(items, targets.length);
        return new EvaluationBatch(1, inputs.length, inputs, rows(0, inputs.length - 1), targets);
    }
}
