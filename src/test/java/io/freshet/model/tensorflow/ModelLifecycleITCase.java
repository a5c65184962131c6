package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.TestingModels.ITEMS;
import static io.freshet.model.tensorflow.TestingModels.RATES;
import static io.freshet.model.tensorflow.TestingModels.edit;
import static io.freshet.model.tensorflow.TestingModels.features;
import static io.freshet.model.tensorflow.TestingModels.ids;
import static io.freshet.model.tensorflow.TestingModels.model;
import static io.freshet.model.tensorflow.TestingModels.score;
import static io.freshet.model.tensorflow.TestingModels.scores;
import static io.freshet.model.tensorflow.TestingModels.spec;
import static io.freshet.model.tensorflow.TestingModels.successors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.EvaluationResult;
import io.freshet.model.ModelRuntime;
import io.freshet.model.RecommenderModel;
import io.freshet.model.RowSample;
import io.freshet.model.StepRates;
import io.freshet.model.StepResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLifecycleITCase {

    private static final ModelRuntime RUNTIME = new TensorFlowModelRuntime(1);

    @TempDir private Path directory;

    @Test
    void aNewModelHasThePaddingRowAlone() {
        try (RecommenderModel model = RUNTIME.create(spec(3, 0.1f))) {
            assertThat(model.rows()).isEqualTo(1);
            assertThat(model.length()).isEqualTo(TestingModels.LENGTH);
            assertThat(model.featureWidth()).isEqualTo(3);
            assertThat(model.itemIds()).containsExactly("");
        }
    }

    @Test
    void aSavedModelGoesOnElsewhereAsIfNothingHadHappened() throws IOException {
        try (RecommenderModel model = model(3, 0.2f)) {
            for (int step = 0; step < 3; step++) {
                model.train(successors(step), RATES);
            }
            model.save(directory.resolve("1"));
            float[] scores = scores(model, 1, 2, 3);
            StepResult next = model.train(successors(9), RATES);

            try (RecommenderModel loaded = RUNTIME.load(directory.resolve("1"))) {
                assertThat(loaded.rows()).isEqualTo(ITEMS + 1);
                assertThat(loaded.length()).isEqualTo(model.length());
                assertThat(loaded.featureWidth()).isEqualTo(3);
                assertThat(loaded.itemIds()).isEqualTo(model.itemIds());
                assertThat(scores(loaded, 1, 2, 3)).containsExactly(scores);
                assertThat(loaded.train(successors(9), RATES)).isEqualTo(next);
                assertThat(scores(loaded, 1, 2, 3)).containsExactly(scores(model, 1, 2, 3));
                loaded.save(directory.resolve("2"));
            }
        }
        assertThat(directory.resolve("2/saved_model.pb")).isRegularFile();
        assertThat(directory.resolve("2/variables/variables.index")).isRegularFile();
        assertThat(directory.resolve("2/variables/variables.data-00000-of-00001")).isRegularFile();
    }

    @Test
    void restoringTakesWeightsSlotsAndRowsBack() throws IOException {
        try (RecommenderModel model = model(3, 0.2f)) {
            model.train(successors(0), RATES);
            model.save(directory);
            float[] scores = scores(model, 1, 2, 3);
            StepResult next = model.train(successors(1), RATES);
            model.append(ids(100, 2), features(2, 3, 2), 1);
            model.train(successors(2), RATES);

            model.restore(directory);

            assertThat(model.rows()).isEqualTo(ITEMS + 1);
            assertThat(scores(model, 1, 2, 3)).containsExactly(scores);
            assertThat(model.train(successors(1), RATES)).isEqualTo(next);
        }
    }

    @Test
    void appendedItemsTakeTheNextRowsAndAreScoredAtOnce() {
        try (RecommenderModel model = model(3, 0)) {
            scores(model, 1, 2);
            model.append(new String[] {"späť", "東京"}, features(2, 3, 9), 3);

            assertThat(model.rows()).isEqualTo(ITEMS + 3);
            assertThat(model.itemIds()).hasSize(ITEMS + 3).endsWith("item30", "späť", "東京");
            assertThat(score(model, new int[0], 1, 2).topRows())
                    .containsExactlyInAnyOrder(IntStream.rangeClosed(1, ITEMS + 2).toArray());
        }
    }

    @Test
    void itemVectorsAreThoseOfTheWeightsAsTheyAre() {
        try (RecommenderModel model = model(3, 0)) {
            float[] before = model.itemVectors();
            model.train(successors(0), RATES);
            float[] after = model.itemVectors();
            model.append(ids(100, 2), features(2, 3, 2), 1);

            assertThat(before).hasSize((ITEMS + 1) * 16);
            assertThat(after).hasSameSizeAs(before).isNotEqualTo(before);
            float[] more = model.itemVectors();
            assertThat(more).hasSize((ITEMS + 3) * 16);
            assertThat(Arrays.copyOf(more, after.length)).containsExactly(after, within(1e-6f));
        }
    }

    @Test
    void aRecycledRowIsAsAnAppendedOneWouldHaveBeen() {
        float[] content = features(1, 3, 77);
        try (RecommenderModel trained = model(3, 0);
                RecommenderModel fresh = RUNTIME.create(spec(3, 0))) {
            fresh.append(ids(1, ITEMS - 1), features(ITEMS - 1, 3, 1), 5);
            for (int step = 0; step < 5; step++) {
                trained.train(successors(step), RATES);
            }
            fresh.append(new String[] {"new"}, content, 11);
            trained.recycle(new int[] {ITEMS}, new String[] {"new"}, content, 11);

            assertThat(trained.itemIds()[ITEMS]).isEqualTo("new");
            assertThat(row(trained, "items/embedding", ITEMS))
                    .containsExactly(row(fresh, "items/embedding", ITEMS));
            for (String slot : RowState.SLOTS) {
                assertThat(row(trained, slot, ITEMS)).as(slot).containsOnly(0);
                assertThat(row(trained, slot, 1)).as(slot).doesNotContain(0);
            }
        }
    }

    @Test
    void aFreedRowIsNeitherRecommendedNorCounted() {
        try (RecommenderModel model = model(0, 0)) {
            model.recycle(new int[] {4, 9}, new String[] {"", ""}, new float[0], 1);

            int[] top = score(model, new int[0], 1, 2).topRows();
            assertThat(top).doesNotContain(4, 9).hasSize(ITEMS).endsWith(0, 0);
            double total = 0;
            float[] scores = scores(model, 1, 2);
            for (int row = 1; row <= ITEMS; row++) {
                total += Math.exp(scores[row - 1]);
            }
            assertThat(total).isCloseTo(1, within(1e-4));
            assertThat(scores[3]).isLessThan(-1e6f);
            EvaluationBatch last =
                    new EvaluationBatch(
                            1, 2, new int[] {1, 2}, new int[] {1}, new int[] {top[ITEMS - 3]});
            assertThat(model.evaluate(last).ranks()).containsExactly(ITEMS - 2);
            assertThat(model.itemIds()[4]).isEmpty();
        }
    }

    @Test
    void aRowToSpareIsAFreeOneUntilAnItemGetsIt() {
        try (RecommenderModel model = model(0, 0)) {
            model.append(new String[] {"", "last"}, new float[0], 1);
            int spare = ITEMS + 1;

            assertThat(score(model, new int[0], 1, 2).topRows())
                    .hasSize(ITEMS + 2)
                    .doesNotContain(spare)
                    .contains(ITEMS + 2)
                    .endsWith(0);
            model.recycle(new int[] {spare}, new String[] {"new"}, new float[0], 1);
            assertThat(score(model, new int[0], 1, 2).topRows()).contains(spare).doesNotContain(0);
        }
    }

    @Test
    void thePaddingRowCanNotBeGivenAway() {
        try (RecommenderModel model = model(0, 0)) {
            assertThatThrownBy(
                            () -> model.recycle(new int[] {0}, new String[] {"x"}, new float[0], 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("row 0");
            assertThatThrownBy(() -> model.describe(new int[] {ITEMS + 1}, new float[0]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("only 1 to 30");
        }
    }

    @Test
    void aModelWithoutASignatureIsRefusedByName() throws IOException {
        try (RecommenderModel model = model(0, 0)) {
            model.save(directory);
        }
        edit(
                directory,
                graph ->
                        graph.removeSignatureDef("train")
                                .putSignatureDef(
                                        "evaluate",
                                        graph.getSignatureDefOrThrow("evaluate").toBuilder()
                                                .removeOutputs("ranks")
                                                .build()));

        assertThatThrownBy(() -> RUNTIME.load(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "no signature 'train', only [adopt_prepared, append, describe, distill,"
                                + " evaluate, export_changes")
                .hasMessageContaining("signature 'evaluate', outputs: no 'ranks', only [losses]");
    }

    @Test
    void aModelOfAnEarlierReleaseIsLoadedAndRefusesWhatItLacks() throws IOException {
        try (RecommenderModel model = model(0, 0)) {
            model.save(directory);
        }
        edit(
                directory,
                graph ->
                        graph.removeSignatureDef("teach")
                                .removeSignatureDef("distill")
                                .putSignatureDef(
                                        "train",
                                        graph.getSignatureDefOrThrow("train").toBuilder()
                                                .removeInputs("layer_decay")
                                                .build()));

        try (RecommenderModel model = RUNTIME.load(directory)) {
            assertThat(scores(model, 1, 2)).hasSize(ITEMS);
            assertThatThrownBy(() -> model.train(successors(0), new StepRates(0, 0, 0.5f, 5, 1)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("decay of 0.5: set training.layer-decay to 1");
            EvaluationBatch batch =
                    new EvaluationBatch(1, 1, new int[] {1}, new int[] {0}, new int[] {2});
            assertThatThrownBy(() -> model.teach(batch, new RowSample(new int[] {1}, new float[1])))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("set training.distillation to 0");
        }
    }

    @Test
    void aPoisonedModelRanksNothing() {
        try (RecommenderModel model = model(3, 0)) {
            model.train(successors(0), new StepRates(Float.NaN, 0, 1, 5, 1));
            EvaluationResult result =
                    model.evaluate(
                            new EvaluationBatch(
                                    1, 2, new int[] {1, 2}, new int[] {0, 1}, new int[] {2, 3}));

            assertThat(result.losses()).containsOnly(Float.NaN);
            assertThat(result.ranks()).containsOnly(Integer.MAX_VALUE);
        }
    }

    @Test
    void aLargeCatalogGoesToTheEngineInChunks() {
        int many = ItemRowCalls.MOST_ROWS + 3;
        float[] content = features(many, 3, 4);
        try (RecommenderModel model = RUNTIME.create(spec(3, 0))) {
            model.append(ids(1, many), content, 1);
            int[] rows = IntStream.rangeClosed(1, many).toArray();
            assertThat(model.rows()).isEqualTo(many + 1);
            assertThat(model.itemIds()).endsWith("item" + (many - 1), "item" + many);
            assertThat(model.features(rows)).isEqualTo(content);

            float[] other = features(many, 3, 5);
            model.describe(rows, other);
            assertThat(model.features(rows)).isEqualTo(other);
            model.recycle(rows, ids(many + 1, many), content, 1);
            assertThat(model.features(rows)).isEqualTo(content);
            assertThat(model.itemIds()).endsWith("item" + 2 * many);
        }
    }

    @Test
    void moreNumbersThanAnArrayHoldsAreRefused() {
        assertThat(ItemRowCalls.floats(5_000_000, 384)).isEqualTo(1_920_000_000);
        assertThatThrownBy(() -> ItemRowCalls.floats(5_600_000, 384))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void aDirectoryWithoutAModelIsRefused() {
        assertThatThrownBy(() -> RUNTIME.load(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("saved_model.pb");
        try (RecommenderModel model = model(0, 0)) {
            assertThatThrownBy(() -> model.restore(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("variables.index");
        }
    }

    @Test
    void tornVariablesAreRefused() throws IOException {
        try (RecommenderModel model = model(0, 0)) {
            model.save(directory);
        }
        Path data = directory.resolve("variables/variables.data-00000-of-00001");
        Files.write(data, Arrays.copyOf(Files.readAllBytes(data), 100));

        assertThatThrownBy(() -> RUNTIME.load(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("can't be loaded");
    }

    @Test
    void aBrokenGraphIsRefused() throws IOException {
        Files.write(directory.resolve("saved_model.pb"), new byte[] {1, 2, 3});

        assertThatThrownBy(() -> RUNTIME.load(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("can't be loaded");
    }

    private static float[] row(RecommenderModel model, String variable, int row) {
        return RowState.of(model, variable, row);
    }
}
