package io.freshet.demo;

import io.freshet.config.HistoryConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
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
 * From a user's interaction to the list that reflects it, as a client sees it that reads before the
 * sink's commit: from the sending of the one to the arrival of the other, while others'
 * interactions come at a steady rate, models are trained on them, and go live. Without debouncing,
 * which is time that a user is given to do more.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in start
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 20)
@Measurement(iterations = 2, time = 20)
@Fork(1)
public class FreshnessBenchmark {

    private static final String USER = "the one who waits";
    private static final int TICKS_PER_SECOND = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Interactions of others a second. */
    @Param({"100", "500", "1200"})
    private int rate;

    private JobUnderTest job;
    private ScheduledExecutorService others;
    private KafkaConsumer<byte[], byte[]> lists;

    @Setup
    public void start() throws Exception {
        Configuration options = new Configuration();
        options.set(HistoryConfig.DEBOUNCE, Duration.ZERO);
        job = new JobUnderTest(options);
        lists =
                new KafkaConsumer<>(
                        job.broker().client(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        lists.assign(
                lists.partitionsFor(job.broker().topics().recommendationsTopic()).stream()
                        .map(each -> new TopicPartition(each.topic(), each.partition()))
                        .toList());
        lists.seekToEnd(List.of());
        lists.assignment().forEach(lists::position);
        others = Executors.newSingleThreadScheduledExecutor();
        var unused =
                others.scheduleAtFixedRate(
                        this::tick, 0, 1_000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        for (int i = 0; i < rate / TICKS_PER_SECOND; i++) {
            job.broker().send();
        }
    }

    @Benchmark
    public void interactionToList() {
        job.broker().send(USER);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> list : lists.poll(Duration.ofMillis(10))) {
                if (new String(list.key(), StandardCharsets.UTF_8).equals(USER)) {
                    return;
                }
            }
        }
        throw new IllegalStateException("No list came within " + PATIENCE);
    }

    @TearDown
    public void stop() throws Exception {
        others.shutdownNow();
        others.awaitTermination(1, TimeUnit.MINUTES);
        lists.close();
        job.close();
    }
}
