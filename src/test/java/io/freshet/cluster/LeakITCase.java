package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** The soak's eyes: a process that leaks is found out, whatever it is that it leaks. */
@ExtendWith(ShowLogs.class)
@EnabledOnOs(OS.LINUX)
class LeakITCase {

    private static final int THREADS_A_SAMPLE = 5;

    @Test
    void a_process_that_leaks_everything_reaches_no_plateau_of_anything() throws Exception {
        Path directory = RunDirectory.create("leak");
        Path state = Files.createDirectories(directory.resolve("state"));
        try (ChildJvm leaking = ChildJvm.start(leaking(state), directory)) {
            // a JVM that has just begun may miss the signal that asks for its agent
            awaitFiles(state, THREADS_A_SAMPLE);
            expectNoPlateau(leaking, state);
        }
    }

    private static void expectNoPlateau(ChildJvm leaking, Path state) throws IOException {
        try (Usage usage = new Usage("leaking", leaking.pid(), state)) {
            for (int sample = 0; sample < Plateau.MIN_SAMPLES + 3; sample++) {
                awaitFiles(state, THREADS_A_SAMPLE * (sample + 1));
                usage.sample();
            }

            assertThat(usage.trends())
                    .hasSameSizeAs(Resource.values())
                    .noneMatch(Usage.Trend::isPlateau);
        }
    }

    private static ChildJvm.Command leaking(Path state) {
        return new ChildJvm.Command(
                "leaking",
                BuiltJars.tests(),
                List.of("-Xmx1g", "-XX:+UseSerialGC"),
                Map.of(),
                LeakMain.class.getName(),
                List.of(state.toString()));
    }

    private static void awaitFiles(Path state, int count) {
        Await.until(count + " leaks", () -> state.toFile().list().length >= count);
    }
}
