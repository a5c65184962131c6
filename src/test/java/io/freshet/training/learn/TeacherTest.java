package io.freshet.training.learn;

import static io.freshet.training.TestingSequences.sequence;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.TrainingSequence;
import io.freshet.model.Lesson;
import io.freshet.model.TestingModelRuntime;
import io.freshet.model.TrainingBatch;
import io.freshet.training.TestingSequences;
import io.freshet.training.Trainer.FitJob;
import io.freshet.training.learn.SequenceChunker.Chunk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TeacherTest {

    private static final float WEIGHT = 2;

    private final List<Chunk> replayed = new ArrayList<>();
    private IndexedModel model;

    @BeforeEach
    void trainAModel() {
        model =
                IndexedModel.create(
                        new TestingModelRuntime(),
                        TestingSequences.settings(Path.of("unused")).spec());
        var past = List.of(sequence("u", 10, 0, 3, "a", "b", "c"));
        prepare(1, past);
        new SequenceChunker(5, null, Map.of()).chunk(past.get(0), model.vocabulary(), replayed);
        prepare(2, List.of(sequence("v", 20, 3, 2, "new", "newer")));
    }

    @AfterEach
    void closeTheModel() {
        model.close();
    }

    @Test
    void a_batch_has_the_probabilities_of_the_model_before_at_its_replayed_positions() {
        List<Chunk> all = new ArrayList<>();
        new SequenceChunker(5, null, Map.of())
                .chunk(sequence("v", 20, 3, 1, "a", "new", "c", "newer"), model.vocabulary(), all);
        Teacher teacher = requireNonNull(teacher(all.size()));
        all.addAll(replayed);
        PaddedChunks padded = PaddedChunks.of(all, new int[] {0, 1});

        Lesson lesson = requireNonNull(teacher.lesson(new int[] {0, 1}, padded));

        assertThat(lesson.weight()).isEqualTo(WEIGHT);
        assertThat(lesson.positions()).containsExactly(3, 4);
        assertThat(lesson.sample().rows()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(lesson.probabilities()).hasSize(6);
        assertThat(lesson.probabilities()[0]).isCloseTo(1 / 5f, within(1e-6f));
        assertThat(teacher.lesson(new int[] {0}, PaddedChunks.of(all, new int[] {0}))).isNull();
    }

    @Test
    void batches_of_a_window_have_lessons_if_distillation_is_wanted() {
        assertThat(batch(0).lesson()).isNull();
        assertThat(batch(1).lesson()).isNotNull();
    }

    @Test
    void nothing_is_taught_where_nothing_is_replayed() {
        replayed.clear();

        assertThat(teacher(7)).isNull();
    }

    @Test
    void teaching_stops_when_asked_to() {
        assertThatThrownBy(() -> Teacher.of(model, replayed, 0, WEIGHT, 1, () -> true))
                .isInstanceOf(CancellationException.class);
    }

    private void prepare(long window, List<TrainingSequence> trained) {
        model.prepare(
                new FitJob(
                        window,
                        window * 10,
                        trained,
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        List.of(),
                        1),
                TestingSequences.training().vocabulary(),
                window);
    }

    private @Nullable Teacher teacher(int first) {
        return Teacher.of(model, replayed, first, WEIGHT, 1, () -> false);
    }

    private TrainingBatch batch(float distillation) {
        SequenceBatcher batcher =
                SequenceBatcher.fineTuning(
                        model,
                        new SequenceBatcher.Window(
                                List.of(),
                                List.of(sequence("u", 10, 0, 2, "a", "b", "c")),
                                Map.of()),
                        TestingSequences.distilling(distillation),
                        1,
                        () -> false);
        return batcher.batch(new int[] {0}, new SplittableRandom(1));
    }
}
