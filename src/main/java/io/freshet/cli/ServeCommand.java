package io.freshet.cli;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.serve.BearerToken;
import io.freshet.serve.Gateway;
import io.freshet.serve.GatewaySettings;
import io.freshet.serve.topic.Isolation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code freshet serve}: the HTTP gateway, until the process is ended. */
@Command(
        name = "serve",
        description = {
            "Serves lists of the running job over HTTP, and takes interactions. The first line"
                    + " printed is the address that it listens on, where openapi.json describes"
                    + " its paths. Ctrl-C or SIGTERM ends it.",
        },
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = GatewaySettings.LOOPBACK,
            description =
                    "Name or address to listen on (${DEFAULT-VALUE}); another than loopback needs"
                            + " --token-file.")
    private String host = GatewaySettings.LOOPBACK;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "" + GatewaySettings.PORT,
            description = "Port to listen on (${DEFAULT-VALUE}); 0 for a free one.")
    private int port;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the token that clients send as Authorization: Bearer TOKEN, at least"
                            + " 16 characters.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = GatewaySettings.TIMEOUT_SECONDS + "s",
            converter = DemoCommand.DurationConverter.class,
            description =
                    "Longest wait for an answer of the job, 10ms to 10min (${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(GatewaySettings.TIMEOUT_SECONDS);

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            defaultValue = "" + GatewaySettings.MAX_WAITING,
            description =
                    "Most requests that wait at the same time (${DEFAULT-VALUE}); more are refused.")
    private int maxWaiting;

    @Option(
            names = "--newest-lists",
            paramLabel = "N",
            defaultValue = "" + GatewaySettings.NEWEST_LISTS,
            description =
                    "Users whose newest list is kept in memory, to be served when the job doesn't"
                            + " answer (${DEFAULT-VALUE}, at some 2 KB each); 0 for none.")
    private int newestLists;

    @Option(
            names = "--isolation",
            paramLabel = "LEVEL",
            defaultValue = "read_uncommitted",
            description =
                    "read_uncommitted (default): an answer counts as soon as it is written; if the"
                            + " job fails before its next checkpoint it is taken back, and made"
                            + " again, maybe otherwise. read_committed: only after the checkpoint,"
                            + " for which --timeout must be long enough.")
    private Isolation isolation = Isolation.READ_UNCOMMITTED;

    @Option(
            names = "--options",
            paramLabel = "FILE",
            description = "The job's own file of options: brokers, topics and limits of records.")
    private @Nullable Path file;

    @Option(
            names = "-O",
            paramLabel = "KEY=VALUE",
            description =
                    "An option of the job, such as kafka.bootstrap-servers, in place of the file's;"
                            + " may be repeated.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Spec private @Nullable CommandSpec spec;
    @ParentCommand private @Nullable Freshet freshet;

    @Override
    public Integer call() throws IOException, InterruptedException {
        GatewaySettings settings = settings();
        Configuration job = job();
        CountDownLatch end = new CountDownLatch(1);
        try (Gateway gateway =
                Gateway.start(
                        settings, FreshetConfig.from(job), FreshetConfig.kafkaProperties(job))) {
            Objects.requireNonNull(freshet)
                    .beforeExit(
                            () -> {
                                gateway.close();
                                end.countDown();
                            });
            Objects.requireNonNull(spec).commandLine().getOut().println(gateway.url());
            end.await();
        }
        return 0;
    }

    private GatewaySettings settings() throws IOException {
        BearerToken token = tokenFile == null ? null : BearerToken.read(tokenFile);
        try {
            return new GatewaySettings(
                    host, port, token, timeout, maxWaiting, newestLists, isolation);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
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
