package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.TestingModels.RATES;
import static io.freshet.model.tensorflow.TestingModels.model;
import static io.freshet.model.tensorflow.TestingModels.successors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.model.Loss;
import io.freshet.model.ModelSpec;
import io.freshet.model.Precision;
import io.freshet.model.RatingRange;
import io.freshet.model.RecommenderModel;
import io.freshet.model.StepRates;
import io.freshet.model.WeightChanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of another architecture takes over from one that was saved. */
class RenewedModelITCase {

    private static final TensorFlowModelRuntime RUNTIME = new TensorFlowModelRuntime(1);

    private static final String VARIABLES = "variables/variables.data-00000-of-00001";

    @TempDir private Path directory;

    @Test
    void another_body_reads_the_same_item_vectors() throws IOException {
        try (RecommenderModel old = trained();
                RecommenderModel renewed = RUNTIME.renew(spec(16, 3, 12), directory)) {
            assertThat(renewed.itemIds()).isEqualTo(old.itemIds());
            assertThat(renewed.itemVectors()).isEqualTo(old.itemVectors());
            assertThat(renewed.length()).isEqualTo(12);
            assertThat(renewed.architecture()).contains("blocks 3").contains("length 12");
            assertThat(renewed.train(successors(9), RATES)).isNotEqualTo(trained(old));
        }
    }

    @Test
    void item_vectors_stay_to_the_bit_while_the_body_alone_is_trained() throws IOException {
        try (RecommenderModel old = trained();
                RecommenderModel renewed = RUNTIME.renew(spec(16, 3, 12), directory)) {
            float first = renewed.train(successors(1), bodyOnly()).loss();
            float last = first;
            for (int step = 0; step < 30; step++) {
                last = renewed.train(successors(1), bodyOnly()).loss();
            }
            assertThat(last).isLessThan(0.9f * first);
            assertThat(renewed.itemVectors()).isEqualTo(old.itemVectors());
        }
    }

    @Test
    void the_same_architecture_goes_on_as_if_nothing_had_happened() throws IOException {
        try (RecommenderModel old = trained();
                RecommenderModel renewed = RUNTIME.renew(TestingModels.spec(3, 0.2f), directory)) {
            assertThat(renewed.train(successors(9), RATES)).isEqualTo(trained(old));
        }
    }

    @Test
    void another_precision_goes_on_with_all_weights_and_slots() throws IOException {
        ModelSpec mixed = TestingModels.spec(3, 0.2f, Precision.BFLOAT16, Loss.SAMPLED_SOFTMAX);
        try (RecommenderModel old = trained();
                RecommenderModel renewed = RUNTIME.renew(mixed, directory)) {
            Path again = Files.createDirectory(directory.resolve("again"));
            renewed.save(again);

            assertThat(again.resolve(VARIABLES))
                    .hasSameBinaryContentAs(directory.resolve(VARIABLES));
            assertThat(old.architecture()).isEqualTo(mixed.shape());
            assertThat(renewed.architecture()).isEqualTo(mixed.shape() + ", bfloat16 products");
        }
    }

    @Test
    void a_graph_that_exports_no_changes_is_rebuilt_with_its_weights_and_slots()
            throws IOException {
        try (RecommenderModel old = trained()) {
            Path again = Files.createDirectory(directory.resolve("again"));
            TestingModels.withoutExport(directory);
            try (RecommenderModel loaded = RUNTIME.load(directory);
                    RecommenderModel renewed =
                            RUNTIME.renew(TestingModels.spec(3, 0.2f), directory)) {
                assertThat(loaded.exportsChanges()).isFalse();
                assertThat(loaded.architecture())
                        .isEqualTo(old.architecture() + " (graph of an earlier release)");
                assertThatThrownBy(loaded::exportChanges)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("no signature 'export_changes', only [append");

                assertThat(renewed.exportsChanges()).isTrue();
                assertThat(renewed.features(new int[] {2, 1}))
                        .isEqualTo(old.features(new int[] {2, 1}));
                assertThat(renewed.architecture()).isEqualTo(old.architecture());
                renewed.save(again);
                assertThat(again.resolve(VARIABLES))
                        .hasSameBinaryContentAs(directory.resolve(VARIABLES));
                assertThat(renewed.train(successors(9), RATES)).isEqualTo(trained(old));
            }
        }
    }

    @Test
    void a_graph_that_can_not_serve_without_slots_follows_with_them() throws IOException {
        trained().close();
        TestingModels.withoutServing(directory);
        try (RecommenderModel model = RUNTIME.load(directory);
                RecommenderModel follower = RUNTIME.load(directory)) {
            model.exportChanges();
            model.train(successors(1), RATES);
            WeightChanges changes = model.exportChanges();

            follower.serveOnly();
            follower.prepareImport(changes);
            follower.importChanges(changes);

            assertThat(trained(follower)).isEqualTo(trained(model));
        }
    }

    @Test
    void item_vectors_of_another_width_are_refused_with_both() throws IOException {
        try (RecommenderModel old = trained()) {
            assertThat(old.architecture()).startsWith("width 16, blocks 2, heads 2, length 8");
            assertThatThrownBy(() -> RUNTIME.renew(spec(32, 2, 8), directory))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("can't be carried over")
                    .hasMessageContaining("of shape [?, 16], expected [?, 32]")
                    .hasMessageContaining("Set model.width");
        }
    }

    /** Saved after some steps. */
    private RecommenderModel trained() throws IOException {
        RecommenderModel model = model(3, 0.2f);
        for (int step = 0; step < 3; step++) {
            model.train(successors(step), RATES);
        }
        model.save(directory);
        return model;
    }

    private static Object trained(RecommenderModel model) {
        return model.train(successors(9), RATES);
    }

    private static StepRates bodyOnly() {
        return new StepRates(0, 1e-2f, 1, 5, 7);
    }

    private static ModelSpec spec(int width, int blocks, int length) {
        return new ModelSpec(
                width,
                blocks,
                2,
                length,
                3,
                0,
                0.2f,
                Precision.FLOAT32,
                42,
                Loss.SAMPLED_SOFTMAX,
                new RatingRange(1, 5));
    }
}
