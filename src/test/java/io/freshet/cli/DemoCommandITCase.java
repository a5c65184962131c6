package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.demo.Demo;
import io.freshet.demo.Demo.DemoSettings;
import io.freshet.demo.view.Dashboard;
import io.freshet.demo.view.Figures;
import io.freshet.event.ModelCheckpoint;
import io.freshet.replay.TextVectors;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    @Test
    void theJobTrainsServesAndIsComparedWithTheFrozenModel() throws Exception {
        Dashboard dashboard = new Dashboard(() -> System.nanoTime() / 1_000_000);
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
        Figures figures;
        try (TextVectors vectors = TextVectors.create();
                Demo demo = DemoCommand.demo(settings, vectors, dashboard)) {
            demo.start();
            figures = dashboard.figures();
            while (!complete(figures)) {
                assertThat(demo.await(STEP)).as("the job has ended: %s", figures).isFalse();
                figures = dashboard.figures();
            }
            assertThat(listFrom(figures)).contains("\"kind\":\"personal\"", "\"item_id\"");
        }
        ModelCheckpoint last = Objects.requireNonNull(figures.training().last());
        assertThat(last.version()).isGreaterThan(1);
        assertThat(figures.training().windows()).isGreaterThan(figures.training().promoted());
        assertThat(figures.training().count(ModelCheckpoint.Verdict.FAILED)).isZero();
        assertThat(figures.stream().deadLetters()).isLessThanOrEqualTo(figures.stream().broken());
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
