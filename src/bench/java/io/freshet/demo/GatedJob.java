package io.freshet.demo;

import io.freshet.JobTopology;
import io.freshet.cluster.Await;
import io.freshet.cluster.FlinkRest;
import io.freshet.cluster.FlinkRest.TakenCheckpoint;
import io.freshet.config.EncoderConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.StoreConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.model.ModelRuntime;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.SerializableTimestampAssigner;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The stages from interactions to lists on an embedded cluster, without Kafka: items and
 * interactions are generated, as many as are asked for, and what comes of them is dropped.
 * Checkpoints are taken when they are asked for.
 */
final class GatedJob implements AutoCloseable {

    private final TemporaryDirectory directory;
    private final DemoCluster cluster;
    private final FlinkRest rest;
    private final String job;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    /**
     * Starts it.
     *
     * @param given options besides what it needs to run here
     * @param models of its trainer and its recommenders
     * @param items by their running number
     * @param interactions by their running number; their event time ascends
     */
    GatedJob(
            Configuration given,
            int parallelism,
            ModelRuntime models,
            GeneratorFunction<Long, CatalogItem> items,
            GeneratorFunction<Long, Interaction> interactions)
            throws Exception {
        directory = TemporaryDirectory.create("benchmark");
        Configuration options = new Configuration(given);
        options.set(StoreConfig.PATH, directory.path().resolve("models").toUri().toString());
        options.set(EncoderConfig.ENABLED, false);
        cluster = new DemoCluster(directory.path(), parallelism, 0);
        rest = new FlinkRest(cluster.start().getPort());
        job =
                cluster.submit(
                                (env, all) ->
                                        build(
                                                env,
                                                models,
                                                FreshetConfig.from(all),
                                                items,
                                                interactions),
                                options,
                                end)
                        .toString();
    }

    private static void build(
            StreamExecutionEnvironment env,
            ModelRuntime models,
            FreshetConfig config,
            GeneratorFunction<Long, CatalogItem> items,
            GeneratorFunction<Long, Interaction> interactions) {
        env.getCheckpointConfig().setCheckpointInterval(Duration.ofDays(1).toMillis());
        JobTopology.Outputs outputs =
                JobTopology.build(
                        config,
                        models,
                        new JobTopology.Inputs(
                                source(
                                        env,
                                        Gate.INTERACTIONS,
                                        interactions,
                                        Interaction.class,
                                        (each, unused) -> each.timestamp()),
                                source(
                                        env,
                                        Gate.ITEMS,
                                        items,
                                        CatalogItem.class,
                                        (each, unused) -> each.timestamp()),
                                env.fromData(
                                        TypeInformation.of(Control.class),
                                        Control.forget("control", "nobody", 0))));
        outputs.lists().sinkTo(new DiscardingSink<>());
        outputs.probes().sinkTo(new DiscardingSink<>());
        outputs.checkpoints().sinkTo(new DiscardingSink<>());
        outputs.evaluations().sinkTo(new DiscardingSink<>());
        outputs.audit().sinkTo(new DiscardingSink<>());
    }

    private static <T> DataStream<T> source(
            StreamExecutionEnvironment env,
            Gate gate,
            GeneratorFunction<Long, T> generator,
            Class<T> type,
            SerializableTimestampAssigner<T> timestamp) {
        return env.fromSource(
                        new DataGeneratorSource<>(
                                generator, Long.MAX_VALUE, gate, TypeInformation.of(type)),
                        WatermarkStrategy.<T>forMonotonousTimestamps()
                                .withTimestampAssigner(timestamp),
                        gate.name())
                .setParallelism(1);
    }

    /** Lets so many more through, and waits until their source has emitted them. */
    void emit(Gate gate, long count) {
        gate.open(count);
        Await.until(
                count + " " + gate,
                () -> {
                    if (end.isDone()) {
                        end.get();
                    }
                    return gate.isClosed();
                },
                () -> "less");
    }

    /**
     * Takes a checkpoint, behind all that was emitted.
     *
     * @param full whether all state is written anew, not only what has changed
     */
    TakenCheckpoint checkpoint(boolean full) {
        return rest.checkpoint(job, full);
    }

    /** Records that each subtask with an operator has read so far. */
    long[] recordsRead(String operator) {
        return rest.recordsRead(job, operator);
    }

    /** CPU time of the threads of all subtasks with an operator, nanoseconds. */
    long cpuNanos(String operator) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith(operator))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                .sum();
    }

    @Override
    public void close() throws Exception {
        cluster.close();
        directory.close();
    }
}
