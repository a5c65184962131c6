package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Commands for whoever runs the job on a cluster, as far as they need neither broker nor Flink. */
class ClusterCommandsTest {

    @TempDir private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine freshet =
            Freshet.commandLine()
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true));
    private Path file;

    @BeforeEach
    void writeOptions() throws IOException {
        file = directory.resolve("freshet.yaml");
        Files.writeString(file, "store.path: s3://bucket/models\nkafka.preflight: false\n");
    }

    @Test
    void optionsWithoutAProblemPass() {
        assertThat(freshet.execute("config", "check", file.toString())).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("No problem found in: options\n");
    }

    @Test
    void everyProblemIsNamedAtOnce() throws IOException {
        Files.writeString(file, "store.path: models\nhistory.lenght: 3\nhistory.pane: 10\n");

        assertThat(freshet.execute("config", "check", "--offline", file.toString())).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("3 problem(s) found in: options")
                .contains("store.path: found 'models'")
                .contains("history.lenght: there is no such option")
                .contains("history.pane: found '10'");
    }

    @Test
    void flinksConfigurationIsCheckedWhereItIsNamed() throws IOException {
        Path conf = Files.createDirectory(directory.resolve("conf"));
        Files.writeString(conf.resolve("config.yaml"), "state.backend.type: hashmap\n");

        assertThat(
                        freshet.execute(
                                "config",
                                "check",
                                file.toString(),
                                "--flink-conf",
                                conf.toString()))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("problem(s) found in: options, Flink's configuration")
                .contains("state.backend.type: found 'hashmap', expected rocksdb")
                .contains("execution.checkpointing.dir: found 'none'")
                .contains("store.path: found 's3://bucket/models', expected a scheme that Flink");
    }

    @Test
    void programsGetOneJsonObject() throws IOException {
        assertThat(
                        freshet.execute(
                                "config",
                                "check",
                                "--json",
                                "-O",
                                "history.pane=10",
                                file.toString()))
                .isEqualTo(1);

        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.path("checked")).singleElement().hasToString("\"options\"");
        assertThat(report.path("problems"))
                .singleElement()
                .extracting(JsonNode::asText)
                .asString()
                .startsWith("history.pane: found '10'");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "topics"})
    void aGroupOfCommandsNeedsOne(String group) {
        assertThat(freshet.execute(group)).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required subcommand");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config check", "topics create", "topics check", "run"})
    void helpHasTheExitCodes(String command) {
        assertThat(freshet.execute((command + " --help").split(" "))).isZero();
        assertThat(out.toString()).contains("Exit codes:", "misuse of the command");
    }

    @Test
    void topicsHaveAtLeastOnePartition() {
        assertThat(freshet.execute("topics", "create", "--partitions", "0", file.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--partitions: found 0");
    }

    @Test
    void theJobIsSubmittedByFlinksOwnClient() throws IOException {
        Path home = flink("exit 0");
        Path jar = Files.writeString(directory.resolve("job.jar"), "");

        assertThat(
                        run(
                                home,
                                jar,
                                "-s",
                                "s3://bucket/chk-3",
                                "-O",
                                "model.width=32",
                                "-D",
                                "rest.port=8082"))
                .as(err.toString())
                .isZero();
        assertThat(submitted())
                .containsExactly(
                        "run",
                        "--detached",
                        "-Drest.port=8082",
                        "--fromSavepoint",
                        "s3://bucket/chk-3",
                        jar.toString(),
                        "--options",
                        file.toString(),
                        "--model.width=32");
    }

    @Test
    void aRefusedSubmissionIsAFailure() throws IOException {
        assertThat(run(flink("exit 3"), Files.writeString(directory.resolve("job.jar"), "")))
                .isEqualTo(1);
    }

    @Test
    void nothingIsSubmittedWithAProblem() throws IOException {
        Path home = flink("exit 0");

        assertThat(
                        run(
                                home,
                                Files.writeString(directory.resolve("j.jar"), ""),
                                "-O",
                                "history.pane=10"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("1 problem(s)", "history.pane: found '10'");
        assertThat(directory.resolve("submitted")).doesNotExist();
    }

    @Test
    void aMissingClientIsNamed() {
        assertThat(run(directory.resolve("nowhere"), directory.resolve("job.jar"))).isEqualTo(1);
        assertThat(err.toString()).contains("Flink's client: found no program", "FLINK_HOME");
    }

    private int run(Path home, Path jar, String... further) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("run", file.toString(), "--flink", home.toString()));
        arguments.addAll(List.of("--jar", jar.toString()));
        arguments.addAll(List.of(further));
        return freshet.execute(arguments.toArray(String[]::new));
    }

    /** A distribution whose client notes what it is given. */
    private Path flink(String end) throws IOException {
        Path home = directory.resolve("flink");
        Path client = Files.createDirectories(home.resolve("bin")).resolve("flink");
        Files.writeString(
                client,
                "#!/bin/sh\nprintf '%s\\n' \"$@\" > "
                        + directory.resolve("submitted")
                        + "\n"
                        + end
                        + "\n");
        assertThat(client.toFile().setExecutable(true)).isTrue();
        Files.writeString(
                Files.createDirectories(home.resolve("conf")).resolve("config.yaml"),
                """
                state.backend.type: rocksdb
                execution.checkpointing.interval: 10s
                execution.checkpointing.dir: file:///tmp/never
                """);
        Files.writeString(
                file,
                "store.path: "
                        + directory.resolve("models").toUri()
                        + "\nkafka.preflight: false\n");
        return home;
    }

    private List<String> submitted() throws IOException {
        return Files.readAllLines(directory.resolve("submitted"));
    }
}
