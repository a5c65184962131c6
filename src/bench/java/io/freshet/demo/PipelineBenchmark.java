package io.freshet.demo;

import io.freshet.config.HistoryConfig;
import io.freshet.config.StateConfig;
import io.freshet.config.TrainingConfig;
import java.time.Duration;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Interactions a second from Kafka through the whole job to committed records, where broker, feeder
 * and job share one machine: from the sending of the first to the checkpoint that commits the
 * offset of the last, and with it all that came of it.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in start
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(1)
public class PipelineBenchmark {

    private static final int INTERACTIONS = 300_000;

    /**
     * {@code state}: neither lists nor training; {@code uncached}: the same, and keyed state is
     * read and written with each event; {@code whole}: all by the defaults.
     */
    @Param({"uncached", "state", "whole"})
    private String stages;

    private JobUnderTest job;

    @Setup
    public void start() throws Exception {
        Configuration options = new Configuration();
        if (!stages.equals("whole")) {
            options.set(HistoryConfig.DEBOUNCE, Duration.ofDays(1));
            options.set(HistoryConfig.PROBE_STRIDE, 0);
            options.set(TrainingConfig.ENABLED, false);
        }
        if (stages.equals("uncached")) {
            options.set(StateConfig.CACHED_KEYS, 0);
        }
        job = new JobUnderTest(options);
    }

    @Benchmark
    @OperationsPerInvocation(INTERACTIONS)
    public void interactions() throws Exception {
        job.broker().sendAndAwait(INTERACTIONS, job::hasCommittedAll);
    }

    @TearDown
    public void stop() throws Exception {
        job.close();
    }
}
