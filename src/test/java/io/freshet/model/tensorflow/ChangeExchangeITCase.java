package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.TestingModels.ITEMS;
import static io.freshet.model.tensorflow.TestingModels.RATES;
import static io.freshet.model.tensorflow.TestingModels.edit;
import static io.freshet.model.tensorflow.TestingModels.features;
import static io.freshet.model.tensorflow.TestingModels.ids;
import static io.freshet.model.tensorflow.TestingModels.model;
import static io.freshet.model.tensorflow.TestingModels.scores;
import static io.freshet.model.tensorflow.TestingModels.spec;
import static io.freshet.model.tensorflow.TestingModels.successors;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.model.FloatTensor;
import io.freshet.model.Loss;
import io.freshet.model.ModelRuntime;
import io.freshet.model.RecommenderModel;
import io.freshet.model.WeightChanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model becomes what another one is, by what that one exports. */
class ChangeExchangeITCase {

    private static final ModelRuntime RUNTIME = new TensorFlowModelRuntime(1);

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"SAMPLED_SOFTMAX,3", "SAMPLED_SOFTMAX,0", "MEAN_SQUARED_ERROR,3"})
    void a_follower_is_equal_bit_for_bit_and_stays_so(Loss loss, int featureWidth)
            throws IOException {
        try (RecommenderModel model = model(spec(featureWidth, 0.2f, loss))) {
            model.train(successors(0), RATES);
            try (RecommenderModel follower = copy(model)) {
                model.exportChanges();
                model.train(successors(1), RATES);
                model.append(ids(100, 2), features(2, featureWidth, 2), 1);
                model.recycle(
                        new int[] {9, 4},
                        new String[] {"new", ""},
                        features(2, featureWidth, 3),
                        2);
                model.describe(new int[] {2}, features(1, featureWidth, 4));
                model.train(successors(2), RATES);
                WeightChanges first = model.exportChanges();
                model.recycle(
                        new int[] {4, ITEMS + 1},
                        new String[] {"again", "third"},
                        features(2, featureWidth, 5),
                        3);
                model.train(successors(3), RATES);
                WeightChanges second = model.exportChanges();

                follower.importChanges(first);
                follower.importChanges(second);
                assertEqual(follower, model);
                assertThat(scores(follower, 1, 2, 9)).containsExactly(scores(model, 1, 2, 9));

                assertThat(follower.train(successors(4), RATES))
                        .isEqualTo(model.train(successors(4), RATES));
                assertEqual(follower, model);
            }
        }
    }

    @Test
    void changes_are_of_the_rows_that_changed_alone() {
        try (RecommenderModel model = model(3, 0)) {
            WeightChanges all = model.exportChanges();
            assertThat(all.renamedRows()).hasSize(ITEMS);
            assertThat(all.itemIds()).containsExactly(ids(1, ITEMS));
            assertThat(model.exportChanges().trainedRows()).isEmpty();

            model.append(ids(100, 1), features(1, 3, 2), 1);
            model.recycle(new int[] {7}, new String[] {""}, new float[3], 1);
            model.describe(new int[] {5}, new float[] {1, 2, 3});
            model.train(
                    TestingModels.batch(
                            2, new int[] {1, 2, 0, 0}, new int[4], new int[] {12}, new float[1]),
                    RATES);

            WeightChanges changes = model.exportChanges();
            assertThat(changes.rows()).isEqualTo(ITEMS + 2);
            assertThat(changes.renamedRows()).containsExactly(7, ITEMS + 1);
            assertThat(changes.itemIds()).containsExactly("", "item100");
            assertThat(changes.describedRows()).containsExactly(5, 7, ITEMS + 1);
            assertThat(changes.features().shape()).containsExactly(3, 3);
            assertThat(changes.features().values())
                    .startsWith(1, 2, 3, 0, 0, 0)
                    .endsWith(features(1, 3, 2));
            assertThat(changes.trainedRows()).containsExactly(1, 2, 7, 12, ITEMS + 1);
            assertThat(changes.rowTensors())
                    .containsOnlyKeys(
                            "items/bias",
                            "items/bias/adam_clock",
                            "items/bias/adam_mean",
                            "items/bias/adam_variance",
                            "items/embedding",
                            "items/embedding/adam_clock",
                            "items/embedding/adam_mean",
                            "items/embedding/adam_variance");
            assertThat(requireNonNull(changes.rowTensors().get("items/embedding")).shape())
                    .containsExactly(5, 16);
            assertThat(changes.denseTensors())
                    .containsKeys(
                            "head/adapter",
                            "head/adapter/adam_mean",
                            "head/adam_beta1_power",
                            "body/positions/adam_variance",
                            "body/adam_beta2_power");
            assertThat(requireNonNull(changes.denseTensors().get("body/adam_beta2_power")).shape())
                    .isEmpty();
        }
    }

    @Test
    void what_was_imported_or_restored_is_not_exported_again() throws IOException {
        try (RecommenderModel model = model(3, 0);
                RecommenderModel follower = copy(model)) {
            model.exportChanges();
            model.append(ids(100, 1), features(1, 3, 2), 1);
            model.train(successors(0), RATES);
            follower.importChanges(model.exportChanges());
            assertThat(follower.exportChanges().trainedRows()).isEmpty();

            model.train(successors(1), RATES);
            model.restore(directory);
            WeightChanges none = model.exportChanges();
            assertThat(none.trainedRows()).isEmpty();
            assertThat(none.rows()).isEqualTo(ITEMS + 1);
        }
    }

    @Test
    void changes_that_do_not_follow_are_refused_and_write_nothing() throws IOException {
        try (RecommenderModel model = model(3, 0);
                RecommenderModel follower = copy(model)) {
            model.exportChanges();
            model.append(ids(100, 1), features(1, 3, 2), 1);
            model.exportChanges();
            model.append(ids(200, 1), features(1, 3, 2), 1);
            model.train(successors(0), RATES);
            WeightChanges late = model.exportChanges();
            assertRefused(follower, late, "a table of 33 rows by 1 new ones, but the model has 31");

            model.restore(directory);
            model.train(successors(0), RATES);
            WeightChanges good = model.exportChanges();
            TreeMap<String, FloatTensor> dense = new TreeMap<>(good.denseTensors());
            FloatTensor norm = requireNonNull(dense.remove("body/norm/gain"));
            assertRefused(follower, with(good, dense), "dense/body/norm/gain");
            dense.put("body/norm/gain", new FloatTensor(new long[] {8, 2}, norm.values()));
            assertRefused(
                    follower,
                    with(good, dense),
                    "dense/body/norm/gain have shape [8, 2] and 16 numbers, expected [16]");
            dense.put("body/norm/gain", norm);
            follower.importChanges(with(good, dense));
            assertEqual(follower, model);
        }
    }

    @Test
    void a_model_that_exports_what_it_can_not_import_is_refused() throws IOException {
        try (RecommenderModel model = model(0, 0)) {
            model.save(directory);
        }
        edit(
                directory,
                graph ->
                        graph.putSignatureDef(
                                "import_changes",
                                graph.getSignatureDefOrThrow("import_changes").toBuilder()
                                        .removeInputs("row/items/bias")
                                        .build()));

        assertThatThrownBy(() -> RUNTIME.load(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("signature 'export_changes' gives [dense/")
                .hasMessageContaining("but 'import_changes' takes [dense/");
    }

    private void assertRefused(RecommenderModel follower, WeightChanges changes, String message)
            throws IOException {
        Path before = saved(follower);
        assertThatThrownBy(() -> follower.importChanges(changes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertEqual(saved(follower), before);
    }

    private static WeightChanges with(WeightChanges changes, TreeMap<String, FloatTensor> dense) {
        return new WeightChanges(
                changes.rows(),
                changes.renamedRows(),
                changes.itemIds(),
                changes.describedRows(),
                changes.features(),
                changes.trainedRows(),
                changes.rowTensors(),
                new TreeMap<>(dense));
    }

    private RecommenderModel copy(RecommenderModel model) throws IOException {
        model.save(directory);
        return RUNTIME.load(directory);
    }

    private Path saved(RecommenderModel model) throws IOException {
        Path to = Files.createTempDirectory(directory, "saved");
        model.save(to);
        return to;
    }

    private void assertEqual(RecommenderModel some, RecommenderModel other) throws IOException {
        assertEqual(saved(some), saved(other));
    }

    private static void assertEqual(Path some, Path other) {
        for (String file : new String[] {"variables.index", "variables.data-00000-of-00001"}) {
            assertThat(some.resolve("variables").resolve(file))
                    .hasSameBinaryContentAs(other.resolve("variables").resolve(file));
        }
    }
}
