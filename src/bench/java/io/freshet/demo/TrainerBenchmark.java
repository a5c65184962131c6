package io.freshet.demo;

import io.freshet.config.FreshetConfig;
import io.freshet.demo.WatchedModels.Call;
import io.freshet.demo.WatchedModels.Step;
import io.freshet.model.ContentLayout;
import io.freshet.model.RecommenderModel;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.training.TrainingSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Training inside the running job, while interactions flow and lists are made of them: targets a
 * second of the fine-tuner's steps, and of the same steps in a bare loop over the same batches when
 * the job rests, in turns; and how long an update takes from the end of its training until it is
 * live in every recommender.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in start
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 0) // the first turn is not counted
@Measurement(iterations = 1)
public class TrainerBenchmark {

    private static final int ITEMS = 4_000;
    private static final int TURNS = 4;
    private static final long TURN_MILLIS = 15_000;
    private static final long TICK_MILLIS = 10;
    private static final long CHECKPOINT_MILLIS = 2_000;
    private static final long REST_MILLIS = 3_000;

    /** Interactions a second. */
    @Param({"100", "500"})
    private int rate;

    private GatedJob job;
    private RecommenderModel bare;
    private ScheduledExecutorService stream;
    private ScheduledExecutorService checkpoints;
    private volatile boolean flows;

    /** What is found. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Found {

        /** By the fine-tuner's steps, and what lies between two of them. */
        public double jobTargetsPerSecond;

        public double bareTargetsPerSecond;

        /** From the end of an update's training until the last recommender has it. */
        public double medianMillisToLive;

        public double mostMillisToLive;
        public long updates;
    }

    @Setup
    public void start() throws Exception {
        MadeUpShop shop = new MadeUpShop(20_000, ITEMS, 1);
        Configuration options = new Configuration();
        job = new GatedJob(options, Demo.PARALLELISM, new WatchedModels(), shop::item, shop.rest());
        job.emit(Gate.ITEMS, ITEMS);
        FreshetConfig defaults = FreshetConfig.from(options);
        ContentLayout none = new ContentLayout("none", 0, new TreeMap<>());
        bare = new TensorFlowModelRuntime().create(TrainingSettings.of(defaults, none).spec());
        String[] ids = new String[ITEMS];
        Arrays.setAll(ids, item -> "item-" + item);
        bare.append(ids, new float[0], 1);
        stream = Executors.newSingleThreadScheduledExecutor();
        checkpoints = Executors.newSingleThreadScheduledExecutor();
        repeat(stream, this::tick, TICK_MILLIS);
        repeat(checkpoints, () -> job.checkpoint(false), CHECKPOINT_MILLIS);
    }

    private static void repeat(ScheduledExecutorService executor, Runnable what, long millis) {
        var unused = executor.scheduleAtFixedRate(what, 0, millis, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (flows) {
            Gate.INTERACTIONS.open(rate * TICK_MILLIS / 1_000);
        }
    }

    @Benchmark
    public void training(Found found) throws InterruptedException {
        List<Call> calls = new ArrayList<>();
        Speed inJob = new Speed();
        Speed alone = new Speed();
        for (int turn = 0; turn < TURNS; turn++) {
            flows = true;
            Thread.sleep(TURN_MILLIS);
            List<Call> whileItFlowed = WatchedModels.takeCalls();
            List<Step> steps = WatchedModels.takeSteps();
            flows = false;
            Thread.sleep(REST_MILLIS);
            calls.addAll(whileItFlowed);
            calls.addAll(WatchedModels.takeCalls());
            addSteps(whileItFlowed, turn == 0 ? new Speed() : inJob);
            trainAlone(steps, turn == 0 ? new Speed() : alone);
        }
        found.jobTargetsPerSecond = inJob.perSecond();
        found.bareTargetsPerSecond = alone.perSecond();
        double[] delays = millisToLive(calls);
        found.updates = delays.length;
        found.medianMillisToLive = delays[delays.length / 2];
        found.mostMillisToLive = delays[delays.length - 1];
    }

    /** Steps that follow each other, with what lies between them. */
    private static void addSteps(List<Call> calls, Speed speed) {
        Call before = null;
        for (Call call : calls) {
            if (before != null && call.model() != before.model() && !call.is("train")) {
                continue; // a recommender's
            }
            if (call.is("train")) {
                long from = before == null || !before.is("train") ? call.begin() : before.end();
                speed.add(call.subject(), call.end() - from);
            }
            before = call;
        }
    }

    private void trainAlone(List<Step> steps, Speed speed) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS) / 2;
        while (!steps.isEmpty() && System.nanoTime() < until) {
            for (Step step : steps) {
                long begin = System.nanoTime();
                var unused = bare.train(step.batch(), step.rates());
                speed.add(step.batch().positions().length, System.nanoTime() - begin);
            }
        }
    }

    /** For each update that went live everywhere, ascending. */
    private static double[] millisToLive(List<Call> calls) {
        List<Call> exports = calls.stream().filter(call -> call.is("exportChanges")).toList();
        return exports.stream()
                .mapToDouble(export -> millisToLive(export, calls))
                .filter(millis -> !Double.isNaN(millis))
                .sorted()
                .toArray();
    }

    /**
     * Until the last recommender's first import of it; who loads a version later imports what
     * follows it once more. NaN if not all imported it, as when they load a version that has it.
     */
    private static double millisToLive(Call export, List<Call> calls) {
        long[] ends =
                calls.stream()
                        .filter(call -> call.is("importChanges"))
                        .filter(call -> call.subject() == export.subject())
                        .mapToLong(Call::end)
                        .sorted()
                        .toArray();
        return ends.length < Demo.PARALLELISM
                ? Double.NaN
                : (ends[Demo.PARALLELISM - 1] - export.begin()) / 1e6;
    }

    /** Targets and the time that they took. */
    private static final class Speed {

        private long targets;
        private long nanos;

        void add(int more, long took) {
            targets += more;
            nanos += took;
        }

        double perSecond() {
            return targets * 1e9 / nanos;
        }
    }

    @TearDown
    public void stop() throws Exception {
        stream.shutdownNow();
        checkpoints.shutdownNow();
        bare.close();
        job.close();
    }
}
