package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.sequence;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelRevision;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModelRuntime;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreWriter;
import io.freshet.testing.FaultyFileSystem;
import io.freshet.training.Job;
import io.freshet.training.Outcome;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateStats;
import io.freshet.training.version.StoreTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version that is due is postponed eight times in a row at most. */
class PostponedVersionTest {

    private static final int MOST = 8;

    @TempDir private Path root;
    private final AtomicLong nanoTime = new AtomicLong();

    @AfterEach
    void heal() {
        FaultyFileSystem.heal(root.resolve("2"));
    }

    @Test
    void the_store_is_waited_for_after_eight_delays() throws Exception {
        TrainingSettings settings = TestingSequences.on(FaultyFileSystem.uri(root));
        try (ModelStore store = new ModelStore(settings.store(), new StoreWriter("job test"));
                FineTuner fineTuner = fineTuner(store, settings)) {
            ModelRevision first = fineTuner.perform(firstWindow(List.of(ANN, BOB))).revision();
            FaultyFileSystem.fill(root.resolve("2"));
            Outcome delayed = fineTuner.perform(window(first, CAT, 0, MOST - 1));
            assertThat(verdict(delayed)).isEqualTo(Verdict.DELAYED);
            assertThat(delayed.revision().update()).as("live all the same").isEqualTo(2);

            Outcome soon = fineTuner.perform(window(first, CAT, 0, MOST));
            assertThat(verdict(soon))
                    .as("the store is not asked again at once")
                    .isEqualTo(Verdict.UPDATED);

            nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
            assertThatThrownBy(() -> fineTuner.perform(window(first, CAT, 0, MOST)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left on device");

            heal();
            Outcome promoted = fineTuner.perform(window(first, CAT, 0, MOST));
            assertThat(verdict(promoted)).isEqualTo(Verdict.PROMOTED);
            assertThat(promoted.revision().version()).isEqualTo(2);
        }
    }

    @Test
    void what_the_gate_can_not_decide_on_is_rolled_back_after_it_was_held_eight_times()
            throws Exception {
        TrainingSettings settings =
                TestingSequences.settings(root, TestingSequences.judging(0.5f, 0.02f, 1));
        try (ModelStore store = new ModelStore(settings.store(), new StoreWriter("job test"));
                FineTuner fineTuner = fineTuner(store, settings)) {
            List<TrainingSequence> both = new ArrayList<>(followers("y", 0));
            both.addAll(followers("z", 1000));
            ModelRevision first = fineTuner.perform(firstWindow(both)).revision();

            Outcome held = fineTuner.perform(moreOfY(first, MOST - 1));
            assertThat(verdict(held)).isEqualTo(Verdict.HELD);
            assertThat(held.revision().update()).as("live all the same").isEqualTo(2);

            Outcome rolledBack = fineTuner.perform(moreOfY(first, MOST));
            assertThat(verdict(rolledBack)).isEqualTo(Verdict.ROLLED_BACK);
            assertThat(checkpoint(rolledBack).reason()).startsWith("held for 8 windows");
            assertThat(rolledBack.revision()).isEqualTo(first);
        }
    }

    private FineTuner fineTuner(ModelStore store, TrainingSettings settings) {
        return new FineTuner(
                new TestingModelRuntime(),
                store,
                settings,
                () -> false,
                new StoreTimes(nanoTime::get, millis -> {}, millis -> {}));
    }

    private static Job.Window firstWindow(List<TrainingSequence> trained) {
        return window(ModelRevision.NONE, 1, trained, List.of(), 0, 0);
    }

    private static Job.Window window(
            ModelRevision revision, TrainingSequence trained, int held, int delayed) {
        return window(revision, 2, List.of(trained), List.of(), held, delayed);
    }

    /** Makes y more likely after x and z less, and is validated by as many of each. */
    private static Job.Window moreOfY(ModelRevision revision, int held) {
        List<TrainingSequence> validation = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            validation.add(sequence("v" + i, 10, 5000 + i, 1, "x", i % 2 == 0 ? "y" : "z"));
        }
        return window(revision, 2, followers("y", 2000), validation, held, 0);
    }

    /** Fifty users who come from x to an item. */
    private static List<TrainingSequence> followers(String item, long offset) {
        return IntStream.range(0, 50)
                .mapToObj(i -> sequence(item + i, 10, offset + 2L * i, 2, "x", item))
                .toList();
    }

    private static Job.Window window(
            ModelRevision revision,
            long number,
            List<TrainingSequence> trained,
            List<TrainingSequence> validation,
            int held,
            int delayed) {
        long end = 10 * number;
        return new Job.Window(
                revision,
                UpdateStats.untrained(number, end - 5, end, 2 * trained.size(), trained.size()),
                new Job.Data(
                        trained,
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        "",
                        List.of(),
                        validation),
                new Job.Due(true, held, delayed, List.of(), new Job.Place(number, List.of())));
    }

    private static ModelCheckpoint checkpoint(Outcome outcome) {
        return requireNonNull(outcome.checkpoint());
    }

    private static Verdict verdict(Outcome outcome) {
        return checkpoint(outcome).verdict();
    }
}
