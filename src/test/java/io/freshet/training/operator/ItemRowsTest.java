package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Control;
import io.freshet.event.EncodedItem;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Which items the model has rows for, with what content, and whose sequences they are from. */
class ItemRowsTest {

    @TempDir private Path root;
    private TrainingSettings settings;
    private TestingStore store;
    private String name;

    @BeforeEach
    void prepare(TestInfo test) {
        settings = TestingSequences.settings(root);
        store = new TestingStore(root);
        name = test.getDisplayName();
    }

    @Test
    void content_gives_items_rows_and_is_replaced_by_newer() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.items(
                    item("a", true, 1, 0),
                    item("new", true, 0, 1),
                    item("gone", false, 1, 1),
                    item("wide", true, 1, 2, 3),
                    item("plain", true));
            harness.window(ANN, BOB);
            assertThat(store.model(1).itemIds()).containsExactly("", "a", "new", "b", "c");
            assertThat(store.model(1).features("new")).isEqualTo("[0.0, 1.0]");
            assertThat(store.model(1).features("b")).isEmpty();

            harness.items(item("b", true, 0.5f, 0.5f));
            harness.window(CAT);
            assertThat(store.model(2).features("b")).isEqualTo("[0.5, 0.5]");
            assertThat(store.model(2).count("a", "b")).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void content_that_came_during_training_waits_for_the_next_update() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
        OperatorSubtaskState state;
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.items(item("a", true, 1, 0));
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitTraining(barrier);
            harness.items(item("a", true, 0, 1), item("late", true, 1, 1));
            barrier.open();
            harness.awaitVerdict();
            assertThat(store.model(1).features("a")).isEqualTo("[1.0, 0.0]");
            state = harness.snapshot(1, 1);
        }
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.window(CAT);
            assertThat(store.model(2).features("a")).isEqualTo("[0.0, 1.0]");
            assertThat(store.model(2).features("late")).isEqualTo("[1.0, 1.0]");
            assertThat(second.contents().items()).isEmpty();
        }
    }

    @Test
    void content_of_a_refused_update_waits_for_the_next() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            harness.items(item("new", true, 1, 1));
            harness.window(sequence("eve", 20, 5, 4, "a", "b", "poison", "a"));
            assertThat(harness.contents().items()).hasSize(1);
            harness.window(sequence("fay", 30, 9, 4, "a", "b", "a", "b"));
            assertThat(store.model(2).features("new")).isEqualTo("[1.0, 1.0]");
        }
    }

    @Test
    void items_that_are_seen_once_get_no_row() throws Exception {
        settings = TestingSequences.settings(root, TestingSequences.admitting(2, 1));
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            assertThat(store.model(1).itemIds()).containsExactly("", "a", "b");
            List<TrainingSequence> random = new ArrayList<>();
            IntStream.range(0, 300)
                    .forEach(i -> random.add(sequence("u" + i, 20, 5 + i, 1, "a", "random " + i)));
            random.add(sequence("zoe", 20, 305, 2, "a", "b"));
            harness.window(random.toArray(new TrainingSequence[0]));

            assertThat(store.model(2).itemIds()).containsExactly("", "a", "b");
            assertThat(harness.contents().waiting()).as("those, and c").hasSize(301);

            harness.window(sequence("amy", 30, 307, 4, "random 7", "c", "a", "b"));
            assertThat(store.model(3).itemIds()).containsExactly("", "a", "b", "random 7", "c");
            assertThat(harness.contents().waiting()).hasSize(299);
        }
    }

    @Test
    void a_forgotten_user_is_in_no_version_after() throws Exception {
        TestingModelRuntime.Barrier barrier = TestingModelRuntime.hold(name);
        OperatorSubtaskState state;
        try (FineTuneHarness harness =
                FineTuneHarness.started(settings, new TestingModelRuntime(name))) {
            harness.sequences(ANN, BOB);
            harness.watermark(9);
            harness.awaitTraining(barrier);
            harness.sequences(CAT, sequence("ann", 20, 50, 1, "c", "x"));
            harness.control(Control.forget("c", "ann", 12));
            TrainingBuffers.Contents during = harness.contents();
            assertThat(during.tested()).containsExactly(BOB);
            assertThat(during.pending()).containsExactly(CAT);
            barrier.open();
            harness.awaitVerdict();
            TrainingBuffers.Contents after = harness.contents();
            assertThat(after.tested()).isEmpty();
            assertThat(after.replayed()).containsExactly(BOB);
            state = harness.snapshot(2, 2);
        }
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            second.watermark(19);
            second.awaitVerdict();
            assertThat(store.model(2).itemIds()).doesNotContain("x");
        }
    }

    private static EncodedItem item(String id, boolean available, float... vector) {
        return new EncodedItem(id, available, 0, vector, List.of());
    }
}
