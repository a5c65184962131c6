package io.freshet.recommend.item;

import io.freshet.event.ItemPopularity;
import io.freshet.recommend.TestingEvents;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a batch's shared candidates cost: by ranks that are kept up, and by a pass over all items,
 * which they replace. And what a change costs that keeps them up.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in fill
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CandidatesBenchmark {

    private static final long[] HALF_LIVES = {1_800_000, 86_400_000, 2_592_000_000L};
    private static final int PER_SOURCE = 100;
    private static final long STEP = 10;

    @Param({"10000", "100000", "1000000"})
    public int items;

    private final Random random = new Random(1);
    private ItemTable table;
    private CandidateSources sources;
    private TopItems[] popular;
    private long now;

    @Setup
    public void fill() {
        table = new ItemTable(HALF_LIVES, new ItemCatalog(false, List.of()), TestingEvents.LIMITS);
        table.settle(Long.MAX_VALUE);
        for (int item = 0; item < items; item++) {
            count(item);
        }
        sources = new CandidateSources(table, PER_SOURCE, true);
        popular = new TopItems[HALF_LIVES.length];
        for (int h = 0; h < popular.length; h++) {
            popular[h] = new TopItems(PER_SOURCE);
        }
    }

    @Benchmark
    public void byRanks() {
        sources.prepare();
    }

    @Benchmark
    public TopItems[] byAPassOverAll() {
        for (int h = 0; h < popular.length; h++) {
            popular[h].clear();
            for (int item = 0; item < table.size(); item++) {
                if (table.available(item) && table.occurred(item)) {
                    popular[h].offer(
                            item, table.counts().logDecayedCount(h, item), table.hash(item));
                }
            }
        }
        return popular;
    }

    @Benchmark
    public void change() {
        count(random.nextInt(items));
    }

    private void count(int item) {
        now += STEP;
        float count = 1 + random.nextInt(1000);
        table.apply(new ItemPopularity("item-" + item, now, new float[] {1, count / 10, count}));
    }
}
