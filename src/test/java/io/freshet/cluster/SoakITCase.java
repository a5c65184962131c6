package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The job under a steady load on a cluster of processes, with versions, checkpoints, and restarts
 * of all tasks in the same task managers: what these hold together must reach a plateau, and the
 * job must keep up. Together, because a restart may swap what runs in which of them. The table of
 * what was found is left in {@link Figures}.
 *
 * <p>{@code mvn verify -Plong -Dit.test=SoakITCase} runs the long form; {@code
 * -Dfreshet.soak.minutes} sets how long, {@code -Dfreshet.soak.rate} how many interactions a
 * second.
 */
@ExtendWith(ShowLogs.class)
@EnabledOnOs(OS.LINUX)
class SoakITCase {

    private static final long SEED = 11;
    private static final Duration NEVER = Duration.ofDays(1);

    /** Windows that wait for the last interactions' event time to pass. */
    private static final int OPEN_WINDOWS = 2;

    /**
     * Native allocators and a JVM's own memory fill for minutes, whatever the job does: resident
     * memory is shown of shorter runs, and judged of longer ones.
     */
    private static final Duration RESIDENT_MEMORY_SETTLES = Duration.ofMinutes(5);

    private int completedCheckpoints;
    private int failedCheckpoints;
    private int restarts;

    /**
     * How to load the job.
     *
     * @param length of the load
     * @param rate interactions a second
     * @param checkpoint time between checkpoints
     * @param version time that a training window's interactions take to come
     * @param restart time between restarts of all tasks
     * @param sample time between samples
     * @param catchUp longest time until the job has caught up at the end of the load
     */
    private record Load(
            Duration length,
            int rate,
            Duration checkpoint,
            Duration version,
            Duration restart,
            Duration sample,
            Duration catchUp) {

        int window() {
            return rate * (int) version.toSeconds();
        }

        /** What comes before it, so that there are versions from its start. */
        int prelude() {
            return (OPEN_WINDOWS + 1) * window();
        }

        int interactions() {
            return prelude() + rate * (int) length.toSeconds();
        }

        /** Whether something that happens again and again is due in a second of the load. */
        static boolean isDue(Duration interval, long second) {
            return second % interval.toSeconds() == 0;
        }
    }

    @Test
    void what_a_task_manager_holds_reaches_a_plateau() throws Exception {
        soak(
                new Load(
                        Duration.ofSeconds(28),
                        100,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        NEVER, // what a restart frees and takes is noise in so few samples
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(2)));
    }

    @Test
    @Tag("long")
    @Timeout(value = 1, unit = TimeUnit.DAYS) // as long as was asked for
    void what_a_task_manager_holds_reaches_a_plateau_for_long() throws Exception {
        soak(
                new Load(
                        Duration.ofMinutes(Integer.getInteger("freshet.soak.minutes", 30)),
                        Integer.getInteger("freshet.soak.rate", 200),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(3),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60)));
    }

    private void soak(Load load) throws Exception {
        ShopStream stream = ShopStream.steady(SEED, load.interactions());
        try (ClusterRun run = start(load, stream)) {
            run.sendUpTo((double) load.prelude() / load.interactions());
            run.awaitVersion(1);
            List<Usage> usages = run.cluster().usages();
            try {
                apply(load, run, usages);
                Duration behind = catchUp(load, run);
                List<Usage.Trend> totals = Usage.totals(usages).toList();
                String table = table(load, run, behind, usages, totals);
                Figures.leave("soak", table);

                boolean settled = load.length().compareTo(RESIDENT_MEMORY_SETTLES) > 0;
                assertThat(totals)
                        .as(table)
                        .filteredOn(trend -> settled || trend.resource() != Resource.RSS)
                        .allMatch(Usage.Trend::isPlateau);
                assertThat(behind).isLessThan(load.catchUp());
                assertThat((long) completedCheckpoints)
                        .isGreaterThan(load.length().dividedBy(load.checkpoint()) / 2);
            } finally {
                for (Usage usage : usages) {
                    usage.close();
                }
            }
        }
    }

    private static ClusterRun start(Load load, ShopStream stream) throws IOException {
        return new ClusterRun(
                "soak",
                stream,
                load.window(),
                false,
                Map.of("execution.checkpointing.interval", load.checkpoint().toSeconds() + "s"),
                Map.of("store.retain", "10"));
    }

    /** Second by second: sends what is due, restarts the tasks, takes samples while they run. */
    private void apply(Load load, ClusterRun run, List<Usage> usages) throws IOException {
        long start = System.nanoTime();
        for (long second = 1; second <= load.length().toSeconds(); second++) {
            long due = start + Duration.ofSeconds(second).toNanos();
            Await.until("second " + second, () -> System.nanoTime() >= due);
            double sent = load.prelude() + (double) load.rate() * second;
            run.sendUpTo(sent / load.interactions());
            if (Load.isDue(load.restart(), second)) {
                countCheckpoints(run);
                run.resubmit();
                restarts++;
            }
            if (Load.isDue(load.sample(), second)) {
                for (Usage usage : usages) {
                    usage.sample();
                }
            }
        }
        countCheckpoints(run);
    }

    private void countCheckpoints(ClusterRun run) {
        completedCheckpoints += run.cluster().rest().checkpoints(run.job(), "completed");
        failedCheckpoints += run.cluster().rest().checkpoints(run.job(), "failed");
    }

    /** Waits for the version that has all closed windows, and returns how long that took. */
    private static Duration catchUp(Load load, ClusterRun run) {
        long start = System.nanoTime();
        run.awaitVersion(load.interactions() / load.window() - OPEN_WINDOWS);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private String table(
            Load load,
            ClusterRun run,
            Duration behind,
            List<Usage> usages,
            List<Usage.Trend> totals) {
        return """
        %d s at %d interactions a second: %d versions, %d checkpoints completed and %d failed, \
        %d restarts, caught up %d ms after the last interaction

        """
                        .formatted(
                                load.length().toSeconds(),
                                load.rate(),
                                run.nextVersion() - 1,
                                completedCheckpoints,
                                failedCheckpoints,
                                restarts,
                                behind.toMillis())
                + Usage.Trend.HEAD
                + Stream.concat(usages.stream().flatMap(Usage::trends), totals.stream())
                        .map(Usage.Trend::row)
                        .collect(Collectors.joining());
    }
}
