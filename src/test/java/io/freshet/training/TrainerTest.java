package io.freshet.training;

import static io.freshet.training.TestingSequences.sequence;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModelRuntime;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

    @TempDir private Path root;
    private TrainingSettings settings;
    private ModelStore store;

    @BeforeEach
    void openStore() throws IOException {
        settings = TestingSequences.settings(root);
        store = new ModelStore(settings.store());
    }

    @Test
    void it_stops_between_steps_and_writes_nothing() {
        AtomicInteger asked = new AtomicInteger();
        Trainer trainer =
                new Trainer(
                        new TestingModelRuntime(),
                        store,
                        settings,
                        () -> asked.incrementAndGet() > 2,
                        System::nanoTime);

        assertThatThrownBy(() -> trainer.train(task(sequences(20))))
                .isInstanceOf(CancellationException.class);
        trainer.close();
        assertThat(asked).hasValue(3);
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void it_says_how_long_training_took() throws IOException {
        AtomicLong nanos = new AtomicLong();
        Trainer trainer =
                new Trainer(
                        new TestingModelRuntime(),
                        store,
                        settings,
                        () -> false,
                        () -> nanos.getAndAdd(7_000_000));

        ModelCheckpoint checkpoint = requireNonNull(trainer.train(task(sequences(3))).checkpoint());
        trainer.close();

        assertThat(checkpoint.trainingMillis()).isEqualTo(7);
        assertThat(store.manifest(1).count("training_millis")).isEqualTo(7);
    }

    @Test
    void a_window_without_a_single_target_makes_its_items_known() throws IOException {
        Trainer trainer =
                new Trainer(
                        new TestingModelRuntime(), store, settings, () -> false, System::nanoTime);

        ModelCheckpoint checkpoint =
                requireNonNull(
                        trainer.train(task(List.of(sequence("u", 10, 0, 1, "a")))).checkpoint());
        trainer.close();

        assertThat(checkpoint.verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(checkpoint.targets()).isZero();
        assertThat(checkpoint.loss()).isNaN();
        assertThat(root.resolve("1/vocabulary.txt")).hasContent("a\n");
    }

    private static WindowTask task(List<TrainingSequence> sequences) {
        UpdateMark mark = new UpdateMark(1, 0, 10, sequences.size(), sequences.size(), 0, 0, 0);
        return new WindowTask(
                new Standing(0, null, 0, List.of()),
                new AppliedUpdate(mark, sequences, List.of(), List.of()),
                List.of(),
                List.of(),
                true,
                List.of(),
                1,
                List.of());
    }

    private static List<TrainingSequence> sequences(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> sequence("u" + i, 10, i * 2L, 2, "a", "b"))
                .toList();
    }
}
