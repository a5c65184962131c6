package io.freshet.cli.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.config.option.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Prints what a check has found, for people or for programs. */
final class ProblemReport {

    private static final int FOUND_SOMETHING = 1;

    @Option(names = "--json", description = "Prints one JSON object in place of lines.")
    private boolean json;

    /**
     * Prints the problems.
     *
     * @param checked what was looked at
     * @param details what else there is to say, by name, as JSON; people read {@code lines}
     * @param lines the same for people
     * @return the exit code
     */
    int print(
            CommandLine command,
            Problems problems,
            List<String> checked,
            Map<String, ?> details,
            List<String> lines)
            throws JsonProcessingException {
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>(details);
            report.put("checked", checked);
            report.put("problems", problems.all());
            command.getOut().println(new ObjectMapper().writeValueAsString(report));
        } else {
            lines.forEach(command.getOut()::println);
            String looked = String.join(", ", checked);
            if (problems.all().isEmpty()) {
                command.getOut().println("No problem found in: " + looked);
            } else {
                command.getErr()
                        .printf("%d problem(s) found in: %s%n", problems.all().size(), looked);
                problems.all().forEach(problem -> command.getErr().println("  " + problem));
            }
        }
        return problems.all().isEmpty() ? 0 : FOUND_SOMETHING;
    }
}
