package io.freshet.recommend.item;

import static io.freshet.recommend.TestingEvents.LIMITS;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.EncodedItem;
import io.freshet.event.ItemPopularity;
import io.freshet.event.RecommendationRequest;
import io.freshet.recommend.ItemState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    private static final long[] HALF_LIVES = {60_000, 3_600_000};
    private static final int SLOW = 1;
    private static final int ITEMS = 40;
    private static final int PER_SOURCE = 5;

    private final ItemTable table =
            new ItemTable(HALF_LIVES, new ItemCatalog(false, List.of()), LIMITS);
    private final Statistics statistics = new Statistics(table);

    @Test
    void aProbeSeesNothingOfItsMomentOrLater() {
        count(table, "a", 100, 1);
        count(table, "a", 130, 2);
        count(table, "new", 130, 1);
        count(table, "a", 150, 3);
        int a = table.indexOf("a");
        int young = table.indexOf("new");

        statistics.asOf(probe("p", 130, "a", "x"));
        assertThat(statistics.count(SLOW, a)).isCloseTo(1, within(1e-3));
        assertThat(statistics.total(SLOW)).isCloseTo(1, within(1e-3));
        assertThat(statistics.lastAt(a)).isEqualTo(100);
        assertThat(statistics.occurred(young)).isFalse();
        assertThat(statistics.occurred()).isEqualTo(1);
        assertThat(statistics.now()).isEqualTo(130);

        statistics.asOf(probe("later", 131, "a", "x"));
        assertThat(statistics.count(SLOW, a)).isCloseTo(2, within(1e-3));
        assertThat(statistics.occurred(young)).isTrue();

        statistics.asOf(request("list", 130, "x"));
        assertThat(statistics.count(SLOW, a)).isCloseTo(3, within(1e-3));
        assertThat(statistics.now()).isEqualTo(150);
    }

    /** The table with later counts against one that has none from the probe's time on. */
    @Test
    void aProbeSeesWhatATableWouldThatStoppedBeforeIt() {
        List<ItemPopularity> changes = changes(new Random(3), 400);
        announce(table);
        changes.forEach(table::apply);
        CandidateSources sources = new CandidateSources(table, PER_SOURCE, true);
        sources.prepare();
        for (long time = 10_000; time <= 400_000; time += 9_000) {
            RecommendationRequest probe = probe("p", time, "i0");
            ItemTable stopped =
                    new ItemTable(HALF_LIVES, new ItemCatalog(false, List.of()), LIMITS);
            announce(stopped);
            for (ItemPopularity change : changes) {
                if (change.timestamp() < time) {
                    stopped.apply(change);
                }
            }
            stopped.advance(time);
            statistics.asOf(probe);

            assertThat(statistics.occurred()).isEqualTo(stopped.counts().occurred());
            for (int h = 0; h < HALF_LIVES.length; h++) {
                assertThat(statistics.total(h)).isCloseTo(stopped.counts().total(h), within(1e-6));
                for (int i = 0; i < ITEMS; i++) {
                    int item = table.add("i" + i);
                    assertThat(statistics.count(h, item))
                            .isCloseTo(
                                    stopped.counts().count(h, stopped.add("i" + i)), within(1e-6));
                }
            }
            assertThat(candidates(table, sources, probe))
                    .isEqualTo(candidates(stopped, prepared(stopped), probe));
        }
    }

    /** Two and more times as many as a list gets rose above those that were the best before. */
    @Test
    void aProbeGetsTheBestOfThePastHoweverManyRoseSince() {
        for (int i = 0; i < 4 * PER_SOURCE; i++) {
            count(table, "rising" + i, 100, 1);
            count(table, "steady" + i, 100, 10 + i);
        }
        for (int i = 0; i < 4 * PER_SOURCE; i++) {
            count(table, "rising" + i, 200, 100 + i);
        }
        CandidateSources sources = new CandidateSources(table, PER_SOURCE, true);
        sources.prepare();

        assertThat(candidates(table, sources, probe("p", 150, "steady1")))
                .containsExactly("steady19", "steady18", "steady17", "steady16", "steady15");
        assertThat(candidates(table, sources, request("r", 250)))
                .containsExactly("rising19", "rising18", "rising17", "rising16", "rising15");
    }

    @Test
    void ofAllThatIsNotSettledAProbeUndoesWhatCameSince() {
        for (int i = 0; i < 10_000; i++) {
            count(table, "i" + i % 500, i, i);
        }
        List<Integer> undone = new ArrayList<>();

        table.counts().changes().forEachFirstFrom(9_400, change -> undone.add(change.item()));
        statistics.asOf(probe("p", 9_998, "i0"));

        assertThat(undone).hasSize(500).doesNotHaveDuplicates();
        assertThat(statistics.undoneItems().count()).isEqualTo(2);
    }

    @Test
    void whatIsSettledIsNotKeptAndAProbeFromBeforeItHasNoAnswer() {
        for (int i = 0; i < 100; i++) {
            count(table, "i" + i % 10, 10 * i, i);
        }
        assertThat(table.reachesBackTo(0)).isTrue();
        assertThat(table.counts().changes().size()).isEqualTo(100);

        table.settle(985);
        count(table, "late", 984, 1);

        assertThat(table.counts().changes().size()).isEqualTo(1);
        assertThat(table.reachesBackTo(984)).isFalse();
        assertThat(table.reachesBackTo(985)).isTrue();
        table.settle(Long.MAX_VALUE);
        assertThat(table.counts().changes().size()).isZero();
    }

    @Test
    void changesAreCapped() {
        for (int i = 0; i < RecentChanges.MOST + 5; i++) {
            count(table, "a", i, i);
        }

        assertThat(table.reachesBackTo(4)).isFalse();
        assertThat(table.reachesBackTo(5)).isTrue();
    }

    @Test
    void afterARestoreProbesFromBeforeTheStateHaveNoAnswer() {
        count(table, "a", 100, 1);
        List<ItemState> stored = new ArrayList<>();
        table.store(hash -> true, stored::add);

        ItemTable restored = new ItemTable(HALF_LIVES, new ItemCatalog(false, List.of()), LIMITS);
        stored.forEach(restored::restore);

        assertThat(restored.reachesBackTo(100)).isFalse();
        assertThat(restored.reachesBackTo(101)).isTrue();
    }

    private static List<ItemPopularity> changes(Random random, int count) {
        float[] counts = new float[ITEMS];
        List<ItemPopularity> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int item = random.nextInt(1 + random.nextInt(ITEMS));
            counts[item]++;
            changes.add(
                    new ItemPopularity(
                            "i" + item, i * 1000L, new float[] {counts[item] / 2, counts[item]}));
        }
        return changes;
    }

    private static void announce(ItemTable table) {
        for (int i = 0; i < ITEMS; i += 2) {
            table.apply(new EncodedItem("i" + i, true, i % 7, new float[0], List.of()));
        }
    }

    private static CandidateSources prepared(ItemTable table) {
        CandidateSources sources = new CandidateSources(table, PER_SOURCE, true);
        sources.prepare();
        return sources;
    }

    private static List<String> candidates(
            ItemTable table, CandidateSources sources, RecommendationRequest request) {
        Candidates candidates = new Candidates();
        sources.gather(request, candidates);
        List<String> ids = new ArrayList<>();
        for (int position = 0; position < candidates.size(); position++) {
            ids.add(table.id(candidates.item(position)));
        }
        return ids;
    }

    private static void count(ItemTable table, String item, long timestamp, float count) {
        table.apply(new ItemPopularity(item, timestamp, new float[] {count, count}));
    }
}
