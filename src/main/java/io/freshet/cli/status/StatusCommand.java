package io.freshet.cli.status;

import io.freshet.cli.machine.CommandOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code freshet status}. */
@Command(
        name = "status",
        description = {
            "Says whether the running job is well, and if not, which entry of the handbook's"
                    + " \"Alerts\" says what to do.",
            "It asks Flink's REST interface how things are now; rates are for the alerts."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the job is well",
            "1:it is not, or nobody answers",
            "2:misuse of the command"
        })
public final class StatusCommand implements Callable<Integer> {

    @Mixin private CommandOutput output = new CommandOutput();

    @Option(
            names = "--rest",
            paramLabel = "URL",
            defaultValue = "http://localhost:8081",
            description = "Address of the job manager (default: ${DEFAULT-VALUE}).")
    private String address = "";

    @Option(
            names = "--job",
            paramLabel = "NAME",
            defaultValue = "Freshet",
            description = "Name of the job (default: ${DEFAULT-VALUE}).")
    private String job = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Finding> findings = look();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("what", "found", "expected", "runbook"));
        findings.forEach(
                finding ->
                        rows.add(
                                List.of(
                                        finding.subject(),
                                        finding.found(),
                                        finding.expected(),
                                        finding.runbook())));
        output.print(findings, rows);
        return findings.stream().allMatch(Finding::isWell) ? 0 : 1;
    }

    private List<Finding> look() throws InterruptedException {
        try {
            return new JobHealth(new FlinkApi(address), Instant.now()).look(job);
        } catch (IOException e) {
            return List.of(
                    new Finding(
                            "job manager",
                            address + ": " + e,
                            "an answer of Flink's REST interface",
                            "FreshetNotRunning"));
        }
    }
}
