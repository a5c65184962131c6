package io.freshet.model.tensorflow;

import io.freshet.model.Lesson;
import io.freshet.model.Loss;
import io.freshet.model.ModelSpec;
import io.freshet.model.Precision;
import io.freshet.model.RatingRange;
import io.freshet.model.RecommenderModel;
import io.freshet.model.Rejected;
import io.freshet.model.ScoringBatch;
import io.freshet.model.ScoringResult;
import io.freshet.model.SequenceAttributes;
import io.freshet.model.StepRates;
import io.freshet.model.TrainingBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;

/** Small models and batches for tests. */
final class TestingModels {

    static final int ITEMS = 30;
    static final int LENGTH = 8;
    static final StepRates RATES = new StepRates(1e-2f, 1e-2f, 1, 5, 7);

    private TestingModels() {}

    static ModelSpec spec(int featureWidth, float dropout) {
        return spec(featureWidth, dropout, Loss.SAMPLED_SOFTMAX);
    }

    static ModelSpec spec(int featureWidth, float dropout, Loss loss) {
        return spec(featureWidth, dropout, Precision.FLOAT32, loss);
    }

    static ModelSpec spec(int featureWidth, float dropout, Precision precision, Loss loss) {
        return new ModelSpec(
                16,
                2,
                2,
                LENGTH,
                featureWidth,
                0,
                dropout,
                precision,
                42,
                loss,
                new RatingRange(1, 5));
    }

    /** A model of {@link #ITEMS} items, "item1" in row 1 and so on. */
    static RecommenderModel model(int featureWidth, float dropout) {
        return model(spec(featureWidth, dropout));
    }

    /** A model of {@link #ITEMS} items and a shape. */
    static RecommenderModel model(ModelSpec spec) {
        int featureWidth = spec.featureWidth();
        RecommenderModel model = new TensorFlowModelRuntime(1).create(spec);
        model.append(ids(1, ITEMS), features(ITEMS, featureWidth, 1), 5);
        return model;
    }

    /** Edits the graph of a saved model. */
    static void edit(Path directory, Consumer<MetaGraphDef.Builder> change) throws IOException {
        Path file = directory.resolve("saved_model.pb");
        SavedModel.Builder graph = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
        change.accept(graph.getMetaGraphsBuilder(0));
        Files.write(file, graph.build().toByteArray());
    }

    /** Makes a saved model one of an earlier release, which exported no changes. */
    static void withoutExport(Path directory) throws IOException {
        withoutServing(directory);
        without(directory, "export_changes", "import_changes");
    }

    /** Makes a saved model one of an earlier release, which served with all that it trained by. */
    static void withoutServing(Path directory) throws IOException {
        without(directory, "serve_only", "prepare_follow", "follow", "adopt_prepared");
    }

    private static void without(Path directory, String... signatures) throws IOException {
        edit(directory, graph -> Stream.of(signatures).forEach(graph::removeSignatureDef));
    }

    static String[] ids(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> "item" + i)
                .toArray(String[]::new);
    }

    static float[] features(int rows, int width, long seed) {
        Random random = new Random(seed);
        float[] features = new float[rows * width];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        return features;
    }

    /** Every item is followed by the next one; all rows are candidates. */
    static TrainingBatch successors(long seed) {
        int size = 16;
        Random random = new Random(seed);
        int[] items = new int[size * LENGTH];
        int[] labels = new int[items.length];
        for (int b = 0; b < size; b++) {
            int start = random.nextInt(ITEMS);
            for (int t = 0; t < LENGTH; t++) {
                items[b * LENGTH + t] = 1 + (start + t) % ITEMS;
                labels[b * LENGTH + t] = (start + t + 1) % ITEMS;
            }
        }
        int[] candidates = IntStream.rangeClosed(1, ITEMS).toArray();
        return batch(LENGTH, items, labels, candidates, new float[ITEMS]);
    }

    /** A batch with a target at every position. */
    static TrainingBatch batch(
            int length, int[] items, int[] labels, int[] candidates, float[] logQ) {
        int[] positions = IntStream.range(0, items.length).toArray();
        float[] weights = new float[items.length];
        Arrays.fill(weights, 1);
        float[] ratings = new float[items.length];
        Arrays.fill(ratings, Float.NaN);
        return new TrainingBatch(
                items.length / length,
                length,
                items,
                SequenceAttributes.none(),
                positions,
                labels,
                candidates,
                logQ,
                weights,
                ratings,
                Rejected.none(),
                null);
    }

    /** The batch with what users rejected, and with a lesson, null for none. */
    static TrainingBatch with(TrainingBatch batch, Rejected rejected, @Nullable Lesson lesson) {
        return new TrainingBatch(
                batch.size(),
                batch.length(),
                batch.items(),
                SequenceAttributes.none(),
                batch.positions(),
                batch.labels(),
                batch.candidates(),
                batch.logQ(),
                batch.weights(),
                batch.ratings(),
                rejected,
                lesson);
    }

    /** Log-probability of every item row after a sequence, from row 1. */
    static float[] scores(RecommenderModel model, int... items) {
        return score(model, IntStream.range(1, model.rows()).toArray(), items).candidateScores();
    }

    static ScoringResult score(RecommenderModel model, int[] candidates, int... items) {
        return model.score(
                new ScoringBatch(
                        1, items.length, items, candidates.length, candidates, model.rows() - 1));
    }
}
