package io.freshet.training.version;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.event.EncodedItem;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModel;
import io.freshet.model.TestingModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainingTest {

    private static final int EPOCHS = 5;

    @TempDir private Path root;
    private TrainingSettings settings;
    private ModelStore store;
    private final List<PretrainingProgress> reported = new ArrayList<>();

    @BeforeEach
    void openStore() throws IOException {
        settings = TestingSequences.settings(root, TestingSequences.training(0.3f));
        store = new ModelStore(settings.store());
    }

    @Test
    void it_makes_the_first_version_from_whole_histories() throws IOException {
        Manifest manifest = pretrain(users(50));

        assertThat(store.versions()).containsExactly(1L);
        assertThat(manifest.version()).isEqualTo(1);
        assertThat(manifest.parent()).isZero();
        assertThat(manifest.window()).isZero();
        assertThat(manifest.trainedThrough()).isEqualTo(9);
        assertThat(manifest.trainedOffsets()).isEmpty();
        assertThat(manifest.offsets().get(0).count()).isBetween(170L, 195L);
        assertThat(manifest.count("epochs")).isEqualTo(EPOCHS);
        assertThat(manifest.metric("validation_loss")).isPositive();
        assertThat(model(1).count("a", "b")).isEqualTo(50.0 * EPOCHS);
        assertThat(model(1).features("seen")).isEqualTo("[1.0, 2.0]");
    }

    @Test
    void progress_is_reported_for_every_step_and_pass() throws IOException {
        pretrain(users(50));

        assertThat(reported).filteredOn(PretrainingProgress::endsEpoch).hasSize(EPOCHS);
        assertThat(reported).hasSize(EPOCHS * 26);
        assertThat(reported.get(0).step()).isEqualTo(1);
        assertThat(reported.get(27).step()).isEqualTo(2);
        assertThat(reported.get(27).epoch()).isEqualTo(2);
        assertThat(reported.get(25).validationHitRate()).isEqualTo(1);
    }

    @Test
    void it_keeps_the_best_pass_and_ends_when_nothing_improves() throws IOException {
        List<TrainingSequence> users = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            users.add(sequence("u" + i, 10, i * 2L, 2, "a", "x" + i));
        }

        Manifest manifest = pretrain(users);

        assertThat(manifest.count("epochs")).isEqualTo(1);
        assertThat(reported).filteredOn(PretrainingProgress::endsEpoch).hasSize(4);
        assertThat(model(1).count("a", "x39") + model(1).count("a", "x38")).isLessThan(3);
    }

    @Test
    void it_takes_the_next_number() throws IOException {
        pretrain(users(5));
        pretrain(users(5));

        assertThat(store.versions()).containsExactly(1L, 2L);
    }

    @Test
    void a_directory_of_somebody_else_costs_its_own_number_alone() throws IOException {
        Files.createDirectories(root.resolve("1/photos"));
        Files.createDirectories(root.resolve("20251201"));

        assertThat(pretrain(users(5)).version()).isEqualTo(2);
    }

    @Test
    void a_loss_that_is_not_finite_leaves_no_version() throws IOException {
        List<TrainingSequence> users =
                List.of(sequence("u", 10, 0, 3, "a", TestingModel.POISON, "b"));

        assertThatThrownBy(() -> pretrain(users))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("training.pretrain-rate");
        assertThat(store.versions()).isEmpty();
    }

    @Test
    void users_with_one_interaction_are_refused() {
        assertThatThrownBy(() -> pretrain(List.of(sequence("u", 10, 0, 1, "a"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none of 1 users");
    }

    private Manifest pretrain(List<TrainingSequence> users) throws IOException {
        EncodedItem seen = new EncodedItem("seen", true, 0, new float[] {1, 2}, List.of());
        return new Pretraining(new TestingModelRuntime(), store, settings, reported::add)
                .run(users, List.of(seen));
    }

    private static List<TrainingSequence> users(int count) {
        List<TrainingSequence> users = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            users.add(sequence("u" + i, 10, i * 4L, 4, "a", "b", "c", "d"));
        }
        return users;
    }

    private TestingModel model(long version) throws IOException {
        return (TestingModel) new TestingModelRuntime().load(root.resolve(Long.toString(version)));
    }
}
