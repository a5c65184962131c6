package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The job comes and goes on a task manager that stays: cancelled and submitted again, with new
 * class loaders each time, and restarted because the other task manager died. TensorFlow can be
 * loaded only once in a process, so the engine must be in Flink's {@code lib/}.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ExtendWith(ShowLogs.class)
class ResubmissionITCase {

    private static final int INTERACTIONS = 2_000;
    private static final int WINDOW = 200;
    private static final int SUBMISSIONS = 3;
    private static final Pattern ENGINE = Pattern.compile("/\\S*libtensorflow\\S*\\.so\\S*");

    @Test
    void theEngineLoadsOnceAndWorksEachTime() throws Exception {
        ShopStream stream = ShopStream.generated(8, INTERACTIONS);
        try (ClusterRun run =
                new ClusterRun("resubmission", stream, WINDOW, false, Map.of(), Map.of())) {
            ChildJvm survivor = run.cluster().taskManager(0);
            run.sendUpTo(0.4);
            run.awaitVersion(2);
            // committed is what the fine-tuner announced, perhaps on the other task manager
            Set<String> loaded =
                    Await.value(
                            "the engine in " + survivor,
                            () -> Optional.of(engineOf(survivor)).filter(found -> !found.isEmpty()),
                            () -> "none");

            for (int again = 2; again <= SUBMISSIONS; again++) {
                run.resubmit();
                run.sendUpTo(0.2 + 0.2 * again);
                run.awaitVersion(2 * again);
            }
            run.replaceTaskManager(1);
            new Expect(stream, run.finish()).nothingLostAndNothingTwice();

            assertThat(survivor.isAlive()).isTrue();
            assertThat(engineOf(survivor)).isEqualTo(loaded);
        }
    }

    /**
     * Files of the engine that are mapped into a process; loaded twice, it would be there twice.
     */
    private static Set<String> engineOf(ChildJvm process) throws IOException {
        Set<String> files = new TreeSet<>();
        String maps = Files.readString(Path.of("/proc/" + process.pid() + "/maps"));
        Matcher mapped = ENGINE.matcher(maps);
        while (mapped.find()) {
            files.add(mapped.group());
        }
        return files;
    }
}
