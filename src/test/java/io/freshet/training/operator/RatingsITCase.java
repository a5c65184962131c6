package io.freshet.training.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import io.freshet.training.version.Pretraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base that predicts ratings, from histories in which every third interaction has none. */
class RatingsITCase {

    private static final int USERS = 300;
    private static final int ITEMS = 24;
    private static final int LENGTH = 9;

    @TempDir private Path root;

    @Test
    void ratings_of_validation_positions_are_predicted_better_than_by_their_mean()
            throws IOException {
        Map<String, String> options =
                Map.of(
                        "store.path", root.toUri().toString(),
                        "encoder.enabled", "false",
                        "model.width", "16",
                        "training.loss", "mse",
                        "training.rating-min", "0",
                        "training.rating-max", "10",
                        "training.holdout", "0.3",
                        "training.pretrain-epochs", "25",
                        "training.pretrain-rate", "0.02");
        TrainingSettings settings =
                TrainingSettings.of(
                        FreshetConfig.from(Configuration.fromMap(options)),
                        TestingSequences.NO_CONTENT);
        List<TrainingSequence> users = users();
        try (ModelStore store = new ModelStore(settings.store())) {
            Manifest manifest =
                    new Pretraining(new TensorFlowModelRuntime(1), store, settings, progress -> {})
                            .run(users, List.of());

            assertThat(manifest.count("targets")).isLessThan((long) USERS * LENGTH * 2 / 3);
            assertThat((double) manifest.metric("validation_loss"))
                    .isPositive()
                    .isLessThan(variance(users) / 3);
        }
    }

    /** Ratings depend on the item's quality and on whether it is of the kind of the one before. */
    private static List<TrainingSequence> users() {
        Random random = new Random(5);
        List<TrainingSequence> users = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            String[] items = new String[LENGTH];
            float[] ratings = new float[LENGTH];
            int before = 0;
            for (int i = 0; i < LENGTH; i++) {
                int item = random.nextInt(ITEMS);
                items[i] = "i" + item;
                float match = item % 2 == before % 2 ? 1.5f : -1.5f;
                ratings[i] = i % 3 == 1 ? Float.NaN : 5 + 2 * (item % 3 - 1) + match;
                before = item;
            }
            TrainingSequence plain =
                    TestingSequences.sequence("u" + user, 100, user * 9L, LENGTH, items);
            users.add(
                    TestingSequences.unweighted(
                            plain.userId(),
                            plain.paneEnd(),
                            items,
                            ratings,
                            plain.timestamps(),
                            plain.fresh(),
                            plain.partitions(),
                            plain.offsets()));
        }
        return users;
    }

    private static double variance(List<TrainingSequence> users) {
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (TrainingSequence user : users) {
            for (float rating : user.ratings()) {
                if (!Float.isNaN(rating)) {
                    sum += rating;
                    squares += rating * rating;
                    count++;
                }
            }
        }
        return squares / count - sum / count * (sum / count);
    }
}
