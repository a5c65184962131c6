package io.freshet.cli.cluster;

import io.freshet.config.FreshetConfig;
import io.freshet.config.option.Problems;
import io.freshet.kafka.KafkaPreflight;
import io.freshet.kafka.TopicCreation;
import io.freshet.kafka.TopicCreation.CreatedTopic;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code freshet topics}: the eight topics of a job. */
@Command(
        name = "topics",
        description = "Creates and checks the topics of a job.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TopicsCommand.Create.class, TopicsCommand.Check.class})
public final class TopicsCommand {

    private static final List<String> CHECKED = List.of("options", "Kafka");

    /** {@code freshet topics create}. */
    @Command(
            name = "create",
            description = {
                "Creates the topics that are missing, and then checks all.",
                "controls has one partition; items, recommendations and model-checkpoints are"
                        + " compacted; what may hold large records has its max.message.bytes."
                        + " A topic that exists stays as it is."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:nothing is wrong",
                "1:there are problems",
                "2:misuse of the command"
            })
    static final class Create implements Callable<Integer> {

        @Mixin private JobFile job = new JobFile();
        @Mixin private ProblemReport report = new ProblemReport();

        @Option(
                names = "--partitions",
                paramLabel = "N",
                defaultValue = "6",
                description =
                        "Partitions of each topic that may have several (${DEFAULT-VALUE}): at least"
                                + " the job's parallelism.")
        private int partitions;

        @Option(
                names = "--replication",
                paramLabel = "N",
                description = "Copies of each partition; by default the brokers'.")
        private @Nullable Short replication;

        @Spec private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            CommandSpec command = Objects.requireNonNull(spec);
            if (partitions < 1) {
                throw new ParameterException(
                        command.commandLine(),
                        "--partitions: found " + partitions + ", expected a number of at least 1");
            }
            Problems problems = new Problems();
            Configuration options = job.read(problems);
            FreshetConfig config = FreshetConfig.read(options, problems);
            var properties = FreshetConfig.kafkaProperties(options);
            List<CreatedTopic> topics =
                    problems.all().isEmpty()
                            ? TopicCreation.create(
                                    config,
                                    properties,
                                    partitions,
                                    Optional.ofNullable(replication),
                                    problems)
                            : List.of();
            if (problems.all().isEmpty()) {
                KafkaPreflight.check(config, properties, null, problems);
            }
            return report.print(
                    command.commandLine(),
                    problems,
                    CHECKED,
                    Map.of("topics", topics.stream().map(Create::json).toList()),
                    topics.stream().map(Create::line).toList());
        }

        private static Map<String, Object> json(CreatedTopic topic) {
            return Map.of(
                    "name", topic.name(),
                    "created", topic.created(),
                    "partitions", topic.partitions(),
                    "configs", topic.configs());
        }

        private static String line(CreatedTopic topic) {
            return topic.created()
                    ? "created %s, %d partition(s) %s"
                            .formatted(
                                    topic.name(),
                                    topic.partitions(),
                                    topic.configs().isEmpty() ? "" : topic.configs())
                            .strip()
                    : "exists  " + topic.name();
        }
    }

    /** {@code freshet topics check}. */
    @Command(
            name = "check",
            description =
                    "Names everything that is wrong with the brokers, topics and rights of a job.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:nothing is wrong",
                "1:there are problems",
                "2:misuse of the command"
            })
    static final class Check implements Callable<Integer> {

        @Mixin private JobFile job = new JobFile();
        @Mixin private ProblemReport report = new ProblemReport();
        @Spec private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            Problems problems = new Problems();
            Configuration options = job.read(problems);
            FreshetConfig config = FreshetConfig.read(options, problems);
            if (problems.all().isEmpty()) {
                KafkaPreflight.check(
                        config, FreshetConfig.kafkaProperties(options), null, problems);
            }
            return report.print(
                    Objects.requireNonNull(spec).commandLine(),
                    problems,
                    CHECKED,
                    Map.of(),
                    List.of());
        }
    }
}
