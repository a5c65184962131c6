package io.freshet.cli.cluster;

import io.freshet.config.option.Problems;
import io.freshet.preflight.Preflight;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code freshet run}: checks, and then submits by the client of Flink's own distribution, which
 * has the cluster's version, plugins and configuration.
 */
@Command(
        name = "run",
        description = {
            "Checks everything that config check does, and submits the job, detached.",
            "The submission also refuses if a job with the same names runs, or if a start without"
                    + " state would leave the state of an earlier run behind."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the job is submitted",
            "1:there are problems, and nothing is submitted",
            "2:misuse of the command"
        })
public final class RunCommand implements Callable<Integer> {

    private static final String JOB_JAR = "freshet-job.jar";

    @Mixin private JobFile job = new JobFile();
    @Mixin private FlinkHome flink = new FlinkHome();

    @Option(
            names = {"-s", "--from"},
            paramLabel = "PATH",
            description = "Checkpoint or savepoint to start from.")
    private @Nullable String from;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "The job's jar; by default " + JOB_JAR + " beside this program.")
    private @Nullable Path jar;

    @Option(
            names = "-D",
            paramLabel = "KEY=VALUE",
            description = "Passed to Flink's client; may be repeated.")
    private List<String> flinkOptions = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Path client = flink.client();
        Problems problems = new Problems();
        Preflight.check(
                job.read(problems),
                flink.configuration(),
                RunCommand.class.getClassLoader(),
                problems);
        problems.throwIfAny();
        List<String> command = new ArrayList<>(List.of(client.toString(), "run", "--detached"));
        flinkOptions.forEach(option -> command.add("-D" + option));
        if (from != null) {
            command.addAll(List.of("--fromSavepoint", from));
        }
        command.add(jobJar().toString());
        command.addAll(job.arguments());
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        return code == 0 ? 0 : 1;
    }

    private Path jobJar() throws IOException {
        Path found = jar == null ? directory().resolve(JOB_JAR) : jar;
        if (!Files.isRegularFile(found)) {
            throw new IOException(
                    "%s: found no such file, expected the job's jar; name it by --jar"
                            .formatted(found));
        }
        return found;
    }

    /** Where this program lies. */
    private static Path directory() throws IOException {
        try {
            Path program =
                    Path.of(
                            RunCommand.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return program.resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IOException("The place of this program is no file", e);
        }
    }
}
