package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.TestingModels.ITEMS;
import static io.freshet.model.tensorflow.TestingModels.features;
import static io.freshet.model.tensorflow.TestingModels.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.Loss;
import io.freshet.model.ModelSpec;
import io.freshet.model.Precision;
import io.freshet.model.RatingRange;
import io.freshet.model.RecommenderModel;
import io.freshet.model.Rejected;
import io.freshet.model.RowSample;
import io.freshet.model.ScoringBatch;
import io.freshet.model.SequenceAttributes;
import io.freshet.model.StepRates;
import io.freshet.model.TrainingBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that takes more of a position than its item. */
class AttributesITCase {

    private static final TensorFlowModelRuntime RUNTIME = new TensorFlowModelRuntime(1);

    private static final int VIEWED = 7;
    private static final int BOUGHT = -12;
    private static final int AFTER_VIEW = 2;
    private static final int AFTER_PURCHASE = 3;

    /** The same item twice, of which one was viewed and the other bought. */
    private static final SequenceAttributes BOTH =
            SequenceAttributes.of(1, List.of(new int[][] {{VIEWED}}, new int[][] {{BOUGHT}}));

    @TempDir private Path directory;

    @Test
    void whatItemsAloneDoNotSayIsLearned() {
        try (RecommenderModel model = model(0)) {
            train(model, 200);

            assertThat(model.evaluate(evaluation(BOTH)).ranks()).containsExactly(1, 1);
            assertThat(best(model, VIEWED)).isEqualTo(AFTER_VIEW);
            assertThat(best(model, BOUGHT)).isEqualTo(AFTER_PURCHASE);
        }
    }

    @Test
    void theyAreTaughtAsTheyAreEvaluated() {
        try (RecommenderModel model = model(0)) {
            train(model, 200);

            float[] taught =
                    model.teach(
                            evaluation(BOTH),
                            new RowSample(new int[] {AFTER_VIEW, AFTER_PURCHASE}, new float[2]));

            assertThat(taught[0]).isGreaterThan(0.9f);
            assertThat(taught[3]).isGreaterThan(0.9f);
        }
    }

    @Test
    void aModelBeginsAsOneThatTakesNone() {
        try (RecommenderModel model = model(0);
                RecommenderModel plain = model(spec(0, 0))) {
            assertThat(model.evaluate(evaluation(BOTH)).losses())
                    .isEqualTo(plain.evaluate(evaluation(BOTH)).losses());
        }
    }

    @Test
    void aModelThatTookNoneGoesOnWithItsWeightsWhenItIsRenewed() throws IOException {
        try (RecommenderModel plain = model(spec(0, 0))) {
            train(plain, 3);
            plain.save(directory);
            try (RecommenderModel renewed = RUNTIME.renew(spec(16, 0), directory)) {
                assertThat(renewed.architecture()).contains("attributes 16");
                assertThat(renewed.evaluate(evaluation(BOTH)).losses())
                        .isEqualTo(plain.evaluate(evaluation(BOTH)).losses());
            }
        }
    }

    @Test
    void positionsOfWhichNothingIsKnownAreTakenAsWell() {
        try (RecommenderModel model = model(0.5f)) {
            train(model, 3);

            assertThat(model.evaluate(evaluation(SequenceAttributes.none())).losses())
                    .doesNotContain(Float.NaN)
                    .hasSize(2);
        }
    }

    @Test
    void whoFollowsTheModelScoresByThem() {
        try (RecommenderModel model = model(0);
                RecommenderModel follower = model(0)) {
            model.exportChanges();
            follower.serveOnly();
            train(model, 200);
            follower.importChanges(model.exportChanges());

            assertThat(best(follower, VIEWED)).isEqualTo(AFTER_VIEW);
            assertThat(best(follower, BOUGHT)).isEqualTo(AFTER_PURCHASE);
        }
    }

    private static void train(RecommenderModel model, int steps) {
        int[] candidates = IntStream.rangeClosed(1, ITEMS).toArray();
        TrainingBatch batch =
                new TrainingBatch(
                        2,
                        1,
                        new int[] {1, 1},
                        BOTH,
                        new int[] {0, 1},
                        new int[] {AFTER_VIEW - 1, AFTER_PURCHASE - 1},
                        candidates,
                        new float[ITEMS],
                        new float[] {1, 1},
                        new float[] {Float.NaN, Float.NaN},
                        Rejected.none(),
                        null);
        for (int step = 1; step <= steps; step++) {
            model.train(batch, new StepRates(1e-2f, 1e-2f, 1, 5, step));
        }
    }

    private static int best(RecommenderModel model, int attribute) {
        SequenceAttributes one =
                SequenceAttributes.of(1, List.<int[][]>of(new int[][] {{attribute}}));
        return model.score(new ScoringBatch(1, 1, new int[] {1}, one, 0, new int[0], 1))
                .topRows()[0];
    }

    private static EvaluationBatch evaluation(SequenceAttributes attributes) {
        return new EvaluationBatch(
                2,
                1,
                new int[] {1, 1},
                attributes,
                new int[] {0, 1},
                new int[] {AFTER_VIEW, AFTER_PURCHASE});
    }

    private static RecommenderModel model(float dropout) {
        return model(spec(16, dropout));
    }

    private static RecommenderModel model(ModelSpec spec) {
        RecommenderModel model = RUNTIME.create(spec);
        model.append(ids(1, ITEMS), features(ITEMS, 0, 1), 5);
        return model;
    }

    private static ModelSpec spec(int buckets, float dropout) {
        return new ModelSpec(
                16,
                2,
                2,
                4,
                0,
                buckets,
                dropout,
                Precision.FLOAT32,
                42,
                Loss.SAMPLED_SOFTMAX,
                new RatingRange(1, 5));
    }
}
