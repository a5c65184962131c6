package io.freshet.serve.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.config.FreshetConfig;
import io.freshet.event.TestingSchemas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LivePageTest {

    private final LivePage page =
            new LivePage(
                    FreshetConfig.from(new Configuration()).kafka(),
                    new Properties(),
                    List.of("view"));

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void a_snapshot_has_the_newest_records_without_what_is_not_shown() throws Exception {
        for (int window = 1; window <= LivePage.CHECKPOINTS + 1; window++) {
            receive(
                    "model-checkpoints",
                    "",
                    "{\"window\":%d,\"trained_offsets\":[{\"first\":1}]}".formatted(window));
        }
        receive("dead-letters", "", "{\"payload\":\"%s\"}".formatted("QUJD".repeat(2000)));
        receive("evaluations", "", "no JSON");

        JsonNode snapshot = snapshot("");
        assertThat(snapshot.path("acting").path(0).asText()).isEqualTo("view");
        assertThat(snapshot.path("checkpoints")).hasSize(LivePage.CHECKPOINTS);
        assertThat(snapshot.at("/checkpoints/0").toString()).isEqualTo("{\"window\":2}");
        assertThat(snapshot.at("/dead_letters/0/payload").asText()).hasSize(4096);
        assertThat(snapshot.at("/figures/dead_letters").asInt()).isEqualTo(1);
        assertThat(snapshot.path("evaluations")).isEmpty();
    }

    @Test
    void items_have_titles_until_they_are_withdrawn_and_are_counted_on_lists() {
        receive("items", "i-1", "{\"item_id\":\"i-1\",\"title\":\"A\",\"categories\":[\"c\"]}");
        receive("recommendations", "u-1", "{\"items\":[{\"item_id\":\"i-1\"}]}");
        receive("recommendations", "u-2", "{\"items\":[]}");

        assertThat(page.items(List.of("i-1")))
                .isEqualTo(
                        "{\"i-1\":{\"title\":\"A\",\"categories\":[\"c\"],\"available\":true,\"shown\":1,\"lists\":2}}");
        page.receive("items", "i-1", null);
        assertThat(page.items(List.of("i-1"))).isEqualTo("{\"i-1\":{\"shown\":1,\"lists\":2}}");
    }

    @Test
    void figures_are_of_the_lists_that_came_and_forgotten_users_are_not_named() throws Exception {
        long now = System.currentTimeMillis();
        for (int millis : new int[] {100, 300, 900}) {
            receive(
                    "recommendations",
                    "u-" + millis,
                    "{\"arrived_at_ms\":%d,\"served_at_ms\":%d}".formatted(now - millis, now));
        }
        receive("recommendations", "", "{\"kind\":\"popular\"}");
        page.receive("recommendations", "u-300", null);

        JsonNode figures = snapshot("").path("figures");
        assertThat(figures.path("freshness_p50_ms").asLong()).isEqualTo(300);
        assertThat(figures.path("freshness_p95_ms").asLong()).isEqualTo(900);
        assertThat(figures.path("users").toString()).isEqualTo("[\"u-100\",\"u-900\"]");
    }

    @Test
    void a_users_lists_go_to_the_browsers_that_follow_the_user() throws Exception {
        EventStream follower = page.open("u-1").orElseThrow();
        EventStream other = page.open("").orElseThrow();

        receive("recommendations", "u-1", "{\"request_id\":\"r-1\"}");
        receive("recommendations", "u-2", "{\"request_id\":\"r-2\"}");
        receive("evaluations", "lists", "{\"window\":1}");

        assertThat(events(follower, 3))
                .contains("event: list\ndata: {\"request_id\":\"r-1\"}", "event: evaluation")
                .doesNotContain("r-2");
        assertThat(events(other, 2)).contains("event: evaluation").doesNotContain("event: list");
    }

    @Test
    void a_browser_that_does_not_read_is_dropped_and_holds_nobody_up() {
        EventStream idle = page.open("").orElseThrow();

        for (int window = 0; window < EventStream.MOST_WAITING; window++) {
            receive("evaluations", "lists", "{\"window\":%d}".formatted(window));
        }

        assertThat(idle.isEnded()).isTrue();
    }

    @Test
    void no_more_browsers_than_may_are_written_to() {
        Optional<EventStream> last = Optional.empty();
        for (int browser = 0; browser < 33; browser++) {
            last = page.open("");
        }
        assertThat(last).isEmpty();
        page.close();
        assertThat(page.write("", OutputStream.nullOutputStream(), () -> {})).isFalse();
    }

    private void receive(String topic, String key, String value) {
        page.receive(topic, key, value.getBytes(UTF_8));
    }

    private JsonNode snapshot(String user) throws InterruptedException {
        String event = events(page.open(user).orElseThrow(), 1);
        String data = event.lines().skip(1).findFirst().orElse("");
        return TestingSchemas.json(data.replaceFirst("data: ", "").getBytes(UTF_8));
    }

    /** The first events of a stream. */
    private static String events(EventStream stream, int number) throws InterruptedException {
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        OutputStream leaving =
                new OutputStream() {
                    private int written;

                    @Override
                    public void write(int one) {
                        found.write(one);
                    }

                    @Override
                    public void flush() throws IOException {
                        if (++written == number) {
                            throw new IOException("the browser goes");
                        }
                    }
                };
        stream.writeTo(leaving);
        return found.toString(UTF_8);
    }
}
