package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.TestingModels.ITEMS;
import static io.freshet.model.tensorflow.TestingModels.LENGTH;
import static io.freshet.model.tensorflow.TestingModels.batch;
import static io.freshet.model.tensorflow.TestingModels.model;
import static io.freshet.model.tensorflow.TestingModels.score;
import static io.freshet.model.tensorflow.TestingModels.spec;
import static io.freshet.model.tensorflow.TestingModels.successors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.Lesson;
import io.freshet.model.Loss;
import io.freshet.model.Precision;
import io.freshet.model.RecommenderModel;
import io.freshet.model.Rejected;
import io.freshet.model.RowSample;
import io.freshet.model.SequenceAttributes;
import io.freshet.model.StepRates;
import io.freshet.model.StepResult;
import io.freshet.model.TrainingBatch;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossesITCase {

    private static final Offset<Float> CLOSE = within(1e-4f);
    private static final StepRates STILL = new StepRates(0, 0, 1, 5, 1);
    private static final float NONE = Float.NaN;

    @ParameterizedTest
    @EnumSource(
            value = Loss.class,
            names = {"SAMPLED_SOFTMAX", "BINARY_CROSS_ENTROPY"})
    void bothLossesOfChoicesLearnWhatFollowsWhat(Loss loss) {
        try (RecommenderModel model = model(spec(0, 0.1f, loss))) {
            float first = model.train(successors(0), STILL).loss();
            train(model, 150);

            assertThat(model.train(successors(0), STILL).loss()).isLessThan(first / 2);
            assertThat(score(model, new int[0], 7, 8, 9).topRows()[0]).isEqualTo(10);
            assertThat(model.predictsRatings()).isFalse();
        }
    }

    /** A dropped gradient, or one that has vanished, would leave the loss far behind. */
    @Test
    void bfloat16LearnsAsFloat32DoesThoughNotTheSameToTheBit() {
        try (RecommenderModel exact = model(spec(0, 0.1f, Loss.SAMPLED_SOFTMAX));
                RecommenderModel mixed =
                        model(spec(0, 0.1f, Precision.BFLOAT16, Loss.SAMPLED_SOFTMAX))) {
            float first = exact.train(successors(0), STILL).loss();
            train(exact, 50);
            train(mixed, 50);
            float inExact = exact.train(successors(0), STILL).loss();
            float inMixed = mixed.train(successors(0), STILL).loss();

            assertThat(inExact).isLessThan(0.8f * first);
            assertThat(inMixed)
                    .isNotEqualTo(inExact)
                    .isCloseTo(inExact, within((first - inExact) / 20));
            assertThat(RowState.all(mixed, "body/block0/up/kernel"))
                    .isNotEqualTo(RowState.all(exact, "body/block0/up/kernel"));
        }
    }

    @Test
    void binaryCrossEntropyJudgesEachCandidateAloneAsIfDrawnUniformly() {
        float[] logQ = {0, 1, 2};
        double[] x;
        try (RecommenderModel twin = model(spec(0, 0, Loss.MEAN_SQUARED_ERROR))) {
            x = logits(twin, 1, 2, 3, 4);
        }
        double all = Math.exp(0) + Math.exp(-1) + Math.exp(-2);
        double expected =
                softplus(-x[1])
                        + Math.exp(0) / all * softplus(x[0])
                        + Math.exp(-2) / all * softplus(x[2]);

        try (RecommenderModel model = model(spec(0, 0, Loss.BINARY_CROSS_ENTROPY))) {
            StepResult step =
                    model.train(
                            batch(1, new int[] {1}, new int[] {1}, new int[] {2, 3, 4}, logQ),
                            STILL);

            assertThat(step.loss()).isCloseTo((float) expected, CLOSE);
        }
    }

    @Test
    void squaredErrorsAreOfThePositionsThatHaveARating() {
        try (RecommenderModel model = model(spec(0, 0, Loss.MEAN_SQUARED_ERROR))) {
            int[] items = {1, 2, 3};
            int[] targets = {5, 6, 7};
            float[] predicted =
                    model.evaluate(new EvaluationBatch(1, 3, items, new int[] {0, 1, 2}, targets))
                            .ratings();
            TrainingBatch batch = rated(3, items, targets, 5, NONE, 1);
            double expected = (Math.pow(predicted[0] - 5, 2) + Math.pow(predicted[2] - 1, 2)) / 2;

            assertThat(model.predictsRatings()).isTrue();
            assertThat(predicted).containsExactly(new float[] {3, 3, 3}, within(0.5f));
            assertThat(model.train(batch, STILL).loss()).isCloseTo((float) expected, CLOSE);
            StepResult unrated = model.train(rated(3, items, targets, NONE, NONE, NONE), STILL);
            assertThat(unrated).isEqualTo(new StepResult(0, 0));
        }
    }

    /** Ratings depend on the item's quality and on whether it is of the kind of the one before. */
    @Test
    void ratingsOfASyntheticMatrixAreLearnedFarBetterThanTheirMean() {
        Random random = new Random(3);
        try (RecommenderModel model = model(spec(0, 0, Loss.MEAN_SQUARED_ERROR))) {
            for (int step = 0; step < 250; step++) {
                model.train(synthetic(random), new StepRates(1e-2f, 1e-2f, 1, 5, step));
            }

            TrainingBatch unseen = synthetic(random);
            double mean = 0;
            for (float rating : unseen.ratings()) {
                mean += rating / unseen.ratings().length;
            }
            double variance = 0;
            for (float rating : unseen.ratings()) {
                variance += Math.pow(rating - mean, 2) / unseen.ratings().length;
            }
            assertThat(variance).isGreaterThan(1);
            assertThat(model.train(unseen, STILL).loss()).isLessThan((float) variance / 5);
        }
    }

    @Test
    void withALayerDecayEachLayerMovesLessThanTheOneAbove() {
        try (RecommenderModel model = model(0, 0)) {
            float[] top = RowState.all(model, "body/block1/up/kernel");
            float[] bottom = RowState.all(model, "body/block0/up/kernel");
            float[] positions = RowState.all(model, "body/positions");
            float[] norm = RowState.all(model, "body/norm/gain");

            // Adam's first step moves every weight by its learning rate
            model.train(successors(0), new StepRates(0, 1e-2f, 0.1f, 5, 1));

            assertThat(moved(model, "body/norm/gain", norm)).isCloseTo(1e-2f, within(1e-4f));
            assertThat(moved(model, "body/block1/up/kernel", top)).isCloseTo(1e-2f, within(1e-4f));
            assertThat(moved(model, "body/block0/up/kernel", bottom))
                    .isCloseTo(1e-3f, within(1e-5f));
            assertThat(moved(model, "body/positions", positions)).isCloseTo(1e-4f, within(1e-6f));
        }
    }

    @Test
    void aLessonOfTheModelItselfChangesNothingInTheFirstStep() {
        try (RecommenderModel model = model(0, 0)) {
            TrainingBatch plain = successors(0);
            StepResult alone = model.train(plain, STILL);
            StepResult taught = model.train(with(lesson(model, plain, 3), plain), STILL);

            assertThat(taught.loss()).isCloseTo(alone.loss(), within(1e-5f));
            assertThat(taught.gradientNorm()).isCloseTo(alone.gradientNorm(), within(1e-5f));
        }
    }

    @Test
    void aLessonCountsByItsDivergenceAndItsWeight() {
        try (RecommenderModel model = model(0, 0)) {
            TrainingBatch plain = successors(0);
            Lesson own = lesson(model, plain, 3);
            float[] taught = own.probabilities().clone();
            int width = own.sample().rows().length;
            taught[0] = 0;
            taught[1] += own.probabilities()[0];
            double divergence = taught[1] * Math.log(taught[1] / own.probabilities()[1]);
            Lesson other = new Lesson(3, own.positions(), own.sample(), taught);

            float added =
                    model.train(with(other, plain), STILL).loss()
                            - model.train(plain, STILL).loss();

            assertThat(taught).hasSize(own.positions().length * width);
            assertThat(added)
                    .isCloseTo((float) (3 * divergence / plain.positions().length), within(1e-6f));
        }
    }

    @Test
    void rowsThatATeacherJudgedAreAmongTheChanges() {
        try (RecommenderModel model = model(0, 0)) {
            int[] items = new int[2 * LENGTH];
            Arrays.fill(items, 1);
            TrainingBatch plain =
                    batch(LENGTH, items, new int[items.length], new int[] {4, 5}, new float[2]);
            model.train(plain, STILL);
            model.exportChanges();

            model.train(with(lesson(model, plain, 1), plain), STILL);

            assertThat(model.exportChanges().trainedRows())
                    .containsExactly(1, 2, 3, 4, 5, 9, 12, 30);
        }
    }

    @Test
    void aTeacherIsFollowed() {
        try (RecommenderModel teacher = model(0, 0);
                RecommenderModel pupil = model(0, 0)) {
            train(teacher, 40);
            TrainingBatch one = successors(0);
            Lesson lesson = lesson(teacher, one, 10);
            float before = pupil.train(with(lesson, one), STILL).loss();
            float own = pupil.train(one, STILL).loss();
            for (int step = 0; step < 60; step++) {
                pupil.train(with(lesson, one), new StepRates(1e-2f, 1e-2f, 1, 5, step));
            }
            float after = pupil.train(with(lesson, one), STILL).loss();
            float ownAfter = pupil.train(one, STILL).loss();

            assertThat(after - ownAfter).isLessThan((before - own) / 20);
        }
    }

    @Test
    void aModelOfRatingsCanNotBeDistilled() {
        try (RecommenderModel model = model(spec(0, 0, Loss.MEAN_SQUARED_ERROR))) {
            assertThatThrownBy(() -> lesson(model, successors(0), 1))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("training.distillation");
        }
    }

    private static void train(RecommenderModel model, int steps) {
        for (int step = 1; step <= steps; step++) {
            model.train(successors(step), new StepRates(1e-2f, 1e-2f, 1, 5, step));
        }
    }

    /** What a model says at the first three positions, of rows that are not all candidates. */
    private static Lesson lesson(RecommenderModel model, TrainingBatch batch, float weight) {
        int[] positions = {0, 1, LENGTH};
        RowSample sample =
                new RowSample(new int[] {3, 9, 2, 30, 12}, new float[] {0, -1, 0.5f, 0, 0});
        float[] said =
                model.teach(
                        new EvaluationBatch(
                                batch.size(),
                                batch.length(),
                                batch.items(),
                                positions,
                                new int[positions.length]),
                        sample);
        return new Lesson(weight, positions, sample, said);
    }

    private static TrainingBatch with(Lesson lesson, TrainingBatch batch) {
        return TestingModels.with(batch, Rejected.none(), lesson);
    }

    private static TrainingBatch synthetic(Random random) {
        int size = 32;
        int[] items = random.ints((long) size * LENGTH, 1, ITEMS + 1).toArray();
        int[] targets = random.ints(items.length, 1, ITEMS + 1).toArray();
        float[] ratings = new float[items.length];
        for (int i = 0; i < ratings.length; i++) {
            float quality = targets[i] % 3 - 1;
            float match = targets[i] % 2 == items[i] % 2 ? 0.8f : -0.8f;
            ratings[i] = 3 + quality + match;
        }
        return rated(LENGTH, items, targets, ratings);
    }

    private static TrainingBatch rated(int length, int[] items, int[] targets, float... ratings) {
        int[] candidates = IntStream.of(targets).distinct().toArray();
        int[] labels =
                IntStream.of(targets)
                        .map(
                                target ->
                                        IntStream.range(0, candidates.length)
                                                .filter(i -> candidates[i] == target)
                                                .findFirst()
                                                .orElseThrow())
                        .toArray();
        float[] weights = new float[items.length];
        Arrays.fill(weights, 1);
        return new TrainingBatch(
                items.length / length,
                length,
                items,
                SequenceAttributes.none(),
                IntStream.range(0, items.length).toArray(),
                labels,
                candidates,
                new float[candidates.length],
                weights,
                ratings,
                Rejected.none(),
                null);
    }

    /** Logits of rows after an item, from the ratings that they become. */
    private static double[] logits(RecommenderModel model, int item, int... rows) {
        double[] logits = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            float rating =
                    model.evaluate(
                                    new EvaluationBatch(
                                            1,
                                            1,
                                            new int[] {item},
                                            new int[] {0},
                                            new int[] {rows[i]}))
                            .ratings()[0];
            logits[i] = Math.log((rating - 1) / (5 - rating));
        }
        return logits;
    }

    private static double softplus(double x) {
        return Math.log1p(Math.exp(x));
    }

    private static float moved(RecommenderModel model, String variable, float[] before) {
        float[] now = RowState.all(model, variable);
        float most = 0;
        for (int i = 0; i < now.length; i++) {
            most = Math.max(most, Math.abs(now[i] - before[i]));
        }
        return most;
    }
}
