package io.freshet.cli.cluster;

import io.freshet.config.Arguments;
import io.freshet.config.option.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The job's options: a file, and single ones that win over it. */
final class JobFile {

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "YAML file with the job's options, as for its --options.")
    private Path file = Path.of("");

    @Option(
            names = "-O",
            paramLabel = "KEY=VALUE",
            description = "Sets an option of the job, in place of the file's; may be repeated.")
    private Map<String, String> options = new LinkedHashMap<>();

    /** The arguments of the job. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--options", file.toString()));
        arguments.addAll(Arguments.of(options));
        return arguments;
    }

    /** The options; what is wrong is added to {@code problems}. */
    Configuration read(Problems problems) {
        return Arguments.read(problems, arguments().toArray(String[]::new));
    }
}
