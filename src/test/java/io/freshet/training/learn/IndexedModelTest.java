package io.freshet.training.learn;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.TrainingConfig.Vocabulary;
import io.freshet.event.EncodedItem;
import io.freshet.event.TrainingSequence;
import io.freshet.model.StepRates;
import io.freshet.model.TestingModel;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.Trainer.FitJob;
import io.freshet.training.Trainer.RowChanges;
import io.freshet.training.WaitingItem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows are ten days long: window n ends n times ten days after the epoch. */
class IndexedModelTest {

    private static final long WINDOW = Duration.ofDays(10).toMillis();
    private static final int MOST_ROWS = 1_000_000;

    @TempDir private Path directory;

    private final IndexedModel model =
            IndexedModel.create(
                    new TestingModelRuntime(), TestingSequences.settings(Path.of("unused")).spec());
    private List<WaitingItem> waiting = List.of();
    private Vocabulary config = vocabulary(2, MOST_ROWS);

    @AfterEach
    void closeTheModel() {
        model.close();
    }

    @Test
    void an_unlisted_item_gets_a_row_after_so_many_interactions_in_all_windows() {
        config = vocabulary(3, MOST_ROWS);

        RowChanges first = prepare(1, List.of(), clicks("a", "a", "b"));
        assertThat(first.rows()).isZero();
        assertThat(first.waiting())
                .containsExactly(new WaitingItem("a", 2), new WaitingItem("b", 1));
        assertThat(first.lastUsed()).as("items without a row").isEmpty();

        RowChanges second = prepare(2, List.of(), clicks("a"));
        assertThat(row("a")).isEqualTo(1);
        assertThat(row("b")).isZero();
        assertThat(second.rows()).isEqualTo(1);
        assertThat(second.waiting()).containsExactly(new WaitingItem("b", 1));
        assertThat(second.lastUsed()).containsExactly(Map.entry("a", 2 * WINDOW));
    }

    @Test
    void items_of_the_catalog_get_rows_at_once_and_withdrawn_ones_none() {
        RowChanges changes = prepare(1, List.of(item("z", 1, 2), withdrawn("gone")), List.of());

        assertThat(row("z")).isEqualTo(1);
        assertThat(row("gone")).isZero();
        assertThat(features("z")).isEqualTo("[1.0, 2.0]");
        assertThat(model.isFresh(1)).isTrue();
        assertThat(changes.lastUsed()).containsExactly(Map.entry("z", Long.MAX_VALUE));
    }

    @Test
    void items_with_a_row_that_the_catalog_does_not_name_are_counted() {
        assertThat(prepare(1, List.of(item("z", 1, 2)), clicks("a", "a", "z")).unlisted()).isOne();
        assertThat(prepare(2, List.of(item("a", 1, 2)), List.of()).unlisted()).isZero();
        assertThat(prepare(3, List.of(withdrawn("z")), List.of()).unlisted()).isOne();
    }

    @Test
    void content_is_replaced_where_it_is_other_and_nowhere_else() {
        prepare(1, List.of(item("a", 1, 2), item("b", 3, 4)), List.of());
        model.model().exportChanges();

        prepare(2, List.of(item("a", 1, 2), item("b", 5, 6)), List.of());

        assertThat(features("b")).isEqualTo("[5.0, 6.0]");
        assertThat(model.model().exportChanges().describedRows()).containsExactly(row("b"));
        assertThat(model.isFresh(row("b"))).isFalse();
    }

    @Test
    void the_newest_of_two_contents_of_an_item_is_kept_however_they_arrived() {
        EncodedItem older = new EncodedItem("a", true, 5, new float[] {1, 1}, List.of());
        EncodedItem newer = new EncodedItem("a", true, 6, new float[] {2, 2}, List.of());

        prepare(1, List.of(newer, older), List.of());
        assertThat(features("a")).isEqualTo("[2.0, 2.0]");
        prepare(2, List.of(item("a", 9, 9)), List.of());
        prepare(3, List.of(newer, older), List.of());
        assertThat(features("a")).isEqualTo("[2.0, 2.0]");
    }

    @Test
    void vectors_of_another_width_are_passed_over_and_counted() {
        RowChanges changes = prepare(1, List.of(item("a", 1), item("b", 1, 2, 3)), List.of());

        assertThat(changes.ignoredVectors()).isEqualTo(2);
        assertThat(changes.rows()).isZero();
    }

    @Test
    void the_row_of_a_withdrawn_item_is_kept_for_a_time_and_then_another_items_fresh_one() {
        prepare(1, List.of(item("a", 1, 2), item("b", 3, 4)), List.of());
        train("b", "a");
        int row = row("a");
        prepare(2, List.of(withdrawn("a")), List.of());

        prepare(64, List.of(), List.of(), 5 * WINDOW); // looks, and 30 days are not over
        assertThat(row("a")).isEqualTo(row);

        prepare(128, List.of(item("c", 7, 8)), List.of(), 5 * WINDOW + 1);
        assertThat(row("a")).isZero();
        assertThat(row("c")).isEqualTo(row);
        assertThat(row("b")).as("it is in the catalog").isEqualTo(2);
        assertThat(features("a")).isEmpty();
        assertThat(testing().count("b", "a")).isZero();
        assertThat(testing().count("b", "c")).as("what a had learned").isZero();
        assertThat(model.isFresh(row)).isTrue();
        assertThat(model.isFresh(2)).isFalse();
    }

    @Test
    void an_item_that_is_withdrawn_and_interacted_with_in_one_window_is_withdrawn() {
        prepare(1, List.of(item("a", 1, 2)), List.of());

        RowChanges changes = prepare(2, List.of(withdrawn("a")), clicks("a"));

        assertThat(changes.lastUsed()).containsExactly(Map.entry("a", 2 * WINDOW));
    }

    @Test
    void a_row_without_an_item_is_given_to_the_next_and_not_counted_meanwhile() {
        prepare(1, List.of(), clicks("a", "a"));
        assertThat(prepare(64, List.of(), List.of(), 40 * WINDOW).rows()).isZero();
        assertThat(model.model().rows()).isEqualTo(2);

        RowChanges changes = prepare(65, List.of(item("b", 1, 2)), List.of());

        assertThat(row("b")).isEqualTo(1);
        assertThat(changes.rows()).isEqualTo(1);
        assertThat(model.model().rows()).isEqualTo(2);
    }

    @Test
    void at_the_cap_items_are_refused_until_rows_are_unused_for_as_long_as_withdrawn_ones() {
        config = vocabulary(1, 16);
        List<String> sixteen = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            sixteen.add("i" + i);
        }
        prepare(1, List.of(), clicks(sixteen.toArray(new String[0])));

        RowChanges refused = prepare(2, List.of(), clicks("late"));
        assertThat(refused.refused()).isEqualTo(1);
        assertThat(refused.rows()).isEqualTo(16);
        assertThat(row("late")).isZero();

        RowChanges given = prepare(5, List.of(), clicks("late"));
        assertThat(given.refused()).isZero();
        assertThat(given.recycled()).isEqualTo(1);
        assertThat(row("late")).isEqualTo(1);
        assertThat(model.model().rows()).isEqualTo(17);
    }

    @Test
    void a_saved_model_has_the_times_of_use() throws Exception {
        Path saved = directory.resolve("saved");
        prepare(1, List.of(item("listed", 1, 2)), clicks("a", "a"));
        model.save(saved);
        try (IndexedModel loaded =
                IndexedModel.load(
                        new TestingModelRuntime(),
                        new Revisions.Snapshot(saved, "", 900 * WINDOW))) {
            loaded.prepare(job(64, 40 * WINDOW, List.of(), List.of()), config, 1);

            assertThat(loaded.vocabulary().rowOf("listed")).isEqualTo(1);
            assertThat(loaded.vocabulary().rowOf("a")).as("unused for over a year").isZero();
        }
    }

    private RowChanges prepare(
            long window, List<EncodedItem> items, List<TrainingSequence> trained) {
        return prepare(window, items, trained, window * WINDOW);
    }

    private RowChanges prepare(
            long window, List<EncodedItem> items, List<TrainingSequence> trained, long end) {
        RowChanges changes = model.prepare(job(window, end, items, trained), config, window);
        waiting = changes.waiting();
        return changes;
    }

    private FitJob job(
            long window, long end, List<EncodedItem> items, List<TrainingSequence> trained) {
        return new FitJob(window, end, trained, List.of(), items, waiting, Map.of(), List.of(), 1);
    }

    private void train(String... items) {
        SequenceBatcher batcher =
                SequenceBatcher.of(
                        model,
                        List.of(sequence("u", 10, 0, items.length, items)),
                        TestingSequences.training());
        SplittableRandom random = new SplittableRandom(1);
        for (int[] group : batcher.pass(random)) {
            model.model().train(batcher.batch(group, random), new StepRates(1, 1, 1, 1, 1));
        }
    }

    private int row(String item) {
        return model.vocabulary().rowOf(item);
    }

    private String features(String item) {
        return testing().features(item);
    }

    private TestingModel testing() {
        return (TestingModel) model.model();
    }

    private static List<TrainingSequence> clicks(String... items) {
        return List.of(sequence("u", 10, 0, items.length, items));
    }

    private static EncodedItem item(String id, float... vector) {
        return new EncodedItem(id, true, 0, vector, List.of());
    }

    private static EncodedItem withdrawn(String id) {
        return new EncodedItem(id, false, 0, new float[] {1, 2}, List.of());
    }

    private static Vocabulary vocabulary(int admission, int mostRows) {
        return new Vocabulary(admission, mostRows, Duration.ofDays(365), Duration.ofDays(30));
    }
}
