package io.freshet.training.learn;

import io.freshet.config.FreshetConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelRevision;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ContentLayout;
import io.freshet.model.RecommenderModel;
import io.freshet.model.ScoringBatch;
import io.freshet.model.ScoringResult;
import io.freshet.model.WeightChanges;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.recommend.item.ItemCatalog;
import io.freshet.recommend.item.ItemLimits;
import io.freshet.recommend.item.ItemTable;
import io.freshet.recommend.model.LiveModel;
import io.freshet.recommend.model.Target;
import io.freshet.training.TestingSequences;
import io.freshet.training.Trainer.FitJob;
import io.freshet.training.TrainingSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * What the same work costs in catalogs of different sizes, whose items have content: a window's new
 * items in the fine-tuner and in a recommender that follows it; what the recommender's loader
 * computes for an update without any; and, on the task's thread, the update itself with the first
 * list after it.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in fill
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx6g") // for what makes a million items
@Warmup(iterations = 1, time = 10)
@Measurement(iterations = 2, time = 15)
public class CatalogBenchmark {

    private static final int CONTENT = 384;
    private static final int AT_ONCE = 100_000;
    private static final int NEW_ITEMS = 20;
    private static final int SEQUENCES = 20;
    private static final int LENGTH = 20;
    private static final long LISTED = 1;

    @Param({"10000", "100000", "1000000"})
    private int items;

    private final Random random = new Random(1);
    private TrainingConfig config;
    private IndexedModel trainer;
    private LiveModel live;
    private RecommenderModel follower;
    private WeightChanges update;
    private int named;
    private long window;

    @Setup
    public void fill() {
        FreshetConfig defaults = FreshetConfig.from(new Configuration());
        config = defaults.training();
        trainer = IndexedModel.of(model(defaults), 0);
        follower = model(defaults);
        follower.serveOnly();
        live =
                new LiveModel(
                        target(),
                        follower,
                        new ItemTable(
                                new long[] {1},
                                new ItemCatalog(false, List.of()),
                                new ItemLimits(Integer.MAX_VALUE, 1, 1)));
        named = items;
        update = steps();
    }

    private RecommenderModel model(FreshetConfig defaults) {
        ContentLayout layout = new ContentLayout("benchmark", CONTENT, new TreeMap<>());
        RecommenderModel model =
                new TensorFlowModelRuntime().create(TrainingSettings.of(defaults, layout).spec());
        float[] features = new float[Math.min(items, AT_ONCE) * CONTENT];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        for (int first = 0; first < items; first += AT_ONCE) {
            String[] ids = new String[Math.min(items - first, AT_ONCE)];
            int from = first;
            Arrays.setAll(ids, i -> id(from + i));
            model.append(ids, features, 1);
        }
        return model;
    }

    /** What a few steps change. */
    private WeightChanges steps() {
        List<TrainingSequence> sequences = new ArrayList<>();
        for (int user = 0; user < SEQUENCES; user++) {
            String[] history = new String[LENGTH];
            Arrays.setAll(history, i -> id(random.nextInt(items)));
            sequences.add(TestingSequences.sequence("user-" + user, LENGTH, 0, 1, history));
        }
        trainer.model().exportChanges();
        SequenceBatcher batcher = SequenceBatcher.of(trainer, sequences, config);
        var unused =
                new FittingLoop(
                                trainer,
                                batcher,
                                LearningRateSchedule.pretraining(config, batcher.batches()),
                                config.optimizer().clipNorm(),
                                1,
                                () -> false)
                        .run(1, (pass, loss) -> true);
        return trainer.model().exportChanges();
    }

    /** A window's new items: rows in the fine-tuner, and then in the recommender. */
    @Benchmark
    public void newItems() {
        List<EncodedItem> added = new ArrayList<>();
        for (int i = 0; i < NEW_ITEMS; i++) {
            float[] vector = new float[CONTENT];
            vector[i] = 1;
            added.add(new EncodedItem(id(named++), true, LISTED, vector, List.of()));
        }
        window++;
        var unused =
                trainer.prepare(
                        new FitJob(
                                window, window, List.of(), List.of(), added, List.of(), Map.of(),
                                List.of(), 1),
                        config.vocabulary(),
                        window);
        live.follow(target(), trainer.model().exportChanges());
    }

    /** Has the loader's work done before each call. */
    @State(Scope.Benchmark)
    public static class Prepared {

        @Setup(Level.Invocation)
        public void prepare(CatalogBenchmark catalog) {
            catalog.prepare();
        }
    }

    /** What an update makes of all items, on the thread of the recommender's loader. */
    @Benchmark
    public void prepare() {
        follower.prepareImport(update);
    }

    /** An update and the first list by it, on the task's thread. */
    @Benchmark
    public ScoringResult updateAndList(Prepared prepared) {
        live.follow(target(), update);
        int[] history = random.ints(LENGTH, 1, items).toArray();
        return follower.score(new ScoringBatch(1, LENGTH, history, 1, new int[] {1}, 100));
    }

    @TearDown
    public void close() {
        trainer.close();
        live.close();
    }

    private static Target target() {
        return Target.of(ModelRevision.ofVersion(1, ""), -1, 0);
    }

    private static String id(int item) {
        return "item-" + item;
    }
}
