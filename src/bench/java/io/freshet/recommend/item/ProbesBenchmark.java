package io.freshet.recommend.item;

import io.freshet.event.ItemPopularity;
import io.freshet.event.RecommendationRequest;
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
 * What a probe's candidates cost that hears of {@value #SINCE} interactions sooner than of its own,
 * while many can be undone yet.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in fill
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ProbesBenchmark {

    private static final long[] HALF_LIVES = {1_800_000, 86_400_000, 2_592_000_000L};
    private static final int ITEMS = 10_000;
    private static final int PER_SOURCE = 100;
    private static final int SINCE = 100;

    /** Interactions that can be undone. */
    @Param({"1000", "10000", "90000"})
    public int unsettled;

    private CandidateSources sources;
    private RecommendationRequest probe;
    private final Candidates candidates = new Candidates();

    @Setup
    public void fill() {
        Random random = new Random(1);
        ItemTable table =
                new ItemTable(HALF_LIVES, new ItemCatalog(false, List.of()), TestingEvents.LIMITS);
        float[] counts = new float[ITEMS];
        for (int time = 0; time < unsettled; time++) {
            int item = random.nextInt(1 + random.nextInt(ITEMS));
            float count = ++counts[item];
            table.apply(
                    new ItemPopularity("item-" + item, time, new float[] {count, count, count}));
        }
        sources = new CandidateSources(table, PER_SOURCE, true);
        sources.prepare();
        probe = TestingEvents.probe("probe", unsettled - SINCE, "item-1", "item-2");
    }

    @Benchmark
    public Candidates candidates() {
        sources.gather(probe, candidates);
        return candidates;
    }
}
