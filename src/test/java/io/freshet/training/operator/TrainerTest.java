package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.sequence;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelDelta;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModel;
import io.freshet.model.TestingModelRuntime;
import io.freshet.store.ModelStore;
import io.freshet.training.TestingSequences;
import io.freshet.training.Trainer;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateMark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

    @Test
    void a_pass_that_harms_held_out_positions_is_the_last_and_is_the_last_again_when_redone()
            throws IOException {
        TrainingSettings patient =
                TestingSequences.settings(root, TestingSequences.passes(3, 1000, 8));
        Trainer trainer =
                new Trainer(
                        new TestingModelRuntime(), store, patient, () -> false, System::nanoTime);
        trainer.train(task(sequences(30)));
        Standing first = new Standing(1, null, 0, List.of());
        List<TrainingSequence> harmful = new ArrayList<>(sequences(30));
        harmful.add(sequence("h", 20, 100, 1, "b", TestingModel.HARM));

        WindowOutcome harmed = trainer.train(task(2, first, harmful, sequences(30)));
        WindowOutcome helped = trainer.train(task(2, first, sequences(5), sequences(30)));
        AppliedUpdate update = requireNonNull(harmed.update());
        Standing second = new Standing(1, null, 0, List.of(update));
        trainer.close();
        Trainer restored =
                new Trainer(
                        new TestingModelRuntime(), store, patient, () -> false, System::nanoTime);
        List<ModelDelta> again = restored.catchUp(second).deltas();
        restored.close();

        assertThat(update.mark().passes()).isEqualTo(1);
        assertThat(requireNonNull(helped.update()).mark().passes()).isEqualTo(3);
        assertThat(again.get(0).weights().denseWeights())
                .containsExactly(requireNonNull(harmed.delta()).weights().denseWeights());
    }

    private static WindowTask task(
            long window,
            Standing standing,
            List<TrainingSequence> sequences,
            List<TrainingSequence> judges) {
        UpdateMark mark =
                new UpdateMark(window, 0, 10, sequences.size(), sequences.size(), 0, 0, 0, 0);
        return new WindowTask(
                standing,
                new AppliedUpdate(mark, sequences, List.of(), List.of()),
                List.of(),
                judges,
                false,
                List.of(),
                2,
                List.of());
    }

    private static WindowTask task(List<TrainingSequence> sequences) {
        UpdateMark mark = new UpdateMark(1, 0, 10, sequences.size(), sequences.size(), 0, 0, 0, 0);
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
