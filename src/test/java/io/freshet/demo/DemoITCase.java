package io.freshet.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.FeedbackConfig;
import io.freshet.demo.Demo.BaseModel;
import io.freshet.demo.Demo.DemoJob;
import io.freshet.demo.Demo.DemoSettings;
import io.freshet.demo.view.Dashboard;
import io.freshet.demo.view.Figures;
import io.freshet.replay.TestingHistory;
import io.freshet.testing.ListeningSockets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DemoITCase {

    private static final DemoSettings SETTINGS =
            new DemoSettings(
                    3, Duration.ofDays(7), 400, null, null, null, 0, 0, new Configuration());
    private static final BaseModel NO_BASE = (config, histories, items, progress) -> {};
    private static final Duration STEP = Duration.ofMillis(200);

    private final Dashboard dashboard = new Dashboard(() -> System.nanoTime() / 1_000_000);

    @Test
    void feedsTheJobShowsWhatComesOutAndLeavesNothingBehind() throws Exception {
        Set<Path> before = temporaryDirectories();
        try (Demo demo = new Demo(SETTINGS, new TestingJob(), NO_BASE, dashboard)) {
            demo.start();
            Figures figures =
                    await(
                            demo,
                            now ->
                                    now.stream().sent() > 1_000
                                            && now.stream().deadLetters() > 30
                                            && now.lists().received() > 10_000
                                            && now.user() != null);

            assertThat(figures.stream().perSecond()).isBetween(200.0, 800.0);
            assertThat(figures.stream().history()).isGreaterThan(10_000);
            assertThat(figures.stream().lastReason()).isNotEmpty();
            assertThat(figures.lists().firstAfterMillis()).isPositive();
            assertThat(webPage(figures.webUi())).contains("Apache Flink");
            assertThat(ListeningSockets.beyondLoopback()).isEmpty();
        }
        assertThat(temporaryDirectories()).isEqualTo(before);
    }

    @Test
    void aClosedDemoStopsStarting() throws Exception {
        Set<Path> before = temporaryDirectories();
        CompletableFuture<Void> making = new CompletableFuture<>();
        BaseModel endless =
                (config, histories, items, progress) -> {
                    making.complete(null);
                    for (int pass = 1; ; pass++) {
                        progress.accept("pass " + pass);
                    }
                };
        Demo demo = new Demo(SETTINGS, new TestingJob(), endless, dashboard);
        CompletableFuture<Void> starting = CompletableFuture.runAsync(() -> start(demo));
        making.get(60, TimeUnit.SECONDS);
        demo.close();

        assertThatThrownBy(() -> starting.get(1, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(CancellationException.class);
        assertThat(temporaryDirectories()).isEqualTo(before);
    }

    @Test
    void exposuresMakeNoBase(@TempDir Path files) throws Exception {
        TestingHistory.write(files, 400, 20, 30, 1_000);
        List<String> rows = TestingHistory.gunzip(files.resolve("interactions.csv.gz"));
        for (int row = 1; row < rows.size(); row += 2) {
            rows.set(row, rows.get(row).replace("click", "impression"));
        }
        Path interactions = Files.write(files.resolve("interactions.csv"), rows);
        DemoSettings settings =
                new DemoSettings(
                        3,
                        Duration.ofDays(7),
                        400,
                        interactions,
                        files.resolve("items.csv"),
                        null,
                        0,
                        0,
                        new Configuration()
                                .set(FeedbackConfig.EXPOSURE_TYPES, List.of("impression")));
        List<String> types = new ArrayList<>();
        BaseModel base =
                (config, histories, items, progress) -> {
                    histories.forEach(user -> user.forEach(row -> types.add(row.eventType())));
                    throw new IOException("enough was seen");
                };
        try (Demo demo = new Demo(settings, new TestingJob(), base, dashboard)) {
            assertThatThrownBy(demo::start).hasMessage("enough was seen");
        }

        assertThat(types).as("half of a quarter of the rows").hasSize(50).containsOnly("click");
    }

    @Test
    void aJobThatFailsEndsTheDemoWithItsReason() throws Exception {
        DemoJob failing =
                (env, options) ->
                        env.fromSequence(1, Long.MAX_VALUE)
                                .uid("numbers")
                                .map(DemoITCase::refuse)
                                .uid("refusal")
                                .print()
                                .uid("print");
        try (Demo demo = new Demo(SETTINGS, failing, NO_BASE, dashboard)) {
            demo.start();
            assertThatThrownBy(() -> demo.await(Duration.ofSeconds(60)))
                    .hasStackTraceContaining("no to ");
        }
    }

    private static Long refuse(Long number) {
        throw new IllegalStateException("no to " + number);
    }

    private static void start(Demo demo) {
        try {
            demo.start();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Figures await(Demo demo, Predicate<Figures> wanted) throws Exception {
        Figures figures = dashboard.figures();
        while (!wanted.test(figures)) {
            assertThat(demo.await(STEP)).as("the job has ended").isFalse();
            figures = dashboard.figures();
        }
        return figures;
    }

    private static String webPage(String address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static Set<Path> temporaryDirectories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(DemoITCase::isOurs).collect(Collectors.toSet());
        }
    }

    private static boolean isOurs(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(TemporaryDirectory.prefix("demo"))
                || name.startsWith(TemporaryDirectory.prefix("kafka"));
    }
}
