package io.freshet.training.window;

import static io.freshet.training.window.TestingHistory.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.TrainingSequence;
import io.freshet.training.WaitingItem;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class AdmissionCountsTest {

    private static final int MOST = 100_000;

    private final AdmissionCounts counts = new AdmissionCounts(3, List.of());

    @Test
    void an_item_is_admitted_once_it_has_enough_interactions() {
        assertThat(admit("a", "b", "a")).isEmpty();
        assertThat(counts.waiting())
                .containsExactly(new WaitingItem("b", 1), new WaitingItem("a", 2));

        assertThat(admit("c", "a")).containsExactly("a");
        assertThat(counts.waiting())
                .containsExactly(new WaitingItem("b", 1), new WaitingItem("c", 1));
    }

    @Test
    void items_are_admitted_once_and_in_the_order_in_which_they_got_enough() {
        assertThat(admit("a", "b", "a", "b", "b", "b", "a", "a")).containsExactly("b", "a");
        assertThat(counts.waiting()).isEmpty();
    }

    @Test
    void only_what_is_new_and_has_no_row_is_counted() {
        TrainingSequence sequence = user("u").after("a", "a", "a").fresh("a", "row").inPane(10);

        assertThat(counts.admit(List.of(sequence), "row"::equals)).isEmpty();
        assertThat(counts.waiting()).containsExactly(new WaitingItem("a", 1));
    }

    @Test
    void one_interaction_can_be_enough() {
        AdmissionCounts atOnce = new AdmissionCounts(1, List.of());

        assertThat(atOnce.admit(List.of(interactions("a", "b", "a")), item -> false))
                .containsExactly("a", "b");
        assertThat(atOnce.waiting()).isEmpty();
    }

    @Test
    void counts_go_on_after_a_restore() {
        admit("a", "b", "a");

        AdmissionCounts restored = new AdmissionCounts(3, counts.waiting());

        assertThat(restored.admit(List.of(interactions("a")), item -> false)).containsExactly("a");
        assertThat(restored.waiting()).containsExactly(new WaitingItem("b", 1));
    }

    @Test
    void of_too_many_the_longest_unseen_are_dropped() {
        String[] many = IntStream.range(0, MOST).mapToObj(i -> "i" + i).toArray(String[]::new);
        admit(many);
        assertThat(counts.waiting()).hasSize(MOST);

        admit("i0", "x", "y");

        List<String> waiting = counts.waiting().stream().map(WaitingItem::itemId).toList();
        assertThat(waiting).hasSize(MOST).startsWith("i3").endsWith("i0", "x", "y");
    }

    @Test
    void what_waits_is_state_without_kryo() {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(WaitingItem.class);
    }

    private List<String> admit(String... items) {
        return counts.admit(List.of(interactions(items)), item -> false);
    }

    private static TrainingSequence interactions(String... items) {
        return user("u").fresh(items).inPane(10);
    }
}
