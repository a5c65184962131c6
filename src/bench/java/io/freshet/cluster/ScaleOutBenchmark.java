package io.freshet.cluster;

import io.freshet.demo.MadeUpShop;
import io.freshet.demo.RecordWriter;
import io.freshet.demo.shop.ShopRecord;
import io.freshet.event.Interaction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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
 * Interactions a second from Kafka through all stages but training to committed records, in task
 * managers that are processes of their own. All interactions are in Kafka before the job starts.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in start
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 2, time = 1) // as long as one invocation takes
public class ScaleOutBenchmark {

    private static final int INTERACTIONS = 100_000;
    private static final int INVOCATIONS = 3;
    private static final String GROUP = "freshet";

    /** Parallelism of the job, and how many task managers share its slots. */
    @Param({"1 in 1", "2 in 1", "2 in 2"})
    private String slots;

    private Broker broker;
    private Topics topics;
    private FlinkCluster cluster;
    private Admin admin;
    private long wanted;

    @Setup
    public void start() throws Exception {
        int parallelism = Integer.parseInt(slots.split(" in ")[0]);
        int taskManagers = Integer.parseInt(slots.split(" in ")[1]);
        Path directory = RunDirectory.create("scale-out");
        broker = new Broker(directory);
        topics = new Topics(broker.bootstrapServers());
        JobArguments arguments =
                new JobArguments(
                                broker.bootstrapServers(),
                                directory.resolve("models"),
                                Duration.ofSeconds(1),
                                1_000)
                        .with("history.debounce", "1 s")
                        .with("training.enabled", "false");
        send(new RecordWriter(arguments.topics()));
        cluster = cluster(directory, parallelism, taskManagers);
        String job =
                cluster.submit(
                        List.of("--parallelism", String.valueOf(parallelism)), arguments.list());
        cluster.awaitRunning(job);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private void send(RecordWriter writer) throws Exception {
        MadeUpShop shop = new MadeUpShop(20_000, 4_000, 1);
        var interactions = shop.rest();
        interactions.open(null);
        for (long i = 0; i < INTERACTIONS * INVOCATIONS; i++) {
            Interaction next = interactions.map(i);
            topics.send(writer.write(new ShopRecord.Action(next.timestamp(), next, false)));
        }
        topics.flush();
    }

    /** Its processes compile as a deployment's do, and not as tests' that start quickly. */
    private static FlinkCluster cluster(Path directory, int parallelism, int taskManagers)
            throws IOException {
        String options =
                GlobalConfiguration.loadConfiguration(BuiltJars.flinkConf().toString())
                        .get(CoreOptions.FLINK_JVM_OPTIONS);
        return new FlinkCluster(
                directory,
                taskManagers,
                false,
                Map.of(
                        CoreOptions.FLINK_JVM_OPTIONS.key(),
                        options + " -XX:TieredStopAtLevel=4",
                        "taskmanager.numberOfTaskSlots",
                        String.valueOf(parallelism / taskManagers)));
    }

    @Benchmark
    @OperationsPerInvocation(INTERACTIONS)
    public void interactions() {
        wanted += INTERACTIONS;
        Await.until(
                wanted + " committed interactions",
                () -> {
                    cluster.requireAlive();
                    return committed() >= wanted;
                },
                () -> "less");
    }

    private long committed() throws Exception {
        return admin
                .listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()
                .stream()
                .filter(each -> each.getKey().topic().equals("interactions"))
                .mapToLong(each -> offset(each.getValue()))
                .sum();
    }

    private static long offset(OffsetAndMetadata committed) {
        return committed == null ? 0 : committed.offset();
    }

    @TearDown
    public void stop() {
        admin.close();
        cluster.close();
        topics.close();
        broker.close();
    }
}
