package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.demo.Demo;
import io.freshet.demo.Demo.DemoSettings;
import io.freshet.demo.view.Dashboard;
import io.freshet.demo.view.Figures;
import io.freshet.event.ModelCheckpoint;
import io.freshet.replay.TextVectors;
import io.freshet.serve.page.TestingBrowser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole demo with the real job: broker, cluster, TensorFlow, shop. */
@Timeout(300)
class DemoCommandITCase {

    private static final Duration STEP = Duration.ofMillis(500);
    private static final Map<String, String> OPTIONS =
            Map.of(
                    "training.pretrain-epochs", "1",
                    "training.min-interactions", "400",
                    "training.updates-per-version", "2",
                    "model.width", "32");

    /** In one step, since the user is active and the list may change at any time. */
    private static final String HIDE_THE_FIRST =
            "(item => (item.querySelector(\"[data-act='hide']\").click(), item.dataset.item))"
                    + "(document.querySelector('.item'))";

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final Dashboard DASHBOARD = new Dashboard(() -> System.nanoTime() / 1_000_000);

    private static TextVectors vectors;
    private static Demo demo;

    @BeforeAll
    static void start() throws Exception {
        vectors = TextVectors.create();
        DemoSettings settings =
                new DemoSettings(
                        1,
                        Duration.ofDays(7),
                        300,
                        null,
                        null,
                        null,
                        0,
                        0,
                        JobOptions.of(OPTIONS, null));
        demo = DemoCommand.demo(settings, vectors, DASHBOARD);
        demo.start();
    }

    @AfterAll
    static void stop() throws IOException {
        demo.close();
        vectors.close();
    }

    @Test
    void theJobTrainsServesAndIsComparedWithTheFrozenModel() throws Exception {
        Figures figures = await(DemoCommandITCase::complete);

        assertThat(listFrom(figures)).contains("\"kind\":\"personal\"", "\"item_id\"");
        ModelCheckpoint last = Objects.requireNonNull(figures.training().last());
        assertThat(last.version()).isGreaterThan(1);
        assertThat(figures.training().windows()).isGreaterThan(figures.training().promoted());
        assertThat(figures.training().count(ModelCheckpoint.Verdict.FAILED)).isZero();
        assertThat(figures.stream().deadLetters()).isLessThanOrEqualTo(figures.stream().broken());
    }

    @Test
    void theLivePageShowsTheJobAndWhatAShopperDoesThereChangesTheList() throws Exception {
        try (TestingBrowser browser = TestingBrowser.start()) {
            Figures figures = await(DemoCommandITCase::complete);
            String page = figures.gateway() + "/#/";
            String user = Objects.requireNonNull(figures.user()).userId();

            browser.open(page + "overview");
            browser.await("#connection", "Live");
            for (String system : List.of("Lists", "Live model", "Frozen base", "Promotion")) {
                browser.await(".legend", system);
            }
            browser.await("#tile-input .tile-note", "not in a checkpoint yet");
            browser.photograph(SCREENSHOTS.resolve("demo-overview.png"));
            browser.open(page + "problems");
            browser.await("#dead-letters", "interactions:");
            browser.open(page + "user/" + user);
            browser.await(".item .what p", "because of");
            browser.await(".basis li", "Chose");
            browser.photograph(SCREENSHOTS.resolve("demo-user.png"));
            String first = String.valueOf(browser.script(HIDE_THE_FIRST));
            browser.awaitScript(
                    "document.querySelector(\"[data-item='%s']\") === null".formatted(first));
            browser.awaitScript(
                    "Array.from(document.querySelectorAll('.basis li'))"
                            + ".some(one => one.textContent.startsWith('Rejected')"
                            + " && one.querySelector('a').hash === '#/item/%s')".formatted(first));
            browser.open(page + "item/" + first);
            browser.await(".similar table tr:nth-child(3)");
            browser.open(page + "versions");
            browser.click("[data-version='2'] button");
            browser.click("#confirm-rollback");
            browser.await(".outcome", "Rolled back to version 2.");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static Figures await(Predicate<Figures> condition) throws Exception {
        Figures figures = DASHBOARD.figures();
        while (!condition.test(figures)) {
            assertThat(demo.await(STEP)).as("the job has ended: %s", figures).isFalse();
            figures = DASHBOARD.figures();
        }
        return figures;
    }

    /** What the gateway answers on the user that the screen follows. */
    private static String listFrom(Figures figures) throws Exception {
        String user = Objects.requireNonNull(figures.user()).userId();
        URI list = URI.create(figures.gateway() + "/users/" + user + "/recommendations");
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(list).build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Freshet-Fallback")).isEmpty();
        return answer.body();
    }

    private static boolean complete(Figures figures) {
        return List.of(figures.live(), figures.frozen(), figures.served()).stream()
                        .allMatch(quality -> quality.positions() > 0)
                && figures.training().promoted() > 2
                && figures.lists().users() > 1_000
                && figures.stream().deadLetters() > 0
                && figures.job().counted() > figures.stream().history()
                && figures.job().duplicates() > 0
                && figures.job().refused() > 0
                && figures.user() != null;
    }
}
