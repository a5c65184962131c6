package io.freshet.training.window;

import static io.freshet.training.window.TestingHistory.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.training.window.RowPolicy.Plan;
import io.freshet.training.window.RowPolicy.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows 1 to 4 are used, row 0 is padding; times are milliseconds. */
class RowPolicyTest {

    private static final long NOW = 10_000;
    private static final long TTL = 1_000;
    private static final long WITHDRAWN_TTL = 100;
    private static final long LISTED = Long.MAX_VALUE;
    private static final int ANY_WINDOW = 1;
    private static final int LOOK = 64;
    private static final int CAP = 6;

    private final RowPolicy policy = policy(CAP);

    @Test
    void items_get_new_rows_up_to_the_cap_the_most_important_first() {
        Rows rows = used(NOW, NOW, NOW, NOW);

        assertThat(policy.plan(rows, List.of("a"), ANY_WINDOW, NOW).appended())
                .containsExactly("a");
        Plan plan = policy.plan(rows, List.of("a", "b", "c", "d"), ANY_WINDOW, NOW);
        assertThat(plan.appended()).containsExactly("a", "b");
        assertThat(plan.recycled()).isEmpty();
        assertThat(plan.refused()).isEqualTo(2);
    }

    @Test
    void new_rows_of_a_large_table_come_with_some_to_spare_up_to_the_cap() {
        Rows rows = used(new long[640]);

        assertThat(policy(10_000).plan(rows, List.of("a"), ANY_WINDOW, TTL).appended())
                .startsWith("a")
                .hasSize(1 + 10)
                .endsWith("");
        assertThat(policy(642).plan(rows, List.of("a"), ANY_WINDOW, TTL).appended())
                .containsExactly("a", "");
        assertThat(policy(10_000).plan(rows, List.of(), ANY_WINDOW, TTL).appended()).isEmpty();
    }

    @Test
    void a_large_table_that_grows_an_item_at_a_time_is_copied_seldom() {
        Table table = new Table(1_000_000, 1);
        for (int i = 0; i < 6_400; i++) {
            table.append("catalog " + i, LISTED);
        }

        for (int window = 1; window <= 1_000; window++) {
            table.train(user("u").fresh("new " + window).inPane(window), window);
        }

        assertThat(table.rows.size()).isEqualTo(7_400);
        assertThat(table.size()).isLessThan(7_600);
        assertThat(table.growths).isLessThan(15);
    }

    @Test
    void free_rows_are_given_before_new_ones() {
        Rows rows = used(NOW, NOW, NOW, NOW);
        rows.free().set(3);

        Plan plan = policy.plan(rows, List.of("a", "b"), ANY_WINDOW, NOW);

        assertThat(plan.recycled()).containsExactly(3);
        assertThat(plan.recycledIds()).containsExactly("a");
        assertThat(plan.appended()).containsExactly("b");
        assertThat(plan.refused()).isZero();
    }

    @Test
    void a_look_recycles_the_longest_unused_and_frees_the_rest_of_the_expired() {
        Rows rows = used(NOW - TTL - 1, NOW - TTL, NOW - TTL - 3, NOW - TTL - 2);

        Plan plan = policy.plan(rows, List.of("a"), LOOK, NOW);

        assertThat(plan.recycled()).containsExactly(3, 4, 1);
        assertThat(plan.recycledIds()).containsExactly("a", "", "");
        assertThat(plan.appended()).isEmpty();
    }

    @Test
    void a_look_without_a_wanted_item_frees_what_is_expired() {
        Rows rows = used(NOW, NOW - TTL - 1, NOW, LISTED);

        Plan plan = policy.plan(rows, List.of(), LOOK, NOW);

        assertThat(plan.recycled()).containsExactly(2);
        assertThat(plan.recycledIds()).containsExactly("");
    }

    @Test
    void a_free_row_that_nobody_wants_stays_free_and_is_no_change() {
        Rows rows = used(NOW, 0, NOW, NOW);
        rows.free().set(2);

        assertThat(policy.plan(rows, List.of(), LOOK, NOW).recycled()).isEmpty();
    }

    @Test
    void rows_are_not_looked_through_in_every_window() {
        Rows rows = used(0, 0, 0, 0);

        Plan plan = policy.plan(rows, List.of("a"), ANY_WINDOW, NOW);

        assertThat(plan.recycled()).isEmpty();
        assertThat(plan.appended()).containsExactly("a");
    }

    @Test
    void at_the_cap_a_row_that_a_withdrawn_item_would_lose_is_given_to_another() {
        RowPolicy full = policy(4);
        Rows rows = used(NOW - WITHDRAWN_TTL, NOW - WITHDRAWN_TTL - 1, LISTED, NOW);

        Plan plan = full.plan(rows, List.of("a", "b"), ANY_WINDOW, NOW);

        assertThat(plan.recycled()).containsExactly(2);
        assertThat(plan.recycledIds()).containsExactly("a");
        assertThat(plan.appended()).isEmpty();
        assertThat(plan.refused()).isEqualTo(1);
    }

    @Test
    void at_the_cap_no_row_is_given_up_that_nobody_wants() {
        Rows rows = used(NOW - WITHDRAWN_TTL - 1, NOW - WITHDRAWN_TTL - 2, NOW, NOW);

        assertThat(policy(4).plan(rows, List.of("a"), ANY_WINDOW, NOW).recycled())
                .containsExactly(2);
        assertThat(policy(4).plan(rows, List.of(), ANY_WINDOW, NOW).recycled()).isEmpty();
    }

    @Test
    void a_table_larger_than_a_cap_that_was_lowered_only_recycles() {
        Plan plan = policy(2).plan(used(NOW, 0, NOW, NOW), List.of("a", "b"), ANY_WINDOW, NOW);

        assertThat(plan.recycled()).containsExactly(2);
        assertThat(plan.appended()).isEmpty();
        assertThat(plan.refused()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void random_ids_take_no_row_of_a_catalog(int admission) {
        int catalog = 1_000;
        Table table = new Table(1_500, admission);
        for (int i = 0; i < catalog; i++) {
            table.append("catalog " + i, LISTED);
        }
        Map<String, Integer> before = Map.copyOf(table.rows);
        SplittableRandom random = new SplittableRandom(1);

        for (int window = 1; window <= 100; window++) {
            String[] items = new String[500];
            Arrays.setAll(items, i -> Long.toHexString(random.nextLong()));
            table.train(user("u").fresh(items).inPane(100L * window), window);
            assertThat(table.size() - 1).isLessThanOrEqualTo(1_500);
        }

        assertThat(table.rows).containsAllEntriesOf(before);
        if (admission > 1) {
            assertThat(table.rows).as("none was seen twice").hasSize(catalog);
        } else {
            assertThat(table.rows).hasSize(1_500);
            assertThat(table.recycled).isGreaterThan(0);
            assertThat(table.recycled + table.refused).isEqualTo(50_000 - 500);
        }
    }

    @Test
    void an_item_that_is_used_goes_on_to_have_its_row() {
        Table table = new Table(10, 1);
        table.append("used", 0);
        for (int window = 1; window <= 200; window++) {
            table.train(user("u").fresh("used", "new " + window).inPane(20L * window), window);
        }

        assertThat(table.rows).containsEntry("used", 1);
        assertThat(table.recycled).isGreaterThan(100);
    }

    private static RowPolicy policy(int cap) {
        return new RowPolicy(
                new TrainingConfig.Vocabulary(
                        1, cap, Duration.ofMillis(TTL), Duration.ofMillis(WITHDRAWN_TTL)));
    }

    private static Rows used(long... lastUsed) {
        long[] rows = new long[lastUsed.length + 1];
        System.arraycopy(lastUsed, 0, rows, 1, lastUsed.length);
        return new Rows(rows.length, new BitSet(), rows);
    }

    /** An item table that follows the policy's plans. */
    private static final class Table {

        private final Map<String, Integer> rows = new HashMap<>();
        private final List<String> items = new ArrayList<>(List.of(""));
        private final BitSet free = new BitSet();
        private final AdmissionCounts counts;
        private final RowPolicy policy;
        private long[] lastUsed = new long[1];
        private int growths;
        private int recycled;
        private int refused;

        Table(int cap, int admission) {
            counts = new AdmissionCounts(admission, List.of());
            policy = policy(cap);
        }

        int size() {
            return items.size();
        }

        void append(String item, long used) {
            items.add("");
            lastUsed = Arrays.copyOf(lastUsed, items.size());
            put(items.size() - 1, item, used);
        }

        void train(TrainingSequence sequence, int window) {
            long now = sequence.paneEnd();
            List<String> wanted = counts.admit(List.of(sequence), rows::containsKey);
            Plan plan = policy.plan(new Rows(size(), free, lastUsed), wanted, window, now);
            for (int i = 0; i < plan.recycled().length; i++) {
                put(plan.recycled()[i], plan.recycledIds().get(i), now);
            }
            plan.appended().forEach(item -> append(item, now));
            growths += plan.appended().isEmpty() ? 0 : 1;
            recycled += (int) plan.recycledIds().stream().filter(id -> !id.isEmpty()).count();
            refused += plan.refused();
            for (String item : sequence.items()) {
                Integer row = rows.get(item);
                if (row != null) {
                    lastUsed[row] = Math.max(lastUsed[row], now);
                }
            }
        }

        private void put(int row, String item, long used) {
            rows.remove(items.get(row));
            items.set(row, item);
            free.set(row, item.isEmpty());
            lastUsed[row] = used;
            if (!item.isEmpty()) {
                rows.put(item, row);
            }
        }
    }
}
