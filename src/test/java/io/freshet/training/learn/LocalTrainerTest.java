package io.freshet.training.learn;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.TrainingConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelRevision;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModel;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.Trainer.Fit;
import io.freshet.training.Trainer.FitJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTrainerTest {

    @TempDir private Path root;
    private TestingRevisions revisions;
    private LocalTrainer trainer;
    private int saved;

    @BeforeEach
    void makeTheFirstVersion() throws IOException {
        revisions = new TestingRevisions(root.resolve("1"));
        trainer = trainer(TestingSequences.training());
        trainer.fit(job(1, sequences(4, "a", "b"), List.of()));
        revisions.publish(trainer);
    }

    @Test
    void a_revision_has_the_same_weights_in_the_trainer_that_made_it_and_in_any_other()
            throws IOException {
        ModelRevision first = revisions.append(trainer, trainer.fit(job(2, "a", "c", "d")));
        Map<String, String> afterFirst = weights(trainer);
        ModelRevision second = revisions.append(trainer, trainer.fit(job(3, "d", "b", "e")));
        Map<String, String> afterSecond = weights(trainer);

        LocalTrainer other = trainer(TestingSequences.training());
        other.sync(second);
        assertThat(weights(other)).isEqualTo(afterSecond).isNotEqualTo(afterFirst);
        other.sync(first);
        assertThat(weights(other)).isEqualTo(afterFirst);
        assertThat(other.model().vocabulary().toArray())
                .isEqualTo(trainer.load(first).vocabulary().toArray());
    }

    @Test
    void what_was_written_is_in_memory_and_not_read_again() throws IOException {
        ModelRevision first = revisions.append(trainer, trainer.fit(job(2, "a", "c")));

        trainer.sync(first);
        assertThat(revisions.reads()).isZero();

        trainer.fit(job(3, "a", "d"));
        trainer.sync(first);
        assertThat(revisions.reads()).isEqualTo(1);
    }

    @Test
    void syncing_to_the_revision_before_a_fit_undoes_it() throws IOException {
        Map<String, String> before = weights(trainer);
        List<String> items = List.of(trainer.model().vocabulary().toArray());

        trainer.fit(job(2, "b", "a", "new"));
        assertThat(weights(trainer)).isNotEqualTo(before);
        trainer.sync(ModelRevision.ofVersion(1, "one"));

        assertThat(weights(trainer)).isEqualTo(before);
        assertThat(List.of(trainer.model().vocabulary().toArray())).isEqualTo(items);
    }

    @Test
    void no_revision_at_all_is_a_new_model() throws IOException {
        trainer.sync(ModelRevision.NONE);

        assertThat(trainer.model().vocabulary().size()).isEqualTo(1);
    }

    @Test
    void a_revision_that_can_not_be_read_is_read_again_at_the_next_sync() throws IOException {
        Map<String, String> before = weights(trainer);

        assertThatThrownBy(() -> trainer.sync(ModelRevision.ofVersion(2, null)))
                .hasMessageContaining("Version 2 is missing");
        trainer.sync(ModelRevision.ofVersion(1, "one"));

        assertThat(revisions.reads()).isEqualTo(1);
        assertThat(weights(trainer)).isEqualTo(before);
    }

    @Test
    void passes_end_when_one_made_validation_positions_worse() throws IOException {
        LocalTrainer patient = trainer(gated(3));
        patient.sync(ModelRevision.ofVersion(1, "one"));
        List<TrainingSequence> harmful = new ArrayList<>(sequences(4, "a", "b"));
        harmful.add(sequence("h", 20, 100, 2, "b", TestingModel.HARM));

        Fit harmed = patient.fit(job(2, harmful, sequences(30, "a", "b"), 3));
        patient.sync(ModelRevision.ofVersion(1, "one"));
        Fit helped = patient.fit(job(2, sequences(4, "a", "b"), sequences(30, "a", "b"), 3));

        assertThat(harmed.passes()).isEqualTo(1);
        assertThat(harmed.after()[0]).isGreaterThan(harmed.before()[0]);
        assertThat(helped.passes()).isEqualTo(3);
        assertThat(helped.after()[0]).isLessThan(helped.before()[0]);
    }

    @Test
    void a_fit_whose_loss_is_not_finite_has_no_changes() {
        Fit fit = trainer.fit(job(2, "a", TestingModel.POISON));

        assertThat(fit.finite()).isFalse();
        assertThat(fit.changes()).isNull();
        assertThat(fit.after()).isEqualTo(fit.before());
    }

    @Test
    void a_fit_without_a_single_target_gives_items_their_rows() {
        Fit fit = trainer.fit(job(2, "z"));

        assertThat(fit.targets()).isZero();
        assertThat(fit.loss()).isNaN();
        assertThat(fit.finite()).isTrue();
        assertThat(trainer.model().vocabulary().rowOf("z")).isPositive();
    }

    @Test
    void it_stops_between_steps() {
        AtomicInteger asked = new AtomicInteger();
        LocalTrainer stopping =
                trainer(TestingSequences.training(), () -> asked.incrementAndGet() > 2);

        assertThatThrownBy(() -> stopping.fit(job(1, sequences(20, "a", "b"), List.of())))
                .isInstanceOf(CancellationException.class);
        assertThat(asked).hasValue(3);
    }

    /** Most clicks of a crawler are on items that come once and never again. */
    @Test
    void random_item_ids_once_each_leave_the_catalog_as_it_was() throws IOException {
        int catalog = 1_000;
        int randoms = 50_000;
        TrainingConfig capped = capped(1_200);
        LocalTrainer crowded = trainer(capped);
        List<EncodedItem> items = new ArrayList<>();
        for (int i = 0; i < catalog; i++) {
            items.add(new EncodedItem("item" + i, true, 0, new float[] {1, i}, List.of()));
        }
        crowded.fit(job(1, sequences(4, "item7", "item8"), items, List.of(), 1));
        int before = row(crowded, "item999");
        double count = ((TestingModel) crowded.model().model()).count("item7", "item8");
        List<io.freshet.training.WaitingItem> waiting = List.of();
        for (int window = 0; window < randoms / 1_000; window++) {
            String[] ids = new String[1_000];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = "random" + (window * 1_000 + i);
            }
            FitJob job =
                    new FitJob(
                            window + 2,
                            10L * (window + 2),
                            List.of(sequence("u", 10L * (window + 2), 0, ids.length, ids)),
                            List.of(),
                            List.of(),
                            waiting,
                            Map.of(),
                            List.of(),
                            1);
            waiting = crowded.model().prepare(job, capped.vocabulary(), window).waiting();
            assertThat(crowded.model().model().rows()).isLessThanOrEqualTo(1_201);
        }

        assertThat(row(crowded, "item999")).isEqualTo(before);
        for (EncodedItem item : items) {
            assertThat(row(crowded, item.itemId())).isPositive();
        }
        assertThat(crowded.model().lacking(items)).isEmpty();
        assertThat(((TestingModel) crowded.model().model()).count("item7", "item8"))
                .isEqualTo(count)
                .isPositive();
    }

    private static int row(LocalTrainer trainer, String item) {
        return trainer.model().vocabulary().rowOf(item);
    }

    private LocalTrainer trainer(TrainingConfig config) {
        return trainer(config, () -> false);
    }

    private LocalTrainer trainer(TrainingConfig config, BooleanSupplier stopped) {
        return new LocalTrainer(
                new TestingModelRuntime(),
                TestingSequences.settings(root, config),
                revisions,
                stopped);
    }

    private static TrainingConfig gated(int epochs) {
        TrainingConfig config = TestingSequences.passes(epochs, 1000, 8);
        return with(config, new TrainingConfig.Gate(0.3f, 1000, 0.3f), config.vocabulary());
    }

    private static TrainingConfig capped(int rows) {
        TrainingConfig config = TestingSequences.training();
        TrainingConfig.Vocabulary all = config.vocabulary();
        return with(
                config,
                config.gate(),
                new TrainingConfig.Vocabulary(1, rows, all.ttl(), all.withdrawnTtl()));
    }

    private static TrainingConfig with(
            TrainingConfig config, TrainingConfig.Gate gate, TrainingConfig.Vocabulary vocabulary) {
        return new TrainingConfig(
                config.enabled(),
                config.updatesPerVersion(),
                config.frozenBaseline(),
                config.window(),
                config.optimizer(),
                config.objective(),
                config.replay(),
                gate,
                config.pretraining(),
                vocabulary);
    }

    private Map<String, String> weights(LocalTrainer some) throws IOException {
        Path directory = Files.createDirectories(root.resolve("saved" + saved++));
        some.model().save(directory);
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> variables = Files.list(directory.resolve("variables"))) {
            for (Path file : variables.toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }

    private static FitJob job(long window, String... items) {
        return job(window, List.of(sequence("u", 10 * window, 0, items.length, items)), List.of());
    }

    private static FitJob job(
            long window, List<TrainingSequence> trained, List<TrainingSequence> validation) {
        return job(window, trained, validation, 1);
    }

    private static FitJob job(
            long window,
            List<TrainingSequence> trained,
            List<TrainingSequence> validation,
            int passes) {
        return job(window, trained, List.of(), validation, passes);
    }

    private static FitJob job(
            long window,
            List<TrainingSequence> trained,
            List<EncodedItem> items,
            List<TrainingSequence> validation,
            int passes) {
        return new FitJob(
                window,
                10 * window,
                trained,
                List.of(),
                items,
                List.of(),
                Map.of(),
                validation,
                passes);
    }

    /** One fresh position each but for the items' first occurrence. */
    private static List<TrainingSequence> sequences(int count, String first, String second) {
        return IntStream.range(0, count)
                .mapToObj(i -> sequence("u" + i, 10, i, i == 0 ? 2 : 1, first, second))
                .toList();
    }
}
