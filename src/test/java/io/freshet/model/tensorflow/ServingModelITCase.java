package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.TestingModels.ITEMS;
import static io.freshet.model.tensorflow.TestingModels.RATES;
import static io.freshet.model.tensorflow.TestingModels.features;
import static io.freshet.model.tensorflow.TestingModels.ids;
import static io.freshet.model.tensorflow.TestingModels.model;
import static io.freshet.model.tensorflow.TestingModels.scores;
import static io.freshet.model.tensorflow.TestingModels.spec;
import static io.freshet.model.tensorflow.TestingModels.successors;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.freshet.model.FloatTensor;
import io.freshet.model.Loss;
import io.freshet.model.RecommenderModel;
import io.freshet.model.WeightChanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model that only serves, and follows one that learns. */
class ServingModelITCase {

    private static final int CONTENT = 3;
    private static final int MANY = 5000;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "SAMPLED_SOFTMAX,3,true",
        "SAMPLED_SOFTMAX,3,false",
        "SAMPLED_SOFTMAX,0,true",
        "MEAN_SQUARED_ERROR,3,true"
    })
    void it_scores_as_the_one_that_it_follows(Loss loss, int content, boolean prepare)
            throws IOException {
        try (RecommenderModel model = model(spec(content, 0, loss));
                RecommenderModel serving = serving(model)) {
            model.exportChanges();
            model.train(successors(1), RATES);
            assertFollows(serving, model, model.exportChanges(), prepare);

            model.append(ids(100, 40), features(40, content, 2), 1);
            model.recycle(new int[] {9, 4}, new String[] {"new", ""}, features(2, content, 3), 2);
            model.describe(new int[] {2}, features(1, content, 4));
            model.train(successors(2), RATES);
            assertFollows(serving, model, model.exportChanges(), prepare);

            model.recycle(new int[] {4}, new String[] {"again"}, features(1, content, 5), 3);
            assertFollows(serving, model, model.exportChanges(), prepare);
            assertThat(serving.itemIds()).containsExactly(model.itemIds());
        }
    }

    @Test
    void it_follows_several_updates_at_once() throws IOException {
        try (RecommenderModel model = model(CONTENT, 0);
                RecommenderModel serving = serving(model)) {
            model.exportChanges();
            model.train(successors(1), RATES);
            model.append(ids(100, 2), features(2, CONTENT, 2), 1);
            WeightChanges first = model.exportChanges();
            model.train(successors(2), RATES);
            model.recycle(new int[] {ITEMS + 1}, new String[] {""}, features(1, CONTENT, 3), 2);
            model.append(ids(200, 1), features(1, CONTENT, 4), 1);

            assertFollows(serving, model, first.then(model.exportChanges()), true);
        }
    }

    @Test
    void what_was_prepared_is_not_computed_again() throws IOException {
        try (RecommenderModel model = model(CONTENT, 0);
                RecommenderModel serving = serving(model)) {
            model.exportChanges();
            model.train(successors(1), RATES);
            WeightChanges changes = model.exportChanges();

            serving.prepareImport(changes);
            for (String each : new String[] {"items/embedding", "items/bias"}) {
                Arrays.fill(tensor(changes, each).values(), 7);
            }
            serving.importChanges(changes);

            assertThat(scores(serving, 1, 2, 3)).containsExactly(scores(model, 1, 2, 3));
        }
    }

    @Test
    void until_it_imports_what_was_prepared_it_scores_as_before() throws IOException {
        try (RecommenderModel model = model(CONTENT, 0);
                RecommenderModel serving = serving(model)) {
            float[] before = scores(model, 1, 2, 3);
            model.exportChanges();
            model.train(successors(1), RATES);
            WeightChanges never = model.exportChanges();
            serving.prepareImport(never);
            assertThat(scores(serving, 1, 2, 3)).containsExactly(before);

            model.train(successors(2), RATES);
            assertFollows(serving, model, never.then(model.exportChanges()), false);
        }
    }

    @Test
    void a_table_of_several_chunks_is_prepared_as_it_is_computed() throws IOException {
        try (RecommenderModel model = model(CONTENT, 0)) {
            model.append(ids(100, MANY), features(MANY, CONTENT, 2), 1);
            try (RecommenderModel serving = serving(model)) {
                model.exportChanges();
                model.train(successors(1), RATES);
                assertFollows(serving, model, model.exportChanges(), true);
            }
        }
    }

    @Test
    void it_keeps_no_slots_of_the_optimizer() throws IOException {
        try (RecommenderModel model = model(0, 0)) {
            model.append(ids(100, MANY), new float[0], 1);
            Path whole = directory.resolve("whole");
            Path served = directory.resolve("served");
            model.save(whole);
            try (RecommenderModel serving = serving(model)) {
                serving.save(served);
            }

            int slots = 2 * (16 + 1) + 2;
            assertThat(size(whole) - size(served))
                    .isCloseTo((long) MANY * slots * Float.BYTES, within(20_000L));
        }
    }

    @Test
    void changes_that_do_not_follow_are_refused() throws IOException {
        try (RecommenderModel model = model(CONTENT, 0);
                RecommenderModel serving = serving(model)) {
            model.append(ids(100, 1), features(1, CONTENT, 2), 1);
            model.exportChanges();
            model.append(ids(200, 1), features(1, CONTENT, 2), 1);
            WeightChanges late = model.exportChanges();

            assertThatThrownBy(() -> serving.prepareImport(late))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a table of 33 rows by 1 new ones");
            assertThatThrownBy(() -> serving.importChanges(late))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a table of 33 rows by 1 new ones");
        }
    }

    @Test
    void preparing_for_a_model_that_was_closed_does_nothing() throws IOException {
        try (RecommenderModel model = model(CONTENT, 0)) {
            model.exportChanges();
            model.train(successors(1), RATES);
            RecommenderModel serving = serving(model);
            serving.close();

            serving.prepareImport(model.exportChanges());

            assertThat(scores(model, 1)).hasSize(ITEMS);
        }
    }

    private static void assertFollows(
            RecommenderModel serving,
            RecommenderModel model,
            WeightChanges changes,
            boolean prepare) {
        if (prepare) {
            serving.prepareImport(changes);
        }
        serving.importChanges(changes);
        assertThat(serving.rows()).isEqualTo(model.rows());
        assertThat(scores(serving, 1, 2, 9)).containsExactly(scores(model, 1, 2, 9));
    }

    private static FloatTensor tensor(WeightChanges changes, String name) {
        return requireNonNull(changes.rowTensors().get(name));
    }

    private static long size(Path model) throws IOException {
        return Files.size(model.resolve("variables/variables.data-00000-of-00001"));
    }

    private RecommenderModel serving(RecommenderModel model) throws IOException {
        Path copy = directory.resolve("copy");
        model.save(copy);
        RecommenderModel serving = new TensorFlowModelRuntime(1).load(copy);
        serving.serveOnly();
        return serving;
    }
}
