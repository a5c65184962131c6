package io.freshet.response;

import io.freshet.event.Attribute;
import io.freshet.event.Profile;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
 * Exposures that one operator predicts and learns from in a second, on RocksDB, with an attribute
 * of the context, of the item and of the user; every other one is responded to.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in start
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
public class ResponsesBenchmark {

    private static final int EXPOSURES = 10_000;
    private static final int ITEMS = 10_000;
    private static final int CACHED_KEYS = 10_000;
    private static final int DEVICES = 20;
    private static final int COUNTRIES = 200;
    private static final int STEP = 10; // milliseconds from an exposure to the next

    /** With the lower number all users are in the cache, with the greater few are. */
    @Param({"1000", "100000"})
    private int users;

    private final SplittableRandom random = new SplittableRandom(7);
    private TestingResponses job;
    private long shown;

    @Setup
    public void start() throws Exception {
        job = TestingResponses.start(CACHED_KEYS);
        for (int item = 0; item < ITEMS; item++) {
            job.know(Profile.Subject.ITEM, "i" + item, Attribute.number("price", item));
        }
        for (int user = 0; user < users; user++) {
            Attribute country = Attribute.category("country", "c" + user % COUNTRIES);
            job.know(Profile.Subject.USER, "u" + user, country);
        }
    }

    @TearDown
    public void stop() throws Exception {
        job.close();
    }

    @Benchmark
    @OperationsPerInvocation(EXPOSURES)
    public int predictAndLearn() throws Exception {
        for (int i = 0; i < EXPOSURES; i++) {
            String user = "u" + random.nextInt(users);
            String item = "i" + random.nextInt(ITEMS);
            long time = STEP * shown;
            job.watermark(time - 1);
            job.show(user, item, time, shown++, "d" + random.nextInt(DEVICES));
            if (i % 2 == 0) {
                job.respond(user, item, time + 1);
            }
        }
        int judged = job.responses().size();
        job.dropOutput();
        return judged;
    }
}
