package io.freshet.serve.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.freshet.demo.EmbeddedKafka;
import io.freshet.serve.BearerToken;
import io.freshet.serve.Gateway;
import io.freshet.serve.GatewaySettings;
import io.freshet.serve.TestingConfig;
import io.freshet.serve.topic.Isolation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The live page in a browser, with a real broker, and something in place of the job. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LivePageITCase {

    private static final String SECRET = "a-secret-of-this-test";
    private static final List<String> TOPICS =
            List.of(
                    "requests",
                    "interactions",
                    "controls",
                    "recommendations",
                    "model-checkpoints",
                    "evaluations",
                    "dead-letters",
                    "audit",
                    "items");

    private static final String BEHIND =
            "parseInt(document.querySelector('#tile-input .tile-note').textContent)";

    private static EmbeddedKafka broker;
    private static TestingPageJob job;
    private static TestingHistory history;
    private static Gateway gateway;
    private static TestingBrowser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = TestingBrowser.start();
        broker = EmbeddedKafka.start();
        for (String topic : TOPICS) {
            broker.createTopic(topic, 1);
        }
        job = new TestingPageJob(broker.bootstrapServers());
        job.announceItems();
        history = new TestingHistory(job);
        history.write();
        List.of("u-3", "u-9", "u-7").forEach(job::write);
        gateway =
                gateway(
                        GatewaySettings.onLoopback(0)
                                .withActing(List.of("view", "purchase", "hide")));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (browser != null) {
            browser.close();
            gateway.close();
            job.close();
            broker.close();
        }
    }

    @BeforeEach
    void widen() {
        browser.show(1440, false);
        var unused = browser.complaints(); // of other tests
    }

    @Test
    void the_overview_shows_quality_with_its_marks_and_goes_on_without_a_reload() {
        open("overview");

        browser.await(".legend", "Frozen base");
        assertThat(browser.texts(".legend li"))
                .anyMatch(text -> text.startsWith("Lists\n0."))
                .anyMatch(text -> text.startsWith("Live model\n0."))
                .anyMatch(text -> text.contains("Promotion"))
                .anyMatch(text -> text.contains("Refusal"))
                .anyMatch(text -> text.contains("Rollback"));
        browser.await("#tile-version .value", "6");
        browser.awaitScript("Number(document.querySelector('#tile-dead .value').textContent) >= 2");
        browser.awaitScript("document.querySelector('.chart canvas') !== null");
        history.evaluate("popularity", 41, 0.1);
        browser.await(".legend", "Plain popularity");
        job.write("u-7");
        browser.await("#tile-fresh .value", "240");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void the_overview_shows_how_far_behind_the_interactions_the_job_is() {
        open("overview");
        browser.await("#tile-input .tile-note", "not in a checkpoint yet");
        int before = behind();

        for (int more = 0; more < 50; more++) {
            job.send("interactions", "u-3", JsonNodeFactory.instance.objectNode());
        }

        browser.awaitScript(BEHIND + " >= " + (before + 50));
        browser.awaitScript(
                "parseFloat(document.querySelector('#tile-input .value').textContent) > 0");
    }

    @Test
    void a_user_is_shown_with_the_reasons_and_a_hostile_title_is_text() {
        open("user/u-reader");

        browser.await(".items", TestingPageJob.HOSTILE);
        assertThat(browser.script("window.hacked === undefined")).isEqualTo(true);
        assertThat(browser.texts(".item")).hasSize(10);
        assertThat(browser.texts(".item").get(0))
                .contains("Trail running shoe", "Model, because of Enamel mug", "2.400");
        assertThat(browser.texts(".item").get(6)).contains("placed with probability 0.42");
        assertThat(browser.texts(".basis li"))
                .containsExactly(
                        "Chose\nEnamel mug\n1 min before",
                        "Rejected\nTwo-person tent, three seasons\n2 h before");
        assertThat(browser.await(".item .bar").getAttribute("aria-label"))
                .contains("Model +1.100", "Transition +0.400");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_click_that_acts_changes_the_list() {
        open("user/u-actor");
        browser.await(".items", "Enamel mug");

        browser.click("[data-item='i-0'] [data-act='hide']");
        browser.await(".note", "The list has changed");
        assertThat(browser.texts(".items")).noneMatch(text -> text.contains("Trail running shoe"));
        browser.click("[data-item='i-8'] [data-act='purchase']");
        browser.await(".item:first-child", "Rucksack");
        assertThat(browser.await(".item:first-child .move").getText()).startsWith("▲");
    }

    @Test
    void a_new_list_of_the_user_is_shown_by_itself() {
        open("user/u-mover");
        browser.await(".items", "Enamel mug");

        job.write("u-mover");

        browser.await(".note", "A new list came");
    }

    @Test
    void a_rollback_is_asked_for_after_a_question_and_its_outcome_is_shown() {
        open("versions");
        int before = job.controls().size();

        browser.click("[data-version='4'] button");
        browser.await("dialog[open]", "Roll back to version 4?");
        browser.press(Keys.ESCAPE);
        browser.awaitScript("document.querySelector('dialog') === null");
        assertThat(job.controls()).hasSize(before);
        browser.click("[data-version='4'] button");
        browser.click("#confirm-rollback");
        browser.await(".outcome", "Rolled back to version 4.");
        assertThat(job.controls().get(before).path("kind").asText()).isEqualTo("rollback");
        assertThat(job.controls().get(before).path("version").asLong()).isEqualTo(4);
        browser.click("[data-version='2'] button");
        browser.click("#confirm-rollback");
        browser.await(".outcome", "was refused: No version 2 in file:/models");
    }

    @Test
    void versions_have_parents_verdicts_and_figures() {
        open("versions");

        browser.await(".versions", "Version 6");
        WebElement newest = browser.await(".version[data-version='6']");
        assertThat(newest.getText())
                .contains("Promoted", "Live", "5.2371", "5.2034", "612", "2.3 s");
        assertThat(browser.texts(".version")).anyMatch(text -> text.contains("Back to version 2"));
        assertThat(browser.await(".lineage svg").getAttribute("aria-label"))
                .contains("version 6 is live");
    }

    @Test
    void problems_show_what_could_not_be_read_as_text() {
        open("problems");

        browser.await("#dead-letters", "interactions:0:31");
        browser.click("#dead-letters li:first-child summary");
        browser.await("#dead-letters pre", TestingPageJob.HOSTILE);
        assertThat(browser.script("window.hacked === undefined")).isEqualTo(true);
        assertThat(browser.texts(".cases").toString()).contains("Window 23");
        browser.await(".parts", "Kafka brokers");
        history.deadLetter(77, "no JSON", "value");
        browser.await("#dead-letters li:first-child", "interactions:0:77");
    }

    @Test
    void an_item_is_shown_with_what_is_similar() {
        open("item/i-4");

        browser.await("h2", "Down sleeping bag");
        browser.await(".facts", "outdoor › trail");
        browser.await(".similar", "Merino base layer");
        assertThat(browser.await(".similar .bar").getAttribute("aria-label"))
                .contains("Model +1.100");
        browser.await(".facts", "in ");
    }

    @Test
    void a_lost_connection_is_said_and_comes_back_by_itself() throws IOException {
        Gateway first = gateway(GatewaySettings.onLoopback(0));
        String url = first.url();
        int port = URI.create(url).getPort();
        browser.open(url);
        browser.await("#connection", "Live");

        first.close();
        browser.await("#banner", "The connection to the gateway is lost");
        try (Gateway second = gateway(GatewaySettings.onLoopback(port))) {
            assertThat(second.url()).isEqualTo(url);
            browser.await("#connection", "Live");
            browser.await(".legend", "Frozen base");
            browser.open("about:blank");
        }
    }

    @Test
    void a_gateway_with_a_token_asks_for_it(@TempDir Path files) throws IOException {
        Path file = Files.writeString(files.resolve("token"), SECRET);
        GatewaySettings settings =
                new GatewaySettings(
                        GatewaySettings.LOOPBACK,
                        0,
                        BearerToken.read(file),
                        Duration.ofSeconds(2),
                        10,
                        10,
                        Isolation.READ_UNCOMMITTED);
        try (Gateway guarded = gateway(settings)) {
            browser.open(guarded.url() + "/#/user/u-7");

            browser.await("#token").sendKeys("another-secret-of-it", Keys.ENTER);
            browser.await("form.token", "refused this one");
            browser.await("#token").sendKeys(SECRET, Keys.ENTER);
            browser.await(".items", "Enamel mug");
            assertThat(browser.texts(".acts")).isEmpty();
            browser.open("about:blank");
        }
    }

    @Test
    void the_keyboard_alone_leads_to_a_user() {
        open("overview");
        browser.await(".legend", "Frozen base");

        assertThat(browser.tabTo("nav a[data-view='user']")).isTrue();
        browser.press(Keys.ENTER);
        browser.await("#user-id");
        assertThat(browser.tabTo("#user-id")).isTrue();
        browser.press("u-keys", Keys.ENTER);
        browser.await("h2.id", "u-keys");
        browser.await(".items", "Enamel mug");
        assertThat(browser.tabTo("[data-act='hide']")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "overview, .legend, Frozen base",
        "user/u-7, .items, Enamel mug",
        "versions, .versions, Version 6",
        "problems, .parts, Kafka brokers",
        "item/i-4, .similar, Enamel mug"
    })
    void every_view_fits_a_telephone_and_a_desk_by_day_and_by_night(
            String view, String selector, String text) {
        for (int width : List.of(1440, 390)) {
            for (boolean dark : List.of(false, true)) {
                browser.show(width, dark);
                open(view);
                browser.await(selector, text);
                browser.await("#connection", "Live");

                browser.photograph(
                        Path.of("target", "screenshots")
                                .resolve(
                                        "%s-%d-%s.png"
                                                .formatted(
                                                        view.replaceAll("/.*", ""),
                                                        width,
                                                        dark ? "dark" : "light")));

                assertThat(browser.script("document.documentElement.scrollWidth"))
                        .as("%s at %d", view, width)
                        .isEqualTo(browser.script("document.documentElement.clientWidth"));
            }
        }
    }

    private static int behind() {
        return ((Long) Objects.requireNonNull(browser.script(BEHIND))).intValue();
    }

    private static void open(String view) {
        browser.open(gateway.url() + "/#/" + view);
    }

    private static Gateway gateway(GatewaySettings settings) throws IOException {
        return Gateway.start(
                settings, TestingConfig.of(broker.bootstrapServers()), new Properties());
    }
}
