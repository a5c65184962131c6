package io.freshet.recommend.operator;

import io.freshet.config.FreshetConfig;
import io.freshet.config.RecommendConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.FollowerCounts;
import io.freshet.event.ItemPopularity;
import io.freshet.event.ItemSignal;
import io.freshet.event.ModelRevision;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.model.ContentLayout;
import io.freshet.model.RecommenderModel;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.recommend.TestingEvents;
import io.freshet.recommend.TestingRecommendConfig;
import io.freshet.recommend.model.Target;
import io.freshet.sink.ListJson;
import io.freshet.training.TrainingSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Lists a second of two recommenders, each on a thread of its own, as two slots of two cores have
 * them: candidates, the model's scores, features, fusion, selection, reasons and JSON, in full
 * batches.
 */
@State(Scope.Thread)
@Threads(2)
@SuppressWarnings("NullAway.Init") // made in fill
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx6g") // for two recommenders of a million items
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ListsBenchmark {

    private static final long[] HALF_LIVES = {1_800_000, 86_400_000, 2_592_000_000L};
    private static final int BATCH = 64;
    private static final int HISTORY = 20;
    private static final int FOLLOWERS = 100;
    private static final int AT_ONCE = 100_000;
    private static final long STEP = 10;

    @Param({"4000", "100000", "1000000"})
    public int items;

    /** Numbers of an item's content vector. */
    @Param({"0", "384"})
    public int content;

    /** Whether there is a live model, of the default architecture. */
    @Param({"false", "true"})
    public boolean model;

    private final Random random = new Random(1);
    private Recommender recommender;
    private List<RecommendationRequest> requests;
    private long now;

    @Setup
    public void fill() {
        RecommendConfig config = TestingRecommendConfig.of();
        recommender =
                new Recommender(
                        HALF_LIVES,
                        List.of(),
                        TestingEvents.LIMITS,
                        config,
                        () -> now,
                        found -> {});
        recommender.table().settle(Long.MAX_VALUE);
        for (int item = 0; item < items; item++) {
            now += STEP;
            float count = 1 + random.nextInt(1000);
            float[] counts = {1, count / 10, count};
            update(RecommenderUpdate.of(new ItemPopularity(id(item), now, counts)));
            update(
                    RecommenderUpdate.of(
                            new EncodedItem(id(item), true, now, vector(), List.of("any"))));
        }
        if (model) {
            recommender.swap(Target.of(ModelRevision.ofVersion(1, ""), -1, 0), scoring());
        }
        requests = new ArrayList<>();
        for (int user = 0; user < BATCH; user++) {
            requests.add(request(user));
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void lists(Blackhole lists) {
        requests.forEach(request -> recommender.add(QueuedInput.of(request)));
        recommender.flush(list -> lists.consume(ListJson.of(list)));
    }

    private RecommenderModel scoring() {
        FreshetConfig defaults = FreshetConfig.from(new Configuration());
        ContentLayout layout = new ContentLayout("benchmark", content, new TreeMap<>());
        RecommenderModel scoring =
                new TensorFlowModelRuntime().create(TrainingSettings.of(defaults, layout).spec());
        String[] ids = new String[items];
        Arrays.setAll(ids, ListsBenchmark::id);
        float[] features = new float[Math.min(items, AT_ONCE) * content];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        for (int from = 0; from < items; from += AT_ONCE) {
            int to = Math.min(items, from + AT_ONCE);
            scoring.append(Arrays.copyOfRange(ids, from, to), features, 1);
        }
        scoring.serveOnly();
        return scoring;
    }

    @TearDown
    public void close() {
        recommender.drop();
    }

    private void update(RecommenderUpdate update) {
        recommender.add(QueuedInput.of(update));
    }

    private RecommendationRequest request(int user) {
        String[] history = new String[HISTORY];
        Arrays.setAll(history, i -> anyItem());
        long[] timestamps = new long[HISTORY];
        Arrays.setAll(timestamps, i -> now - STEP * (HISTORY - i));
        FollowerCounts[] followers = new FollowerCounts[ItemSignal.HOPS];
        Arrays.setAll(followers, hop -> followers());
        return new RecommendationRequest(
                "request-" + user,
                "user-" + user,
                now,
                history,
                timestamps,
                new long[0],
                "",
                0,
                now,
                followers[0].items(),
                followers[0].counts(),
                followers[0].total(),
                false,
                new String[0],
                new long[0],
                Arrays.copyOfRange(followers, 1, followers.length),
                now,
                new String[0],
                new long[0],
                new int[0][],
                null);
    }

    private FollowerCounts followers() {
        String[] ids = new String[FOLLOWERS];
        Arrays.setAll(ids, i -> anyItem());
        float[] counts = new float[FOLLOWERS];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = 1 + random.nextInt(9);
        }
        return new FollowerCounts(ids, counts, 10 * FOLLOWERS);
    }

    private float[] vector() {
        float[] vector = new float[content];
        for (int i = 0; i < content; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private String anyItem() {
        return id(random.nextInt(items));
    }

    private static String id(int item) {
        return "item-" + item;
    }
}
