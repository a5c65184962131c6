package io.freshet;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The whole operator chain with the real model, on interactions that are generated at a steady
 * rate. What passes its ends is noted, with the time.
 */
final class GeneratedJob implements AutoCloseable {

    private static final int PER_SECOND = 200;

    /** Interactions in a window. */
    static final int WINDOW = 300;

    private static final int USERS = 40;
    private static final int ITEMS = 30;
    private static final long START = 1_700_000_000_000L;
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Map<String, Notes> NOTES = new ConcurrentHashMap<>();

    private final String name;
    private final JobClient job;

    /** Something that passed, and when. */
    record Noted(Instant time, Object what) {}

    private GeneratedJob(String name, JobClient job) {
        this.name = name;
        this.job = job;
    }

    /**
     * Starts a job that never fails without the test seeing it.
     *
     * @param name of its notes
     * @param cluster how it is checkpointed
     * @param options Freshet's, beyond small windows and a version for each
     */
    static GeneratedJob start(String name, Configuration cluster, String... options)
            throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        env.setParallelism(2);
        FreshetConfig config = FreshetConfig.from(options(options));
        JobTopology.Outputs outputs =
                JobTopology.build(
                        config,
                        new JobTopology.Inputs(
                                noted(name, interactions(env), Interaction.class),
                                items(env),
                                env.fromData(
                                        TypeInformation.of(Control.class),
                                        Control.forget("c", "nobody", START))));
        noted(name, outputs.lists(), RecommendationList.class).sinkTo(new DiscardingSink<>());
        noted(name, outputs.checkpoints(), ModelCheckpoint.class).sinkTo(new DiscardingSink<>());
        return new GeneratedJob(name, env.executeAsync(name));
    }

    JobClient job() {
        return job;
    }

    /** What of a type has passed so far. */
    <T> List<T> passed(Class<T> type) {
        return notes(type).map(noted -> type.cast(noted.what())).toList();
    }

    /** How many of a type passed from one time to another. */
    long passed(Class<?> type, Instant from, Instant to) {
        return notes(type)
                .filter(noted -> !noted.time().isBefore(from) && noted.time().isBefore(to))
                .count();
    }

    /** When the first of a type passed that is as wanted; waits for it. */
    <T> Instant await(Class<T> type, Predicate<T> wanted) throws Exception {
        Instant until = Instant.now().plus(PATIENCE);
        int seen = 0;
        while (Instant.now().isBefore(until)) {
            List<Noted> notes = notes(name).all();
            for (Noted noted : notes.subList(seen, notes.size())) {
                if (type.isInstance(noted.what()) && wanted.test(type.cast(noted.what()))) {
                    return noted.time();
                }
            }
            seen = notes.size();
            if (!notes(name).awaitMoreThan(seen)) {
                throw new AssertionError("Nothing has passed for half a minute, as " + failure());
            }
        }
        throw new AssertionError("Waited in vain; verdicts: " + passed(ModelCheckpoint.class));
    }

    /** What ended the job, or that it runs. */
    private String failure() throws Exception {
        try {
            return job.getJobExecutionResult().get(1, TimeUnit.SECONDS).toString();
        } catch (ExecutionException e) {
            throw new AssertionError("The job failed", e);
        } catch (TimeoutException e) {
            return "the job is stuck";
        }
    }

    @Override
    public void close() throws Exception {
        job.cancel().get();
        NOTES.remove(name);
    }

    private Stream<Noted> notes(Class<?> type) {
        return notes(name).all().stream().filter(noted -> type.isInstance(noted.what()));
    }

    private static Notes notes(String name) {
        return NOTES.computeIfAbsent(name, unused -> new Notes());
    }

    /** What has passed, in order. */
    private static final class Notes {

        private static final long WORRYING_MILLIS = 30_000;

        private final List<Noted> all = new ArrayList<>();

        synchronized void add(Object what) {
            all.add(new Noted(Instant.now(), what));
            notifyAll();
        }

        synchronized List<Noted> all() {
            return List.copyOf(all);
        }

        /** Whether more comes in time. */
        synchronized boolean awaitMoreThan(int size) throws InterruptedException {
            long until = System.currentTimeMillis() + WORRYING_MILLIS;
            while (all.size() <= size && System.currentTimeMillis() < until) {
                wait(WORRYING_MILLIS);
            }
            return all.size() > size;
        }
    }

    private static Configuration options(String... options) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "--encoder.enabled", "false",
                                "--history.length", "20",
                                "--history.pane", "1 s",
                                "--history.debounce", "50 ms",
                                "--training.min-interactions", String.valueOf(WINDOW),
                                "--training.max-interactions", String.valueOf(WINDOW),
                                "--training.updates-per-version", "1",
                                "--training.gate-tolerance", "100"));
        all.addAll(Arrays.asList(options));
        return Arguments.parse(all.toArray(new String[0]));
    }

    private static DataStream<Interaction> interactions(StreamExecutionEnvironment env) {
        return env.fromSource(
                        new DataGeneratorSource<>(
                                GeneratedJob::interaction,
                                Long.MAX_VALUE,
                                RateLimiterStrategy.perSecond(PER_SECOND),
                                TypeInformation.of(Interaction.class)),
                        WatermarkStrategy.<Interaction>forMonotonousTimestamps()
                                .withTimestampAssigner((i, t) -> i.timestamp()),
                        "interactions")
                .setParallelism(1);
    }

    private static Interaction interaction(long i) {
        long user = i % USERS;
        return new Interaction(
                "e" + i,
                "user-" + user,
                "item-" + (user + i / USERS) % ITEMS,
                "click",
                Float.NaN,
                START + i * 1000 / PER_SECOND,
                0,
                i);
    }

    private static DataStream<CatalogItem> items(StreamExecutionEnvironment env) {
        CatalogItem[] items = new CatalogItem[ITEMS];
        Arrays.setAll(
                items,
                i -> new CatalogItem("item-" + i, "Item", "", List.of(), true, START, Map.of()));
        return env.fromData(TypeInformation.of(CatalogItem.class), items);
    }

    private static <T> DataStream<T> noted(String name, DataStream<T> stream, Class<T> type) {
        return stream.map(new Note<T>(name)).returns(type).setParallelism(1);
    }

    private static final class Note<T> implements MapFunction<T, T> {

        private static final long serialVersionUID = 1L;

        private final String name;

        Note(String name) {
            this.name = name;
        }

        @Override
        public T map(T passing) {
            notes(name).add(passing);
            return passing;
        }
    }
}
