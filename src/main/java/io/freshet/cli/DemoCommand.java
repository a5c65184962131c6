package io.freshet.cli;

import io.freshet.BaseTraining;
import io.freshet.FreshetJob;
import io.freshet.cli.machine.MachinePreflight;
import io.freshet.config.EncoderConfig;
import io.freshet.demo.Demo;
import io.freshet.demo.Demo.DemoSettings;
import io.freshet.demo.view.Dashboard;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.bert.TextEncoders;
import io.freshet.replay.TextVectors;
import io.freshet.serve.GatewaySettings;
import io.freshet.training.version.PretrainingProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code freshet demo}: the main job, on an embedded broker and cluster, shown in the terminal. */
@Command(
        name = "demo",
        description = {
            "Runs the job with an embedded Kafka broker and Flink cluster, feeds it a shop, and"
                    + " shows what happens. Ctrl-C ends it.",
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final Duration HISTORY = Duration.ofDays(28);
    private static final int LAST_PORT = 65_535;
    private static final double LEAST_SPEED_UP = 0.01;
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed of the shop (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "Interactions a second, on average (${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--duration",
            converter = DurationConverter.class,
            description = "Ends by itself after this time, such as 90s or 5min.")
    private @Nullable Duration duration;

    @Option(
            names = "--interactions",
            description =
                    "CSV file, plain or gzip, in place of the generated shop: user_id, item_id,"
                            + " event_type, rating, timestamp_ms; sorted by time.")
    private @Nullable Path interactions;

    @Option(names = "--items", description = "CSV file of its items: item_id, title, categories.")
    private @Nullable Path items;

    @Option(
            names = "--speed-up",
            description =
                    "How much faster than real time the CSV files are sent, 0.01 or more; by"
                            + " default at the pace of --rate.")
    private @Nullable Double speedUp;

    @Option(
            names = "--web-port",
            defaultValue = "0",
            description = "Port of Flink's web UI; 0, the default, for a free one.")
    private int webPort;

    @Option(
            names = "--port",
            description =
                    "Port of the gateway, which serves lists over HTTP; by default 8090 or, where"
                            + " that is taken, a free one.")
    private @Nullable Integer gatewayPort;

    @Option(
            names = "-O",
            paramLabel = "KEY=VALUE",
            description = "Sets an option of the job; may be repeated.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Spec private @Nullable CommandSpec spec;
    @ParentCommand private @Nullable Freshet freshet;

    @Override
    public Integer call() throws Exception {
        Dashboard dashboard = new Dashboard(() -> System.nanoTime() / 1_000_000);
        DemoScreen screen = new DemoScreen(Terminal.standard(), dashboard);
        DemoSettings settings = settings();
        MachinePreflight.find().checkForCluster();
        MachinePreflight.requireFree("--web-port", webPort);
        MachinePreflight.requireFree("--port", settings.gatewayPort());
        try (TextVectors vectors = TextVectors.create()) {
            Demo demo = demo(settings, vectors, dashboard);
            Objects.requireNonNull(freshet).beforeExit(() -> stop(demo, screen));
            try {
                screen.start();
                demo.start();
                demo.await(duration == null ? FOR_EVER : duration.minus(dashboard.elapsed()));
            } catch (CancellationException e) {
                return 0; // by Ctrl-C, while it started
            } finally {
                stop(demo, screen);
            }
        }
        return 0;
    }

    /** The job gives items the vectors that the base model was made with. */
    static Demo demo(DemoSettings settings, TextVectors vectors, Dashboard dashboard) {
        Function<EncoderConfig, TextEncoderRuntime> encoders =
                encoder -> vectors.remembering(TextEncoders.of(encoder));
        return new Demo(
                settings,
                (env, options) -> FreshetJob.build(env, options, encoders),
                (config, histories, items, progress) ->
                        new BaseTraining(encoders, step -> progress.accept(words(step)))
                                .make(config, histories, items),
                dashboard);
    }

    private DemoSettings settings() {
        require(
                (interactions == null) == (items == null),
                "--interactions and --items come together");
        require(
                webPort >= 0 && webPort <= LAST_PORT,
                "--web-port: found " + webPort + ", expected a port from 1 to 65535, or 0");
        require(
                rate > 0 && Double.isFinite(rate),
                "--rate: found " + rate + ", expected a number above 0");
        if (speedUp != null) {
            require(
                    speedUp >= LEAST_SPEED_UP && Double.isFinite(speedUp),
                    "--speed-up: found "
                            + speedUp
                            + ", expected a number of at least "
                            + LEAST_SPEED_UP
                            + "; 1 is real time");
            require(
                    interactions != null,
                    "--speed-up is for files: give --interactions and --items, or use --rate,"
                            + " which sets the pace of the generated shop");
        }
        return new DemoSettings(
                seed,
                HISTORY,
                rate,
                interactions,
                items,
                speedUp,
                webPort,
                gatewayPort(),
                JobOptions.of(options, seed));
    }

    private int gatewayPort() {
        if (gatewayPort == null) {
            return MachinePreflight.isFree(GatewaySettings.PORT) ? GatewaySettings.PORT : 0;
        }
        require(
                gatewayPort >= 0 && gatewayPort <= LAST_PORT,
                "--port: found " + gatewayPort + ", expected a port from 1 to 65535, or 0");
        return gatewayPort;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), otherwise);
        }
    }

    private static String words(PretrainingProgress step) {
        return String.format(
                Locale.ROOT,
                "pre-training on history: pass %d of %d, step %d of %d, loss %.3f",
                step.epoch(),
                step.epochs(),
                step.step(),
                step.steps(),
                step.loss());
    }

    private static void stop(Demo demo, DemoScreen screen) {
        screen.stopping();
        demo.close();
        screen.close();
    }

    /** Durations as Flink writes them: {@code 90s}, {@code 5 min}, {@code 1h}. */
    static final class DurationConverter implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            try {
                return TimeUtils.parseDuration(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + text + "' is no duration such as 90s or 5min: " + e.getMessage());
            }
        }
    }
}
