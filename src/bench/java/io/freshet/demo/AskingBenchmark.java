package io.freshet.demo;

import io.freshet.config.FreshetConfig;
import io.freshet.serve.Gateway;
import io.freshet.serve.GatewaySettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
 * From a request for a list over HTTP to its answer, while others ask at a steady rate, 200
 * interactions come a second, models are trained on them, and go live. Client, gateway, broker and
 * job share a process. A request that gets no list of the job fails the benchmark once it is warm.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in start
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 20)
@Measurement(iterations = 2, time = 20)
@Fork(1)
public class AskingBenchmark {

    private static final int INTERACTIONS_PER_SECOND = 200;
    private static final int USERS = 20_000;
    private static final int TICKS_PER_SECOND = 100;
    private static final int FIRST_INTERACTIONS = 5_000;

    /** Requests of others a second. */
    @Param({"100", "300"})
    private int rate;

    private JobUnderTest job;
    private Gateway gateway;
    private HttpClient http;
    private ScheduledExecutorService others;
    private final AtomicLong asked = new AtomicLong();
    private final Map<Integer, AtomicLong> answered = new ConcurrentHashMap<>();

    @Setup
    public void start() throws Exception {
        Configuration options = new Configuration();
        job = new JobUnderTest(options);
        gateway =
                Gateway.start(
                        GatewaySettings.onLoopback(0),
                        FreshetConfig.from(job.broker().addTo(options)),
                        job.broker().client());
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        job.broker().sendAndAwait(FIRST_INTERACTIONS, job::hasCommittedAll);
        others = Executors.newSingleThreadScheduledExecutor();
        var unused =
                others.scheduleAtFixedRate(
                        this::tick, 0, 1_000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        for (int i = 0; i < INTERACTIONS_PER_SECOND / TICKS_PER_SECOND; i++) {
            job.broker().send();
        }
        for (int i = 0; i < rate / TICKS_PER_SECOND; i++) {
            var unused =
                    http.sendAsync(request(), HttpResponse.BodyHandlers.discarding())
                            .whenComplete((answer, failure) -> count(answer));
        }
    }

    private void count(HttpResponse<Void> answer) {
        int status = answer == null ? 0 : answer.statusCode();
        boolean list = status == 200 && answer.headers().firstValue("Freshet-Fallback").isEmpty();
        answered.computeIfAbsent(list ? 200 : -status, any -> new AtomicLong()).incrementAndGet();
    }

    private HttpRequest request() {
        long user = asked.incrementAndGet() % USERS;
        return HttpRequest.newBuilder(
                        URI.create(gateway.url() + "/users/user-" + user + "/recommendations"))
                .build();
    }

    @Setup(Level.Iteration)
    public void forgetWhatWasBefore() {
        answered.clear();
    }

    @Benchmark
    public int requestToAnswer() throws Exception {
        HttpResponse<Void> answer = http.send(request(), HttpResponse.BodyHandlers.discarding());
        count(answer);
        return answer.statusCode();
    }

    @TearDown
    public void stop() throws Exception {
        others.shutdownNow();
        others.awaitTermination(1, TimeUnit.MINUTES);
        Map<Integer, AtomicLong> found = Map.copyOf(answered);
        gateway.close();
        job.close();
        if (!found.keySet().equals(Set.of(200))) {
            throw new IllegalStateException(
                    "Found answers by status (below 0 without a list of the job) "
                            + found
                            + ", expected lists alone");
        }
    }
}
