package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.cluster.Await;
import io.freshet.cluster.BuiltJars;
import io.freshet.cluster.ChildJvm;
import io.freshet.cluster.RunDirectory;
import io.freshet.replay.TestingHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code java -jar target/freshet.jar} as a process of its own: the manifest brings all that is
 * needed, what is started can be stopped, and nothing temporary is left.
 */
@Timeout(300)
@EnabledOnOs(OS.LINUX)
class ProcessITCase {

    private static final int ROWS = 600;
    private static final int USERS = 20;
    private static final int ITEMS = 30;
    private static final long MINUTE = 60_000;
    private static final int INTERRUPTED = 130; // 128 and the signal's number, as shells have it

    private static final String ESCAPE = "\u001b";

    private Path directory;
    private Path temporary;

    @BeforeEach
    void writeHistory() throws IOException {
        directory = RunDirectory.create("process");
        temporary = Files.createDirectory(directory.resolve("temporary"));
        TestingHistory.write(directory, ROWS, USERS, ITEMS, MINUTE);
    }

    @Test
    void a_replay_writes_its_predictions_and_ends() throws Exception {
        try (ChildJvm replay = start("replay", "--stride", "2", "--output", "replayed")) {
            assertThat(replay.await()).as(replay.output()).isZero();

            assertThat(directory.resolve("replayed/predictions.csv"))
                    .content()
                    .hasLineCount(1 + ROWS / 2 / 2);
            assertThat(replay.output())
                    .contains("rows: 600 of 600")
                    .doesNotContain("\r", ESCAPE, "Exception");
            assertThat(temporary).isEmptyDirectory();
        }
    }

    @Test
    void a_replay_leaves_nothing_temporary_behind_after_ctrl_c() throws Exception {
        try (ChildJvm replay = start("replay", "--output", "interrupted")) {
            awaitOutput(replay, "rows: 0 of 600");
            assertThat(temporary).isNotEmptyDirectory();
            replay.interrupt();

            assertThat(replay.await()).as(replay.output()).isEqualTo(INTERRUPTED);
            assertThat(temporary).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "models verify --directory .", "models import --store s ."})
    void a_heap_that_is_too_small_is_refused_in_one_line(String command) throws Exception {
        try (ChildJvm refused =
                ChildJvm.startJar(
                        "small-" + command.length(),
                        List.of("-Xmx96m", "-Djava.io.tmpdir=" + temporary),
                        BuiltJars.commandLine(),
                        List.of(command.split(" ")),
                        directory)) {
            assertThat(refused.await()).isEqualTo(1);
            assertThat(refused.output()).startsWith("heap: found").hasLineCount(1);
            assertThat(temporary).isEmptyDirectory();
        }
    }

    @Test
    void a_demo_shows_what_became_of_a_file_and_leaves_nothing_behind_after_ctrl_c()
            throws Exception {
        try (ChildJvm demo = start("demo", "--speed-up", "1e6")) {
            awaitOutput(demo, "job       600 of 600 records counted: 600 accepted");
            awaitOutput(demo, "for 20 of 20 users, first after");
            assertThat(temporary).isNotEmptyDirectory();
            demo.interrupt();

            assertThat(demo.await()).as(demo.output()).isEqualTo(INTERRUPTED);
            assertThat(demo.output())
                    .contains("the file has ended")
                    .containsSubsequence("stopping …", "stopped", "600 of 600 records counted")
                    .doesNotContain("Exception");
            assertThat(temporary).isEmptyDirectory();
        }
    }

    private ChildJvm start(String command, String... more) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of(command, "--interactions", "interactions.csv.gz"));
        arguments.addAll(List.of("--items", "items.csv"));
        arguments.addAll(List.of("-O", "encoder.enabled=false", "-O", "model.width=16"));
        arguments.addAll(List.of("-O", "training.pretrain-epochs=1"));
        arguments.addAll(List.of(more));
        List<String> options =
                List.of(
                        "-Djava.io.tmpdir=" + temporary,
                        "-Dfreshet.log=" + directory.resolve("freshet.log")); // it stays
        return ChildJvm.startJar(command, options, BuiltJars.commandLine(), arguments, directory);
    }

    private static void awaitOutput(ChildJvm process, String text) {
        Await.until(
                "'" + text + "'",
                () -> {
                    process.requireAlive();
                    return process.output().contains(text);
                },
                process::output);
    }
}
