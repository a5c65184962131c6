package io.freshet.demo;

import io.freshet.OperatorIds;
import io.freshet.cluster.FlinkRest.TakenCheckpoint;
import io.freshet.config.HistoryConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the same interactions cost beside more and more users and items, whose state is there
 * already: interactions a second through all stages but training, sources and sinks, up to a
 * checkpoint that holds what came of them; what this checkpoint takes, and a full one; and how much
 * state each user and item has.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in fill
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 1, time = 1) // as long as one invocation takes
public class GrowthBenchmark {

    private static final int INTERACTIONS = 200_000;
    private static final int PARALLELISM = 2;
    private static final double SKEW = 1;

    /** Users and items. */
    @Param({"10000 x 4000", "100000 x 4000", "1000000 x 4000", "10000 x 100000", "10000 x 1000000"})
    private String size;

    private int users;
    private int items;
    private GatedJob job;
    private TakenCheckpoint full;

    /** What is counted besides. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counted {

        /** State of the history, for each user. */
        public long bytesPerUser;

        /** State of the item context, for each item. */
        public long bytesPerItem;

        /** State of the recommenders, for each item. */
        public long recommenderBytesPerItem;

        /** State of the fine-tuner, for each item. */
        public long trainerBytesPerItem;

        public long fullBytes;
        public long fullMillis;

        /** Those of the checkpoint at the end of the interactions. */
        public long incrementalBytes;

        public long incrementalMillis;

        /** What recommenders have written of it. */
        public long incrementalRecommenderBytes;

        /** CPU time of the stage's tasks for each interaction. */
        public double historyMicros;

        public double itemContextMicros;
        public double recommenderMicros;
    }

    @Setup
    public void fill() throws Exception {
        String[] sizes = size.split(" x ");
        users = Integer.parseInt(sizes[0]);
        items = Integer.parseInt(sizes[1]);
        MadeUpShop shop = new MadeUpShop(users, items, SKEW);
        Configuration options = new Configuration();
        options.set(TrainingConfig.ENABLED, false);
        options.set(HistoryConfig.SERVE, false);
        job =
                new GatedJob(
                        options,
                        PARALLELISM,
                        new TensorFlowModelRuntime(),
                        shop::item,
                        shop.interactions());
        job.emit(Gate.ITEMS, items);
        job.emit(Gate.INTERACTIONS, shop.first());
        full = job.checkpoint(true);
    }

    @Benchmark
    @OperationsPerInvocation(INTERACTIONS)
    public void interactions(Counted counted) {
        double history = micros(OperatorIds.HISTORY);
        double itemContext = micros(OperatorIds.ITEM_CONTEXT);
        double recommender = micros(OperatorIds.RECOMMENDER);
        job.emit(Gate.INTERACTIONS, INTERACTIONS);
        TakenCheckpoint changes = job.checkpoint(false);
        counted.historyMicros = micros(OperatorIds.HISTORY) - history;
        counted.itemContextMicros = micros(OperatorIds.ITEM_CONTEXT) - itemContext;
        counted.recommenderMicros = micros(OperatorIds.RECOMMENDER) - recommender;
        counted.bytesPerUser = full.of(OperatorIds.HISTORY).bytes() / users;
        counted.bytesPerItem = full.of(OperatorIds.ITEM_CONTEXT).bytes() / items;
        counted.recommenderBytesPerItem = full.of(OperatorIds.RECOMMENDER).bytes() / items;
        counted.trainerBytesPerItem = full.of(OperatorIds.FINE_TUNER).bytes() / items;
        counted.fullBytes = full.written();
        counted.fullMillis = full.millis();
        counted.incrementalBytes = changes.written();
        counted.incrementalMillis = changes.millis();
        counted.incrementalRecommenderBytes = changes.of(OperatorIds.RECOMMENDER).written();
    }

    /** CPU time so far, spread over the interactions that are measured. */
    private double micros(String operator) {
        return job.cpuNanos(operator) / 1e3 / INTERACTIONS;
    }

    @TearDown
    public void stop() throws Exception {
        job.close();
    }
}
