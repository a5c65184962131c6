package io.freshet.recommend.item;

import static io.freshet.recommend.TestingEvents.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.EncodedItem;
import io.freshet.event.ItemPopularity;
import io.freshet.recommend.ItemState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What ranks that are kept up as items change give, against a pass over all items. */
class ItemRanksTest {

    private static final long[] HALF_LIVES = {60_000, 3_600_000};
    private static final int PER_SOURCE = 7;
    private static final ItemLimits LIMITS = new ItemLimits(60, 600_000, 300_000);

    private final Random random = new Random(5);
    private ItemTable table = new ItemTable(HALF_LIVES, new ItemCatalog(false, List.of()), LIMITS);
    private long now;

    @Test
    void a_batch_gets_the_candidates_that_a_pass_over_all_items_finds() {
        for (int step = 0; step < 3_000; step++) {
            change();
            if (step % 10 == 0) {
                table.recycle();
                assertThat(candidates()).as("step " + step).isEqualTo(found());
            }
        }
        assertThat(table.expired()).isPositive();
        assertThat(table.evicted()).isPositive();

        List<ItemState> stored = new ArrayList<>();
        table.store(hash -> true, stored::add);
        Set<String> before = candidates();
        table = new ItemTable(HALF_LIVES, new ItemCatalog(false, List.of()), LIMITS);
        stored.forEach(table::restore);
        assertThat(candidates()).as("restored").isEqualTo(before);
    }

    @Test
    void the_best_of_many_are_found_by_looking_at_few() {
        ItemIndex index = new ItemIndex();
        ItemHeap heap = new ItemHeap(index);
        int items = 100_000;
        heap.grow(items);
        for (int i = 0; i < items; i++) {
            heap.put(index.add("i" + i), random.nextDouble());
        }

        TopItems best = new TopItems(PER_SOURCE);
        assertThat(heap.first(best)).isLessThanOrEqualTo(2 * PER_SOURCE + 1);
        assertThat(best.item(0)).isEqualTo(heap.first());
        assertThat(best.size()).isEqualTo(PER_SOURCE);
    }

    @Test
    void the_best_beside_many_that_are_not_wanted_are_found_by_looking_at_few_more() {
        ItemIndex index = new ItemIndex();
        ItemHeap heap = new ItemHeap(index);
        int items = 100_000;
        int unwanted = 1_000;
        heap.grow(items);
        TopItems plain = new TopItems(PER_SOURCE);
        for (int i = 0; i < items; i++) {
            boolean wanted = random.nextInt(items / unwanted) > 0;
            double key = random.nextDouble() - (wanted ? 0 : 1);
            int item = index.add((wanted ? "i" : "not") + i);
            heap.put(item, key);
            if (wanted) {
                plain.offer(item, -key, index.hash(item));
            }
        }

        TopItems best = new TopItems(PER_SOURCE);
        int looked = heap.addFirst(best, item -> index.id(item).startsWith("i"), Integer.MAX_VALUE);

        assertThat(looked).isLessThan(4 * unwanted);
        assertThat(best.size()).isEqualTo(PER_SOURCE);
        for (int rank = 0; rank < PER_SOURCE; rank++) {
            assertThat(best.item(rank)).isEqualTo(plain.item(rank));
        }
    }

    private void change() {
        now += random.nextInt(2_000);
        String item = "i" + (now / 30_000 + random.nextInt(80));
        switch (random.nextInt(8)) {
            case 0 -> list(item, true);
            case 1 -> list(item, false);
            case 2 -> table.settle(now - random.nextInt(20_000));
            case 3 -> table.inModel(table.add(item), random.nextBoolean());
            default -> table.apply(new ItemPopularity(item, now, counts()));
        }
    }

    private float[] counts() {
        return new float[] {1 + random.nextInt(3), 1 + random.nextInt(5)};
    }

    private void list(String item, boolean available) {
        table.apply(new EncodedItem(item, available, now, new float[0], List.of()));
    }

    private Set<String> candidates() {
        CandidateSources sources = new CandidateSources(table, PER_SOURCE, true);
        sources.prepare();
        Candidates candidates = new Candidates();
        sources.gather(request("r", now), candidates);
        Set<String> ids = new LinkedHashSet<>();
        for (int position = 0; position < candidates.size(); position++) {
            ids.add(table.id(candidates.item(position)));
        }
        return ids;
    }

    /** The same the plain way. */
    private Set<String> found() {
        Set<String> ids = new LinkedHashSet<>();
        for (int h = 0; h < HALF_LIVES.length; h++) {
            TopItems popular = new TopItems(PER_SOURCE);
            for (int item = 0; item < table.size(); item++) {
                if (table.available(item) && table.occurred(item)) {
                    double heat = table.counts().logDecayedCount(h, item);
                    popular.offer(item, heat, table.hash(item));
                }
            }
            addAll(popular, ids);
        }
        TopItems newest = new TopItems(PER_SOURCE);
        for (int item = 0; item < table.size(); item++) {
            boolean listed = table.listedAt(item) != ItemTable.NEVER;
            if (table.available(item) && !table.occurred(item) && listed) {
                newest.offer(item, table.listedAt(item), table.hash(item));
            }
        }
        addAll(newest, ids);
        return ids;
    }

    private void addAll(TopItems list, Set<String> ids) {
        for (int rank = 0; rank < list.size(); rank++) {
            ids.add(table.id(list.item(rank)));
        }
    }
}
