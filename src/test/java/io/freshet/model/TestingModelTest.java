package io.freshet.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fake follows changes as a real model does. */
class TestingModelTest {

    private static final ModelSpec SPEC =
            new ModelSpec(
                    8,
                    1,
                    1,
                    4,
                    2,
                    0,
                    0,
                    Precision.FLOAT32,
                    1,
                    Loss.SAMPLED_SOFTMAX,
                    new RatingRange(1, 5));
    private static final StepRates RATES = new StepRates(1, 1, 1, 1, 1);

    @TempDir private Path directory;
    private RecommenderModel model;
    private RecommenderModel follower;

    @BeforeEach
    void makeModels() throws IOException {
        model = new TestingModelRuntime().create(SPEC);
        model.append(new String[] {"a", "b", "c"}, new float[] {1, 2, 0, 0, 3, 4}, 1);
        train(1, 2);
        train(3, 2);
        model.save(directory);
        model.restore(directory);
        follower = new TestingModelRuntime().load(directory);
    }

    @Test
    void what_is_imported_makes_the_follower_equal() throws IOException {
        train(1, 2);
        model.recycle(new int[] {2}, new String[] {"x"}, new float[] {5, 6}, 1);
        model.append(new String[] {"d"}, new float[2], 1);
        train(4, 1);
        WeightChanges changes = model.exportChanges();
        follower.importChanges(changes);

        assertThat(changes.rows()).isEqualTo(5);
        assertThat(changes.renamedRows()).containsExactly(2, 4);
        assertThat(changes.itemIds()).containsExactly("x", "d");
        assertThat(changes.describedRows()).containsExactly(2, 4);
        assertThat(changes.trainedRows()).containsExactly(1, 2, 3, 4);
        assertThat(saved(follower)).isEqualTo(saved(model)).contains("d a 1.0");
        assertThat(follower.exportChanges().trainedRows()).isEmpty();
    }

    @Test
    void rows_that_nothing_trained_are_left_out() {
        train(1, 3);

        WeightChanges changes = model.exportChanges();
        assertThat(changes.trainedRows()).containsExactly(1);
        assertThat(requireNonNull(changes.denseTensors().get("counts")).values())
                .containsExactly(1, 2, 1, 1, 3, 1);
    }

    @Test
    void changes_that_miss_rows_are_refused() {
        model.append(new String[] {"d"}, new float[2], 1);
        model.exportChanges();
        model.append(new String[] {"e"}, new float[2], 1);

        assertThatThrownBy(() -> follower.importChanges(model.exportChanges()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a table of 6 rows by 1 new ones, but the model has 4");
    }

    private void train(int previous, int next) {
        float[] one = {1};
        model.train(
                new TrainingBatch(
                        1,
                        1,
                        new int[] {previous},
                        SequenceAttributes.none(),
                        new int[] {0},
                        new int[] {0},
                        new int[] {next},
                        new float[1],
                        one,
                        one,
                        Rejected.none(),
                        null),
                RATES);
    }

    private String saved(RecommenderModel some) throws IOException {
        Path to = Files.createTempDirectory(directory, "saved");
        some.save(to);
        StringBuilder all = new StringBuilder();
        for (String file : new String[] {"items", "counts", "features"}) {
            all.append(Files.readString(to.resolve("variables").resolve(file))).append("--");
        }
        return all.toString();
    }
}
