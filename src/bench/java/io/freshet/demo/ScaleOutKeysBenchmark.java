package io.freshet.demo;

import io.freshet.OperatorIds;
import io.freshet.config.TrainingConfig;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * How hot items and hot users spread over subtasks, beside those that are all alike: how many times
 * the mean of a stage's subtasks the busiest one reads, in records; and what a record costs a
 * stage, in CPU time of its threads. All stages but training, sources and sinks.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in start
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 1, time = 1) // as long as one invocation takes
public class ScaleOutKeysBenchmark {

    private static final int INTERACTIONS = 150_000;
    private static final int USERS = 20_000;
    private static final int ITEMS = 4_000;

    /** Flink's counts of records are as old as that at most. */
    private static final long COUNTS_MILLIS = 3_000;

    /** Exponent of the Zipf distributions of users and items; 0 for all alike. */
    @Param({"0", "1.2"})
    private double skew;

    @Param({"2", "8"})
    private int parallelism;

    private GatedJob job;
    private Stage history;
    private Stage itemContext;
    private Stage assembly;
    private Stage recommender;

    /** What is counted besides, by stage. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counted {

        public double historyBusiest;
        public double itemContextBusiest;
        public double recommenderBusiest;

        public double historyRecords;
        public double itemContextRecords;
        public double recommenderRecords;

        public double historyMicros;
        public double itemContextMicros;
        public double assemblyMicros;
        public double recommenderMicros;
    }

    @Setup
    public void start() throws Exception {
        MadeUpShop shop = new MadeUpShop(USERS, ITEMS, skew);
        Configuration options = new Configuration();
        options.set(TrainingConfig.ENABLED, false);
        job =
                new GatedJob(
                        options,
                        parallelism,
                        new TensorFlowModelRuntime(),
                        shop::item,
                        shop.interactions());
        job.emit(Gate.ITEMS, ITEMS);
        job.emit(Gate.INTERACTIONS, shop.first());
        var unused = job.checkpoint(false);
    }

    @Benchmark
    @OperationsPerInvocation(INTERACTIONS)
    public void interactions() {
        job.emit(Gate.INTERACTIONS, INTERACTIONS);
        var unused = job.checkpoint(false);
    }

    @Setup(Level.Iteration)
    public void begin() throws InterruptedException {
        Thread.sleep(COUNTS_MILLIS);
        history = new Stage(OperatorIds.HISTORY);
        itemContext = new Stage(OperatorIds.ITEM_CONTEXT);
        assembly = new Stage(OperatorIds.REQUEST_ASSEMBLY);
        recommender = new Stage(OperatorIds.RECOMMENDER);
    }

    @TearDown(Level.Iteration)
    public void count(Counted counted) throws InterruptedException {
        history.end();
        itemContext.end();
        assembly.end();
        recommender.end();
        Thread.sleep(COUNTS_MILLIS);
        counted.historyBusiest = history.busiest();
        counted.itemContextBusiest = itemContext.busiest();
        counted.recommenderBusiest = recommender.busiest();
        counted.historyRecords = history.recordsPerInteraction();
        counted.itemContextRecords = itemContext.recordsPerInteraction();
        counted.recommenderRecords = recommender.recordsPerInteraction();
        counted.historyMicros = history.microsPerRecord();
        counted.itemContextMicros = itemContext.microsPerRecord();
        counted.assemblyMicros = assembly.microsPerRecord();
        counted.recommenderMicros = recommender.microsPerRecord();
    }

    /** What a stage has done since the invocation began. */
    private final class Stage {

        private final String operator;
        private final long[] before;
        private long nanos;

        Stage(String operator) {
            this.operator = operator;
            before = job.recordsRead(operator);
            nanos = -job.cpuNanos(operator);
        }

        void end() {
            nanos += job.cpuNanos(operator);
        }

        double busiest() {
            return (double) Arrays.stream(records()).max().orElseThrow()
                    * parallelism
                    / Arrays.stream(records()).sum();
        }

        double recordsPerInteraction() {
            return (double) Arrays.stream(records()).sum() / INTERACTIONS;
        }

        double microsPerRecord() {
            return nanos / 1e3 / Arrays.stream(records()).sum();
        }

        private long[] records() {
            long[] records = job.recordsRead(operator);
            Arrays.setAll(records, subtask -> records[subtask] - before[subtask]);
            return records;
        }
    }

    @TearDown
    public void stop() throws Exception {
        job.close();
    }
}
