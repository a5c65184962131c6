package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.TestingModels.LENGTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.config.EncoderConfig;
import io.freshet.config.EncoderConfig.EncoderPooling;
import io.freshet.model.ContentLayout;
import io.freshet.model.EvaluationBatch;
import io.freshet.model.RecommenderModel;
import io.freshet.model.StepRates;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.TrainingBatch;
import io.freshet.model.WeightChanges;
import io.freshet.model.tensorflow.bert.TextEncoders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shop of titles in a recommender that trains the two upper layers of MiniLM with itself. */
class UnfrozenLayersITCase {

    private static final String[] COLOURS = {"red", "blue", "black", "white", "golden"};
    private static final String[] MATERIALS = {"steel", "oak", "glass"};
    private static final String[] THINGS = {
        "mug", "lamp", "chair", "box", "clock", "frame", "shelf", "ring", "sign", "pen"
    };
    private static final int ITEMS = COLOURS.length * MATERIALS.length * THINGS.length;
    private static final int SEQUENCES = 4;
    private static final StepRates ALL = new StepRates(1e-3f, 3e-3f, 0.4f, 5, 7);
    private static final StepRates HEAD_ONLY = new StepRates(1e-3f, 0, 0.4f, 5, 7);

    private static final String TOP = "text/encoder.layer.5.";
    private static final String BELOW = "text/encoder.layer.4.";
    private static final String QUERY = "attention.self.query";
    private static final String BIAS = "output.dense.bias";

    private static final EncoderConfig CONFIG =
            new EncoderConfig(true, "all-minilm-l6-v2", EncoderPooling.AUTO, 32, 8, 2);
    private static final TextEncoderRuntime ENCODER = TextEncoders.of(CONFIG);
    private static final ContentLayout LAYOUT = ContentLayout.of(ENCODER, Map.of("image", 3));

    private static float[] features;

    @TempDir private Path directory;
    private RecommenderModel model;

    @BeforeAll
    static void readTitles() throws IOException {
        features = features();
    }

    @BeforeEach
    void makeModel() {
        model =
                new TensorFlowModelRuntime(TextEncoders.unfrozen(CONFIG))
                        .create(TestingModels.spec(LAYOUT.width(), 0));
        model.append(TestingModels.ids(1, ITEMS), features, 5);
    }

    @AfterEach
    void closeModel() {
        model.close();
    }

    @Test
    void the_loss_trains_the_upper_layers_and_what_the_lower_gave_stays() {
        float[] frozen = RowState.all(model, "items/features");
        float[] top = RowState.all(model, TOP + QUERY);
        float[] below = RowState.all(model, BELOW + QUERY);

        float first = mean(model, batch(1000));
        for (int step = 0; step < 12; step++) {
            model.train(batch(step), ALL);
        }

        assertThat(mean(model, batch(1000))).isLessThan(first - 0.3f);
        float topMoved = distance(RowState.all(model, TOP + QUERY), top);
        float belowMoved = distance(RowState.all(model, BELOW + QUERY), below);
        assertThat(belowMoved).isPositive();
        assertThat(topMoved).as("the top layer learns faster").isGreaterThan(2 * belowMoved);
        assertThat(RowState.all(model, "items/features")).containsExactly(frozen);
    }

    @Test
    void a_frozen_body_keeps_the_pretrained_weights() {
        float[] top = RowState.all(model, TOP + BIAS);
        model.train(batch(0), HEAD_ONLY);

        assertThat(RowState.all(model, TOP + BIAS)).containsExactly(top);
        model.train(batch(0), ALL);
        assertThat(RowState.all(model, TOP + BIAS)).isNotEqualTo(top);
    }

    @Test
    void vectors_computed_in_chunks_for_scoring_are_those_that_training_sees() {
        for (int step = 0; step < 3; step++) {
            assertThat(mean(model, batch(step)))
                    .isCloseTo(model.train(batch(step), ALL).loss(), within(2e-3f));
        }
    }

    @Test
    void a_saved_version_has_the_trained_layers() throws IOException {
        model.train(batch(0), ALL);
        model.save(directory);
        float loss = mean(model, batch(1));

        try (RecommenderModel loaded = new TensorFlowModelRuntime().load(directory)) {
            assertThat(loaded.featureWidth()).isEqualTo(LAYOUT.width());
            assertThat(RowState.all(loaded, TOP + BIAS))
                    .containsExactly(RowState.all(model, TOP + BIAS));
            assertThat(mean(loaded, batch(1))).isCloseTo(loss, within(1e-4f));
            assertThat(loaded.train(batch(1), ALL).loss())
                    .isCloseTo(model.train(batch(1), ALL).loss(), within(1e-4f));
        }
    }

    @Test
    void exported_changes_have_the_trained_layers() throws IOException {
        model.save(directory);
        try (RecommenderModel follower = new TensorFlowModelRuntime().load(directory)) {
            model.train(batch(0), ALL);
            follower.importChanges(model.exportChanges());

            assertThat(RowState.all(follower, TOP + BIAS))
                    .containsExactly(RowState.all(model, TOP + BIAS));
            assertThat(mean(follower, batch(1))).isCloseTo(mean(model, batch(1)), within(1e-4f));
        }
    }

    @Test
    void a_model_that_only_serves_follows_the_trained_layers() throws IOException {
        model.save(directory);
        try (RecommenderModel serving = new TensorFlowModelRuntime().load(directory)) {
            serving.serveOnly();
            model.train(batch(0), ALL);
            WeightChanges changes = model.exportChanges();
            serving.prepareImport(changes);
            serving.importChanges(changes);

            assertThat(mean(serving, batch(1))).isCloseTo(mean(model, batch(1)), within(1e-4f));
        }
    }

    private static float[] features() throws IOException {
        List<String> titles = new ArrayList<>();
        for (String thing : THINGS) {
            for (String colour : COLOURS) {
                for (String material : MATERIALS) {
                    titles.add(colour + " " + material + " " + thing);
                }
            }
        }
        float[] features = new float[ITEMS * LAYOUT.width()];
        try (TextEncoder lower = ENCODER.load()) {
            float[][] states = lower.encode(titles);
            float[] image = LAYOUT.others(Map.of("image", new float[] {1, 2, 3}));
            for (int i = 0; i < ITEMS; i++) {
                System.arraycopy(
                        LAYOUT.join(states[i], image),
                        0,
                        features,
                        i * LAYOUT.width(),
                        LAYOUT.width());
            }
        }
        return features;
    }

    /** Users who stay with one kind of thing; all rows are candidates. */
    private static TrainingBatch batch(long seed) {
        Random random = new Random(seed);
        int kinds = ITEMS / THINGS.length;
        int[] items = new int[SEQUENCES * LENGTH];
        int[] labels = new int[items.length];
        for (int b = 0; b < SEQUENCES; b++) {
            int first = random.nextInt(THINGS.length) * kinds;
            for (int t = 0; t < LENGTH; t++) {
                items[b * LENGTH + t] = 1 + first + random.nextInt(kinds);
                labels[b * LENGTH + t] = first + random.nextInt(kinds);
            }
        }
        return TestingModels.batch(
                LENGTH, items, labels, IntStream.rangeClosed(1, ITEMS).toArray(), new float[ITEMS]);
    }

    /** Mean loss over all rows, by the scoring graph. */
    private static float mean(RecommenderModel model, TrainingBatch batch) {
        int[] targets = IntStream.of(batch.labels()).map(label -> label + 1).toArray();
        float[] losses =
                model.evaluate(
                                new EvaluationBatch(
                                        SEQUENCES,
                                        LENGTH,
                                        batch.items(),
                                        batch.positions(),
                                        targets))
                        .losses();
        double sum = 0;
        for (float loss : losses) {
            sum += loss;
        }
        return (float) (sum / losses.length);
    }

    private static float distance(float[] a, float[] b) {
        double square = 0;
        for (int i = 0; i < a.length; i++) {
            square += Math.pow(a[i] - b[i], 2);
        }
        return (float) Math.sqrt(square);
    }
}
