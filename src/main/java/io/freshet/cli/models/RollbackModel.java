package io.freshet.cli.models;

import io.freshet.cli.machine.CommandOutput;
import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.kafka.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freshet models rollback}. */
@Command(
        name = "rollback",
        description = {
            "Has the running job go back to a version, or to an update since one, and train"
                    + " on from there.",
            "It waits for the job's answer, which comes with the next checkpoint; the exit code is"
                    + " 1 if the job refuses."
        },
        mixinStandardHelpOptions = true)
final class RollbackModel implements Callable<Integer> {

    @Mixin private CommandOutput output = new CommandOutput();

    @Parameters(paramLabel = "VERSION", description = "Number of the version.")
    private long version;

    @Option(
            names = "--update",
            paramLabel = "N",
            description = "Number of an update since the version; without, the version itself.")
    private long update;

    @Option(
            names = "--options",
            paramLabel = "FILE",
            description = "The job's own file of options, which says where the brokers are.")
    private @Nullable Path file;

    @Option(
            names = "-O",
            paramLabel = "KEY=VALUE",
            description = "An option of the job, such as kafka.bootstrap-servers.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "Longest time to wait for the answer (default: ${DEFAULT-VALUE}).")
    private long seconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration job = job();
        try (ControlClient client =
                new ControlClient(
                        FreshetConfig.from(job).kafka(), FreshetConfig.kafkaProperties(job))) {
            ControlClient.Answer answer =
                    client.rollBack("rollback", version, update, Duration.ofSeconds(seconds));
            output.print(
                    answer,
                    List.of(
                            List.of("outcome", answer.outcome()),
                            List.of("reason", answer.reason())));
            return answer.isApplied() ? 0 : 1;
        }
    }

    private Configuration job() {
        List<String> arguments = new ArrayList<>();
        if (file != null) {
            arguments.addAll(List.of("--options", file.toString()));
        }
        arguments.addAll(Arguments.of(options));
        return Arguments.parse(arguments.toArray(String[]::new));
    }
}
