package io.freshet.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.freshet.config.HistoryConfig;
import io.freshet.config.TrainingConfig;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Interactions a second from Kafka to committed lists, of the job and of a loop in Python ({@code
 * src/bench/python/kafka_loop.py}) that trains the same network on the same windows once, with the
 * same batches and negatives. The loop makes a list for each user of a window; the job one for each
 * that was active in a second; the number of each is printed. What the loop lacks the job does
 * besides: items' statistics and followers, the fusion, the check of each update, checkpoints of
 * all state every two seconds.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in start
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(1)
public class KafkaLoopBenchmark {

    private static final int WINDOW = 20_000;
    private static final int INTERACTIONS = 5 * WINDOW;

    /** Which one; PyTorch with one thread and with two, of which the better one counts. */
    @Param({"freshet", "python 1", "python 2"})
    private String loop;

    private Side side;
    private long sent;

    @Setup
    public void start() throws Exception {
        side =
                loop.equals("freshet")
                        ? new Freshet()
                        : new Python(loop.substring("python ".length()));
    }

    @Benchmark
    @OperationsPerInvocation(INTERACTIONS)
    public void interactions() throws Exception {
        side.broker().sendAndAwait(INTERACTIONS, side::hasCommittedAll);
        sent += INTERACTIONS;
    }

    @TearDown
    public void stop() throws Exception {
        System.out.printf(
                "lists of %s: %.2f for an interaction%n",
                loop, side.broker().lists() / (double) sent);
        side.close();
    }

    /** Who reads the interactions. */
    private interface Side extends AutoCloseable {

        FedBroker broker();

        boolean hasCommittedAll() throws Exception;
    }

    /** The job, configured like the loop as far as its options reach. */
    private static final class Freshet implements Side {

        private final JobUnderTest job;

        Freshet() throws Exception {
            Configuration options = new Configuration();
            options.set(HistoryConfig.PROBE_STRIDE, 0);
            options.set(TrainingConfig.Window.MIN_INTERACTIONS, WINDOW);
            options.set(TrainingConfig.Window.MAX_INTERACTIONS, WINDOW);
            options.set(TrainingConfig.UPDATES_PER_VERSION, 1);
            options.set(TrainingConfig.Optimizer.EPOCHS, 1);
            options.set(TrainingConfig.Optimizer.BATCH_SIZE, 128);
            options.set(TrainingConfig.Optimizer.NEGATIVES, 256);
            options.set(TrainingConfig.Replay.RATIO, 0f);
            job = new JobUnderTest(options);
        }

        @Override
        public FedBroker broker() {
            return job.broker();
        }

        @Override
        public boolean hasCommittedAll() throws Exception {
            return job.hasCommittedAll();
        }

        @Override
        public void close() throws Exception {
            job.close();
        }
    }

    /** The other process. */
    private static final class Python implements Side {

        private final FedBroker broker = new FedBroker();
        private final Process process;

        Python(String threads) throws Exception {
            List<String> command =
                    Stream.of(
                                    "/usr/bin/python3",
                                    "src/bench/python/kafka_loop.py",
                                    broker.address(),
                                    FedBroker.GROUP,
                                    broker.topics().interactionsTopic(),
                                    broker.topics().recommendationsTopic(),
                                    FedBroker.ITEMS,
                                    WINDOW,
                                    HistoryConfig.LENGTH.defaultValue(),
                                    threads)
                            .map(String::valueOf)
                            .toList();
            process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
            if (process.inputReader(UTF_8).readLine() == null) {
                throw ended();
            }
        }

        private static IOException ended() {
            return new IOException(
                    "kafka_loop.py has ended; it needs PyTorch and Confluent's client (Debian:"
                            + " python3-torch, python3-confluent-kafka)");
        }

        @Override
        public FedBroker broker() {
            return broker;
        }

        @Override
        public boolean hasCommittedAll() throws Exception {
            if (!process.isAlive()) {
                throw ended();
            }
            return broker.hasCommittedAll();
        }

        @Override
        public void close() {
            process.destroy();
            broker.close();
        }
    }
}
