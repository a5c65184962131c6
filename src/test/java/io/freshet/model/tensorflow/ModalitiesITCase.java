package io.freshet.model.tensorflow;

import static io.freshet.model.tensorflow.TestingModels.ITEMS;
import static io.freshet.model.tensorflow.TestingModels.LENGTH;
import static io.freshet.model.tensorflow.TestingModels.RATES;
import static io.freshet.model.tensorflow.TestingModels.batch;
import static io.freshet.model.tensorflow.TestingModels.ids;
import static io.freshet.model.tensorflow.TestingModels.scores;
import static io.freshet.model.tensorflow.TestingModels.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.model.ContentLayout;
import io.freshet.model.RecommenderModel;
import io.freshet.model.TrainingBatch;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A shop where users keep to one of two looks, which are seen in the items' pictures alone. */
class ModalitiesITCase {

    private final ContentLayout layout =
            new ContentLayout("words", 2, new TreeMap<>(Map.of("image", 2, "audio", 1)));

    @Test
    void an_item_without_text_and_interactions_is_recommended_from_its_image() {
        try (RecommenderModel model =
                new TensorFlowModelRuntime(1).create(spec(layout.width(), 0))) {
            float[] features = new float[ITEMS * layout.width()];
            for (int row = 1; row <= ITEMS; row++) {
                float[] text = {(float) Math.sin(row), (float) Math.cos(row)};
                System.arraycopy(
                        content(text, row % 2 == 0),
                        0,
                        features,
                        (row - 1) * layout.width(),
                        layout.width());
            }
            model.append(ids(1, ITEMS), features, 5);
            for (int step = 0; step < 60; step++) {
                model.train(oneLook(step), RATES);
            }

            model.append(new String[] {"new"}, content(new float[0], true), 6);

            float afterItsLook = scores(model, 2, 8, 14)[ITEMS];
            float afterTheOther = scores(model, 1, 7, 13)[ITEMS];
            assertThat(afterItsLook).isGreaterThan(afterTheOther + 1);
            assertThat(better(scores(model, 2, 8, 14), ITEMS))
                    .as("at most those of its own look")
                    .isLessThanOrEqualTo(ITEMS / 2);
        }
    }

    private float[] content(float[] text, boolean plain) {
        float[] image = plain ? new float[] {3, 0} : new float[] {0, 9};
        return layout.join(text, layout.others(Map.of("image", image)));
    }

    private static int better(float[] scores, int item) {
        return (int)
                IntStream.range(0, scores.length).filter(i -> scores[i] > scores[item]).count();
    }

    /** Sequences of items that are all even or all odd. */
    private static TrainingBatch oneLook(long seed) {
        Random random = new Random(seed);
        int[] items = new int[16 * LENGTH];
        int[] labels = new int[items.length];
        for (int i = 0; i < items.length; i++) {
            int look = i / LENGTH % 2;
            items[i] = 1 + 2 * random.nextInt(ITEMS / 2) + look;
            labels[i] = 2 * random.nextInt(ITEMS / 2) + look;
        }
        return batch(
                LENGTH, items, labels, IntStream.rangeClosed(1, ITEMS).toArray(), new float[ITEMS]);
    }
}
