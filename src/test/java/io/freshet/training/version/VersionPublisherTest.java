package io.freshet.training.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.ModelConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import io.freshet.model.TestingModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.Job;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateStats;
import io.freshet.training.learn.Gate.Decision;
import io.freshet.training.learn.Gate.Ruling;
import io.freshet.training.learn.IndexedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionPublisherTest {

    private static final ModelRevision PARENT = ModelRevision.ofVersion(2, "two");
    private static final List<OffsetRange> OFFSETS = List.of(new OffsetRange(0, 4, 7, 4));

    private static final AtomicLong CLOCK = new AtomicLong();
    private static final List<Long> WRITES = new ArrayList<>();
    private static final StoreTimes TIMES =
            new StoreTimes(() -> CLOCK.addAndGet(3_000_000), millis -> {}, WRITES::add);

    @TempDir private Path root;
    private TrainingSettings settings;
    private ModelStore store;
    private VersionPublisher publisher;

    @BeforeEach
    void openStore() throws IOException {
        settings = TestingSequences.settings(root);
        store = new ModelStore(settings.store());
        publisher = new VersionPublisher(store, settings, TIMES);
    }

    @Test
    void how_long_a_version_took_to_write_is_measured() throws IOException {
        WRITES.clear();

        publish(1, "first");

        assertThat(WRITES).containsExactly(3L);
    }

    @Test
    void a_directory_of_somebody_else_costs_its_own_number_alone() throws IOException {
        Files.createDirectories(root.resolve("20251201"));
        Files.writeString(root.resolve("20251201/photo.jpg"), "not a model");
        assertThat(publish(1, "first").version()).isEqualTo(1);

        Files.createDirectories(root.resolve("2/photos"));
        assertThat(publish(2, "second").version()).isEqualTo(3);
        assertThat(root.resolve("2/photos")).isDirectory();
        assertThat(root.resolve("20251201/photo.jpg")).hasContent("not a model");
    }

    @Test
    void numbers_of_announced_versions_are_passed_over_and_others_given_again() throws IOException {
        publish(1, "first");
        store.announced(1);
        publish(2, "second");

        assertThat(publish(1, "other").version()).isEqualTo(2);
        assertThat(store.manifest(2).key()).isEqualTo("other");
        store.announced(2);
        assertThat(publish(2, "third").version()).isEqualTo(3);
    }

    @Test
    void a_version_of_earlier_work_is_found_by_its_key_if_it_is_whole() throws IOException {
        publish(1, "first");

        assertThat(publisher.find(place(1), "first")).map(Manifest::version).contains(1L);
        assertThat(publisher.find(place(1), "other")).isEmpty();
        assertThat(publisher.find(place(2), "first")).isEmpty();
        Files.writeString(root.resolve("1/variables/counts"), "damaged");
        assertThat(publisher.find(place(1), "first")).isEmpty();
    }

    @Test
    void the_key_follows_the_parent_and_the_offsets() {
        String key = publisher.key(PARENT, OFFSETS);

        assertThat(publisher.key(PARENT, OFFSETS)).isEqualTo(key);
        assertThat(publisher.key(ModelRevision.ofVersion(3, "two"), OFFSETS)).isNotEqualTo(key);
        assertThat(publisher.key(ModelRevision.ofVersion(2, "other"), OFFSETS)).isNotEqualTo(key);
        assertThat(publisher.key(PARENT.after(4, "abc"), OFFSETS)).isNotEqualTo(key);
        assertThat(publisher.key(PARENT, List.of(new OffsetRange(0, 4, 8, 5)))).isNotEqualTo(key);
    }

    @Test
    void the_key_follows_options_that_shape_weights_and_no_others() {
        TrainingConfig same = TestingSequences.training();
        String key = publisher.key(PARENT, OFFSETS);

        assertThat(keyWith(TestingSequences.training(8))).isEqualTo(key);
        assertThat(keyWith(TestingSequences.training(true, 0, true))).isEqualTo(key);
        assertThat(keyWith(TestingSequences.passes(1, 0.9f, 1))).isEqualTo(key);

        assertThat(keyWith(TestingSequences.training(0.2f))).isNotEqualTo(key);
        assertThat(keyWith(TestingSequences.passes(2, 0.02f, 1))).isNotEqualTo(key);
        assertThat(keyWith(TestingSequences.distilling(1))).isNotEqualTo(key);
        TrainingSettings wider =
                new TrainingSettings(
                        new ModelConfig(
                                16, 1, 1, List.of(), 256, 0, ModelConfig.Precision.FLOAT32, 42),
                        settings.history(),
                        same,
                        settings.store(),
                        settings.content());
        assertThat(new VersionPublisher(store, wider, TIMES).key(PARENT, OFFSETS))
                .isNotEqualTo(key);
    }

    private String keyWith(TrainingConfig config) {
        return new VersionPublisher(store, TestingSequences.settings(root, config), TIMES)
                .key(PARENT, OFFSETS);
    }

    private Manifest publish(long number, String key) throws IOException {
        TrainingSummary summary =
                new TrainingSummary(
                        List.of(UpdateStats.untrained(1, 0, 10, 4, 1)),
                        Decision.without(Ruling.PASS, "a test"));
        try (IndexedModel model = IndexedModel.create(new TestingModelRuntime(), settings.spec())) {
            return publisher.publish(
                    place(number),
                    new VersionPublisher.Draft(ModelRevision.NONE, 1, 10, OFFSETS, summary, key),
                    model);
        }
    }

    private static Job.Place place(long number) {
        return new Job.Place(number, List.of());
    }
}
