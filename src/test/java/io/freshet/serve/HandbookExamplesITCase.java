package io.freshet.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.demo.EmbeddedKafka;
import io.freshet.serve.topic.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the handbook's section "Ask for a list", run as they are against a gateway. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HandbookExamplesITCase {

    private static final Path HANDBOOK = Path.of("src/site/markdown/handbook.md");
    private static final String URL = "http://127.0.0.1:8090";

    private static final GatewaySettings PATIENT =
            new GatewaySettings(
                    GatewaySettings.LOOPBACK,
                    0,
                    null,
                    Duration.ofSeconds(30),
                    GatewaySettings.MAX_WAITING,
                    GatewaySettings.NEWEST_LISTS,
                    Isolation.READ_UNCOMMITTED);

    private static EmbeddedKafka broker;
    private static TestingListJob job;
    private static Gateway gateway;

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedKafka.start();
        broker.createTopic("requests", 2);
        broker.createTopic("interactions", 1);
        broker.createTopic("recommendations", 1);
        job = new TestingListJob(broker.bootstrapServers());
        gateway =
                Gateway.start(
                        PATIENT, TestingConfig.of(broker.bootstrapServers()), new Properties());
        new TestingClient(gateway.url()).awaitHealth(200);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        gateway.close();
        job.close();
        broker.close();
    }

    @Test
    void curl() throws Exception {
        assumeThat(isThere("curl")).isTrue();
        Path script = write("ask.sh", example("bash"));

        assertThat(run("bash", "-e", script.toString()))
                .contains(
                        "\"user_id\":\"u-7\"",
                        "\"kind\":\"personal\"",
                        "\"kind\":\"similar-items\"",
                        "\"kind\":\"next-in-session\"");
        assertThat(job.asked())
                .anyMatch(asked -> asked.at("/exclude_categories/0").asText().equals("toys"))
                .anyMatch(asked -> asked.path("items").toString().equals("[\"i-7\",\"i-42\"]"));
        JsonNode health = new TestingClient(gateway.url()).get("/health").json();
        assertThat(health.at("/counts/interactions").asInt()).isOne();
    }

    @Test
    void python() throws Exception {
        assumeThat(isThere("python3")).isTrue();
        Path script = write("ask.py", example("python"));

        assertThat(run("python3", script.toString())).isEqualTo("['answer']\n");
        assertThat(job.asked())
                .anyMatch(
                        asked ->
                                asked.path("exclude_items").toString().equals("[\"i-1\",\"i-2\"]"));
    }

    @Test
    void java() throws Exception {
        Path source = write("Ask.java", example("java"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        assertThat(run(java, source.toString()))
                .contains("\"user_id\":\"u-7\"", "\"kind\":\"personal\"");
    }

    /** The only example in a language, with the address of this test's gateway. */
    private static String example(String language) throws IOException {
        String handbook = Files.readString(HANDBOOK, UTF_8);
        int begin = handbook.indexOf("\n## Ask for a list\n");
        String section = handbook.substring(begin, handbook.indexOf("\n## ", begin + 1));
        Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(section);
        assertThat(block.results()).hasSize(1);
        assertThat(block.find(0)).isTrue();
        assertThat(block.group(1)).contains(URL);
        return block.group(1).replace(URL, gateway.url());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text, UTF_8);
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
