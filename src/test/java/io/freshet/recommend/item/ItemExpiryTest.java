package io.freshet.recommend.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.EncodedItem;
import io.freshet.event.ItemPopularity;
import io.freshet.recommend.ItemState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which items a table gives up, and that nothing of them is left to the next of an index. */
class ItemExpiryTest {

    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final long START = 1_700_000_000_000L;
    private static final long TTL = 10 * DAY;
    private static final long WITHDRAWN_TTL = 2 * DAY;
    private static final int MOST = 100;

    private final ItemTable table = table();

    @Test
    void an_item_in_no_catalog_expires_when_its_time_has_passed_since_its_count_was_one() {
        count(table, "once", START, 1);
        count(table, "often", START, 4);

        table.advance(START + TTL - 1);
        assertThat(items(table)).containsExactly("often", "once");
        table.advance(START + TTL);
        assertThat(items(table)).containsExactly("often");
        table.advance(START + TTL + 2 * DAY);

        assertThat(items(table)).isEmpty();
        assertThat(table.expired()).isEqualTo(2);
        assertThat(table.counts().occurred()).isZero();
        assertThat(table.counts().total(1)).isCloseTo(0, within(1e-9));
    }

    @Test
    void an_interaction_keeps_an_item() {
        count(table, "a", START, 1);
        count(table, "a", START + DAY, 1);

        table.advance(START + TTL);

        assertThat(items(table)).containsExactly("a");
    }

    @Test
    void a_listed_item_does_not_expire() {
        list(table, "a", START, true);
        count(table, "a", START, 1);

        table.advance(START + 100 * TTL);

        assertThat(items(table)).containsExactly("a");
    }

    @Test
    void a_withdrawn_item_expires_after_its_last_interaction_and_comes_back_with_a_new_record() {
        list(table, "a", START, true);
        list(table, "a", START + 1, false);
        count(table, "a", START + DAY, 1);

        table.advance(START + DAY + WITHDRAWN_TTL - 1);
        assertThat(table.available(table.indexOf("a"))).isFalse();
        table.advance(START + DAY + WITHDRAWN_TTL);
        assertThat(items(table)).isEmpty();

        list(table, "a", START + 9 * DAY, true);
        table.advance(START + 100 * TTL);
        assertThat(table.available(table.indexOf("a"))).isTrue();
    }

    @Test
    void beyond_the_cap_the_coldest_gives_way() {
        for (int i = 0; i < MOST; i++) {
            count(table, "warm" + i, START + HOUR, 9);
        }
        list(table, "listed, and never had", START, true);
        assertThat(table.indexOf("listed, and never had")).isEqualTo(ItemTable.NONE);

        count(table, "cold", START + 2 * HOUR, 1);
        assertThat(table.indexOf("cold")).isEqualTo(ItemTable.NONE);
        count(table, "hot", START + 2 * HOUR, 99);

        assertThat(table.items()).isEqualTo(MOST);
        assertThat(table.indexOf("hot")).isNotEqualTo(ItemTable.NONE);
        assertThat(table.evicted()).isEqualTo(3);
    }

    @Test
    void the_same_items_are_kept_whatever_the_order_of_records_and_after_a_restore() {
        Random random = new Random(7);
        List<Consumer<ItemTable>> records = records(random, 3);
        ItemTable other = apply(records, random);

        assertThat(items(other)).isEqualTo(items(table)).hasSize(MOST);
    }

    @Test
    void the_same_items_expire_whatever_the_order_of_records_and_after_a_restore() {
        Random random = new Random(7);
        ItemTable other = apply(records(random, Integer.MAX_VALUE), random);
        table.advance(START + TTL + 52 * HOUR);
        other.advance(START + TTL + 52 * HOUR);

        assertThat(items(other)).isEqualTo(items(table)).hasSizeBetween(1, MOST - 1);
        assertThat(other.counts().total(1)).isCloseTo(table.counts().total(1), within(1e-6));
    }

    /** Counts of many items, and a catalog record of every so-many-th. */
    private static List<Consumer<ItemTable>> records(Random random, int listed) {
        List<Consumer<ItemTable>> records = new ArrayList<>();
        for (int i = 0; i < 5 * MOST; i++) {
            String item = "item" + i;
            long time = START + random.nextInt(20) * HOUR;
            float count = 1 + random.nextInt(3);
            if (i % listed == 1) {
                boolean available = i % 2 == 0;
                records.add(some -> list(some, item, time, available));
            }
            records.add(some -> count(some, item, time, count));
        }
        return records;
    }

    /** Applies records to the table, and in another order to one that is restored now and then. */
    private ItemTable apply(List<Consumer<ItemTable>> records, Random random) {
        records.forEach(record -> record.accept(table));
        Collections.shuffle(records, random);
        ItemTable other = table();
        for (int i = 0; i < records.size(); i++) {
            records.get(i).accept(other);
            other = i % 50 == 0 ? restored(other) : other;
        }

        return other;
    }

    @Test
    void equally_cold_items_give_way_by_their_ids() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3 * MOST; i++) {
            ids.add("item" + i);
        }
        ids.forEach(item -> count(table, item, START, 1));
        Collections.shuffle(ids, new Random(3));
        ItemTable other = table();
        ids.forEach(item -> count(other, item, START, 1));

        assertThat(items(other)).isEqualTo(items(table)).hasSize(MOST);
    }

    @Test
    void an_item_of_the_live_model_is_kept_and_not_counted_until_its_row_is_gone() {
        list(table, "withdrawn", START, false);
        table.inModel(table.indexOf("withdrawn"), true);
        table.inModel(table.add("unknown"), true);
        for (int i = 0; i < MOST; i++) {
            count(table, "warm" + i, START + HOUR, 9);
        }
        table.recycle();
        assertThat(table.items()).isEqualTo(MOST + 2);
        ItemTable restored = restored(table);
        restored.advance(START + 5 * DAY);
        assertThat(restored.available(restored.indexOf("withdrawn"))).isFalse();

        table.inModel(table.indexOf("unknown"), false);
        assertThat(table.indexOf("unknown")).isEqualTo(ItemTable.NONE);
        table.inModel(table.indexOf("withdrawn"), false);
        table.advance(START + 5 * DAY);
        assertThat(table.indexOf("withdrawn")).isEqualTo(ItemTable.NONE);
    }

    @Test
    void asking_adds_nothing_that_lasts() {
        assertThat(table.indexOf("asked")).isEqualTo(ItemTable.NONE);
        int asked = table.add("asked");
        int known = table.add("known");
        count(table, "known", START, 1);
        assertThat(table.indexOf("asked")).isEqualTo(asked);

        table.recycle();

        assertThat(items(table)).containsExactly("known");
        assertThat(table.indexOf("known")).isEqualTo(known);
        assertThat(table.expired() + table.evicted()).isZero();
    }

    @Test
    void an_index_is_given_away_only_when_nobody_holds_it_and_without_anything_of_its_item() {
        table.apply(new EncodedItem("old", false, START, new float[] {1}, List.of("category")));
        count(table, "old", START, 9);
        int index = table.indexOf("old");

        table.advance(START + TTL);
        assertThat(table.available(index)).isFalse();
        assertThat(table.occurred(index)).isFalse();
        assertThat(table.add("held")).isNotEqualTo(index);
        table.recycle();

        assertThat(table.add("new")).isIn(0, 1);
        int last = table.add("newer");
        assertThat(last).isIn(0, 1);
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.id(index)).startsWith("new");
        assertThat(table.available(index)).isTrue();
        assertThat(table.occurred(index)).isFalse();
        assertThat(table.counts().count(1, index)).isZero();
        assertThat(table.listedAt(index)).isEqualTo(ItemTable.NEVER);
        assertThat(table.catalog().category(index)).isEmpty();
        assertThat(table.catalog().content(index).width()).isZero();
    }

    @Test
    void what_a_table_holds_does_not_follow_how_many_items_there_ever_were() {
        for (int i = 0; i < 100_000; i++) {
            count(table, "item" + i, START + i * 60_000L, 1);
            table.add("asked for" + i);
            table.recycle();
        }

        assertThat(table.items()).isEqualTo(MOST);
        assertThat(table.size()).isLessThanOrEqualTo(MOST + 2);
    }

    private static ItemTable table() {
        return new ItemTable(
                new long[] {HOUR, DAY},
                new ItemCatalog(true, List.of()),
                new ItemLimits(MOST, TTL, WITHDRAWN_TTL));
    }

    private static ItemTable restored(ItemTable from) {
        List<ItemState> stored = new ArrayList<>();
        from.store(hash -> true, stored::add);
        ItemTable restored = table();
        stored.forEach(restored::restore);
        restored.restore(from.now(), from.totals());
        return restored;
    }

    private static Set<String> items(ItemTable table) {
        List<ItemState> stored = new ArrayList<>();
        table.store(hash -> true, stored::add);
        Set<String> ids = new TreeSet<>();
        stored.forEach(state -> ids.add(state.itemId));
        return ids;
    }

    private static void count(ItemTable table, String item, long timestamp, float count) {
        table.apply(new ItemPopularity(item, timestamp, new float[] {count, count}));
    }

    private static void list(ItemTable table, String item, long timestamp, boolean available) {
        table.apply(new EncodedItem(item, available, timestamp, new float[0], List.of()));
    }
}
