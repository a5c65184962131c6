package io.freshet.training.learn;

import io.freshet.config.FreshetConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.RecommenderModel;
import io.freshet.model.StepRates;
import io.freshet.model.TrainingBatch;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Targets a second of one pass over a window: by the loop that the fine-tuner uses, by one that
 * makes each batch before its step, and by the bare steps over batches that are there already.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in fill
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FittingBenchmark {

    private static final int ITEMS = 4_000;
    private static final int SEQUENCES = 2_000;
    private static final int LENGTH = 50;
    private static final int FRESH = 20;

    private TrainingConfig config;
    private IndexedModel model;
    private SequenceBatcher batcher;
    private List<TrainingBatch> ready;

    @Setup
    public void fill() {
        FreshetConfig defaults = FreshetConfig.from(new Configuration());
        config = defaults.training();
        RecommenderModel empty =
                new TensorFlowModelRuntime()
                        .create(TrainingSettings.of(defaults, TestingSequences.NO_CONTENT).spec());
        String[] ids = new String[ITEMS];
        Arrays.setAll(ids, item -> "item-" + item);
        empty.append(ids, new float[0], 1);
        model = IndexedModel.of(empty, 0);
        Random random = new Random(1);
        List<TrainingSequence> window = new ArrayList<>();
        for (int user = 0; user < SEQUENCES; user++) {
            String[] items = new String[LENGTH];
            Arrays.setAll(items, i -> ids[random.nextInt(ITEMS)]);
            window.add(TestingSequences.sequence("user-" + user, LENGTH, 0, FRESH, items));
        }
        batcher = SequenceBatcher.of(model, window, config);
        ready = new ArrayList<>();
        SplittableRandom draws = new SplittableRandom(1);
        for (int[] group : batcher.pass(draws)) {
            ready.add(batcher.batch(group, draws));
        }
    }

    @Benchmark
    @OperationsPerInvocation(SEQUENCES * FRESH)
    public FittingLoop.Fitted fitting() {
        LearningRateSchedule schedule = LearningRateSchedule.pretraining(config, batcher.batches());
        return new FittingLoop(
                        model, batcher, schedule, config.optimizer().clipNorm(), 1, () -> false)
                .run(1, (pass, loss) -> true);
    }

    @Benchmark
    @OperationsPerInvocation(SEQUENCES * FRESH)
    public float makingBatchesBetweenSteps() {
        SplittableRandom draws = new SplittableRandom(1);
        float loss = 0;
        for (int[] group : batcher.pass(draws)) {
            loss += train(batcher.batch(group, draws));
        }
        return loss;
    }

    @Benchmark
    @OperationsPerInvocation(SEQUENCES * FRESH)
    public float bareSteps() {
        float loss = 0;
        for (TrainingBatch batch : ready) {
            loss += train(batch);
        }
        return loss;
    }

    private float train(TrainingBatch batch) {
        StepRates rates = new StepRates(1e-3f, 1e-3f, 1, config.optimizer().clipNorm(), 1);
        return model.model().train(batch, rates).loss();
    }

    @TearDown
    public void close() {
        model.close();
    }
}
