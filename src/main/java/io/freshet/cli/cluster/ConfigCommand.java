package io.freshet.cli.cluster;

import io.freshet.config.KafkaConfig;
import io.freshet.config.option.Problems;
import io.freshet.preflight.Preflight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code freshet config}: the job's options. */
@Command(
        name = "config",
        description = "Checks the options of a job.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ConfigCommand.Check.class)
public final class ConfigCommand {

    /** {@code freshet config check}: everything that can be known to be wrong. */
    @Command(
            name = "check",
            description = {
                "Names everything that is wrong with a job's options, Flink's configuration and the"
                        + " Kafka cluster at once.",
                "A job that runs already, and its state, are no problem here: they are looked at"
                        + " when a job starts."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:nothing is wrong",
                "1:there are problems",
                "2:misuse of the command"
            })
    static final class Check implements Callable<Integer> {

        @Mixin private JobFile job = new JobFile();
        @Mixin private FlinkHome flink = new FlinkHome();
        @Mixin private ProblemReport report = new ProblemReport();

        @Option(
                names = "--offline",
                description = "Looks at the options and Flink's configuration alone.")
        private boolean offline;

        @Spec private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            Problems problems = new Problems();
            Configuration options = job.read(problems);
            Configuration cluster = flink.configuration();
            if (offline) {
                options.set(KafkaConfig.PREFLIGHT, false);
            }
            Preflight.check(options, cluster, Check.class.getClassLoader(), problems);
            List<String> checked = new ArrayList<>(List.of("options"));
            if (cluster != null) {
                checked.add("Flink's configuration");
            }
            if (options.get(KafkaConfig.PREFLIGHT)) {
                checked.add("Kafka");
            }
            return report.print(
                    Objects.requireNonNull(spec).commandLine(),
                    problems,
                    checked,
                    Map.of(),
                    List.of());
        }
    }
}
