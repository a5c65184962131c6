package io.freshet.recommend.item;

import static io.freshet.recommend.TestingEvents.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.EncodedItem;
import io.freshet.event.ItemPopularity;
import io.freshet.recommend.ItemState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ItemTableTest {

    private static final long MINUTE = 60_000;
    private static final long DAY = 24 * 60 * MINUTE;
    private static final long START = 1_700_000_000_000L;
    private static final int FAST = 0;
    private static final int SLOW = 1;

    private final ItemTable table =
            new ItemTable(
                    new long[] {30 * MINUTE, 30 * DAY}, new ItemCatalog(true, List.of()), LIMITS);

    @Test
    void halvesCountsOncePerHalfLife() {
        count("a", START, 8);

        table.advance(START + 60 * MINUTE);

        int a = table.indexOf("a");
        assertThat(table.counts().count(FAST, a)).isCloseTo(2, within(1e-6));
        assertThat(table.counts().count(SLOW, a)).isCloseTo(8, within(0.01));
        assertThat(table.counts().total(FAST)).isCloseTo(2, within(1e-6));
    }

    @Test
    void ordersItemsByHeatAsByDecayedCount() {
        count("old", START, 100);
        count("new", START + 4 * 60 * MINUTE, 1);

        int old = table.indexOf("old");
        int young = table.indexOf("new");
        assertThat(table.counts().logDecayedCount(FAST, young))
                .isGreaterThan(table.counts().logDecayedCount(FAST, old));
        assertThat(table.counts().logDecayedCount(SLOW, young))
                .isLessThan(table.counts().logDecayedCount(SLOW, old));
        assertThat(table.counts().count(FAST, young))
                .isGreaterThan(table.counts().count(FAST, old));
    }

    @Test
    void sumsTheLatestCountOfEachItem() {
        count("a", START, 3);
        count("b", START, 4);
        count("a", START, 5);

        assertThat(table.counts().total(SLOW)).isCloseTo(9, within(1e-6));
    }

    @Test
    void ignoresWhatIsOlderThanItKnows() {
        count("a", START + MINUTE, 5);
        count("a", START, 1);
        list("a", START + MINUTE, false);
        list("a", START, true);

        int a = table.indexOf("a");
        assertThat(table.counts().count(SLOW, a)).isCloseTo(5, within(1e-3));
        assertThat(table.available(a)).isFalse();
    }

    @Test
    void anItemOfTheCatalogAloneHasNotOccurred() {
        list("a", START, true);

        int a = table.indexOf("a");
        assertThat(table.occurred(a)).isFalse();
        assertThat(table.counts().count(FAST, a)).isZero();
    }

    @Test
    void givesBackExactlyWhatWasStored() {
        for (int i = 0; i < 200; i++) {
            count("item" + i, START + i * MINUTE, 1 + i % 7);
        }
        list("item3", START, false);
        table.apply(
                new EncodedItem(
                        "item4", true, START, new float[] {-0.6f, 0.8f}, List.of("b", "a")));
        List<ItemState> stored = new ArrayList<>();
        table.store(hash -> true, stored::add);

        ItemTable restored =
                new ItemTable(
                        new long[] {30 * MINUTE, 30 * DAY},
                        new ItemCatalog(true, List.of()),
                        LIMITS);
        stored.forEach(restored::restore);
        restored.restore(table.now(), table.totals());

        assertThat(restored.size()).isEqualTo(200);
        assertThat(restored.totals()).isEqualTo(table.totals());
        assertThat(restored.available(restored.indexOf("item3"))).isFalse();
        ItemCatalog catalog = restored.catalog();
        assertThat(catalog.category(restored.indexOf("item4"))).isEqualTo("b");
        assertThat(catalog.content(restored.indexOf("item4")).width()).isEqualTo(2);
        ContentVector content = catalog.content(restored.indexOf("item4"));
        assertThat(content.comparison().cosine(content)).isCloseTo(1, within(1e-6));
        assertThat(catalog.category(restored.indexOf("item3"))).isEmpty();
        assertThat(catalog.content(restored.indexOf("item3")).width()).isZero();
        for (int i = 0; i < 200; i++) {
            int item = restored.indexOf("item" + i);
            assertThat(restored.counts().logDecayedCount(FAST, item))
                    .isEqualTo(table.counts().logDecayedCount(FAST, table.indexOf("item" + i)));
        }
    }

    @Test
    void keepsContentOnlyIfToldTo() {
        ItemTable frugal =
                new ItemTable(new long[] {MINUTE}, new ItemCatalog(false, List.of()), LIMITS);
        frugal.apply(new EncodedItem("a", true, START, new float[] {1}, List.of()));

        assertThat(frugal.catalog().content(frugal.indexOf("a")).width()).isZero();
    }

    @Test
    void forgetsItemsThatWentCold() {
        count("cold", START, 1);
        count("warm", START + 700 * DAY, 1);
        List<ItemState> stored = new ArrayList<>();

        table.store(hash -> true, stored::add);

        assertThat(stored).extracting(state -> state.itemId).containsExactly("warm");
    }

    @Test
    void dropsCountsOfOtherHalfLivesAndKeepsTheItem() {
        count("a", START, 5);
        List<ItemState> stored = new ArrayList<>();
        table.store(hash -> true, stored::add);
        ItemTable other =
                new ItemTable(new long[] {MINUTE}, new ItemCatalog(true, List.of()), LIMITS);

        stored.forEach(other::restore);
        other.restore(table.now(), table.totals());

        assertThat(other.occurred(other.indexOf("a"))).isTrue();
        assertThat(other.counts().count(0, other.indexOf("a"))).isZero();
        assertThat(other.counts().total(0)).isZero();
    }

    @Test
    void refusesCountsThatDontMatchTheHalfLives() {
        assertThatThrownBy(() -> table.apply(new ItemPopularity("a", START, new float[1])))
                .hasMessageContaining("'a' has 1 counts, but 2 half-lives");
    }

    private void count(String item, long timestamp, float count) {
        table.apply(new ItemPopularity(item, timestamp, new float[] {count, count}));
    }

    private void list(String item, long timestamp, boolean available) {
        table.apply(new EncodedItem(item, available, timestamp, new float[0], List.of()));
    }
}
