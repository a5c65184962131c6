package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.Figures;
import io.freshet.cluster.ClusterRun.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A long stream in one go, as fast as the job takes it: all of a file, if {@code
 * -Dfreshet.interactions}, {@code -Dfreshet.items} and a large {@code -Dfreshet.limit} select it.
 * It leaves how long checkpoints took meanwhile, also without buffer debloating ({@code
 * -Dfreshet.debloat=false}).
 */
@Tag("long")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
@ExtendWith(ShowLogs.class)
class WholeFileITCase {

    private static final int WINDOW = 5_000;

    @Test
    void everyInteractionCountsOnceAndEveryActiveUserHasAList() throws Exception {
        ShopStream stream = ShopStream.configured(9, 12_000);
        Map<String, String> options = Map.of("history.debounce", "1 s");
        Map<String, String> flink =
                Map.of(
                        "taskmanager.network.memory.buffer-debloat.enabled",
                        System.getProperty("freshet.debloat", "true"));
        try (ClusterRun run = new ClusterRun("whole-file", stream, WINDOW, false, flink, options)) {
            long start = System.nanoTime();
            Outcome outcome = run.finish();
            Figures.leave(
                    "whole-file",
                    "%d interactions of %d users: %d windows, %d lists, %d s, %s"
                            .formatted(
                                    stream.interactions(),
                                    stream.histories().size(),
                                    outcome.verdicts().size(),
                                    outcome.lists().size(),
                                    Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                                    run.cluster().rest().checkpointDurations(run.job())));
            Expect expect = new Expect(stream, outcome);

            expect.everyInteractionIsInItsUsersStateOnce();
            expect.everyInteractionIsTrainedOnce();
            expect.versionsAscendWithoutHolesOrTwins();
            expect.everyWindowIsTestedOnceBeforeItIsTrained();
            expect.everyBrokenRecordIsOneDeadLetter();
            assertThat(usersWithAList(outcome)).isEqualTo(stream.histories().keySet());
        }
    }

    private static Set<String> usersWithAList(Outcome outcome) {
        return outcome.lists().stream()
                .map(list -> list.path("user_id").asText())
                .filter(user -> !ShopStream.isCloser(user))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
