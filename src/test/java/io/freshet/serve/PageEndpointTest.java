package io.freshet.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.serve.topic.Isolation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page's paths, of a gateway whose brokers are not there. */
class PageEndpointTest {

    private static final String SECRET = "a-secret-of-this-test";

    private final HttpClient http = HttpClient.newHttpClient();
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = gateway(GatewaySettings.onLoopback(0));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void the_page_and_all_that_it_refers_to_are_served_without_the_brokers() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(header("Content-Type", page)).startsWith("text/html");
        assertThat(header("Content-Security-Policy", page)).startsWith("default-src 'self';");
        assertThat(page.body()).doesNotContain("http://", "https://");
        assertThat(get("/page/app.js").body()).contains("import ");
        assertThat(header("Content-Type", get("/page/page.css"))).startsWith("text/css");
        assertThat(get("/page/uPlot.esm.js").body()).contains("export { uPlot as default }");
        assertThat(get("/page/../Gateway.class").statusCode()).isEqualTo(404);
        assertThat(get("/page/nothing.js").statusCode()).isEqualTo(404);
    }

    @Test
    void every_file_of_the_page_is_served() throws Exception {
        Path files = Path.of("src/main/resources/io/freshet/serve/page");
        try (var found = Files.list(files)) {
            for (Path file : found.toList()) {
                String name = file.getFileName().toString();
                String path = name.equals("index.html") ? "/" : "/page/" + name;
                assertThat(get(path).body()).as(path).isEqualTo(Files.readString(file));
            }
        }
    }

    @Test
    void events_begin_with_a_snapshot() throws IOException {
        try (Socket socket = connect()) {
            send("GET /page/events HTTP/1.1\r\nHost: localhost\r\n\r\n", socket);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

            assertThat(in.lines().filter(line -> line.startsWith("event: ")).findFirst())
                    .contains("event: snapshot");
            assertThat(in.readLine()).startsWith("data: {\"acting\":[],\"evaluations\":[]");
        }
    }

    @Test
    void a_rollback_needs_json_and_a_version() throws Exception {
        assertThat(post("text/plain", "{\"version\":3}").statusCode()).isEqualTo(415);
        assertThat(post("application/json", "{\"version\":0}").statusCode()).isEqualTo(400);
        assertThat(post("application/json", "{\"version\":\"3\"}").statusCode()).isEqualTo(400);
        assertThat(post("application/json", "{\"version\":3,\"update\":1.5}").statusCode())
                .isEqualTo(400);
        assertThat(post("application/json", "{").statusCode()).isEqualTo(400);
        assertThat(post("application/json", "").statusCode()).isEqualTo(400);
        assertThat(post("application/json", "{\"version\":3}").statusCode()).isEqualTo(202);
    }

    @Test
    void items_that_are_asked_for_are_not_too_many() throws Exception {
        assertThat(get("/page/items?id=i-1").body())
                .isEqualTo("{\"i-1\":{\"shown\":0,\"lists\":0}}");
        assertThat(get("/page/items?" + "id=i&".repeat(201)).statusCode()).isEqualTo(400);
    }

    @Test
    void a_request_for_another_host_is_refused_where_there_is_no_token() throws IOException {
        for (String path : new String[] {"/", "/health", "/popular", "/page/events"}) {
            String answer = ask(path, "rebound.example:8090");
            assertThat(answer).as(path).startsWith("HTTP/1.1 421");
            assertThat(answer).contains("application/problem+json", "problem:other-host");
        }
        assertThat(ask("/", "localhost:8090")).startsWith("HTTP/1.1 200");
        assertThat(ask("/", "[::1]:8090")).startsWith("HTTP/1.1 200");
    }

    @Test
    void with_a_token_the_files_alone_are_open_and_any_host_may_be_named() throws Exception {
        gateway.close();
        gateway =
                gateway(
                        new GatewaySettings(
                                GatewaySettings.LOOPBACK,
                                0,
                                new BearerToken(SECRET),
                                Duration.ofSeconds(2),
                                10,
                                10,
                                Isolation.READ_UNCOMMITTED));

        assertThat(get("/").statusCode()).isEqualTo(200);
        assertThat(get("/page/app.js").statusCode()).isEqualTo(200);
        assertThat(get("/page/events").statusCode()).isEqualTo(401);
        assertThat(get("/page/items?id=i-1").statusCode()).isEqualTo(401);
        assertThat(post("application/json", "{\"version\":3}").statusCode()).isEqualTo(401);
        assertThat(ask("/", "freshet.example")).startsWith("HTTP/1.1 200");
    }

    private static Gateway gateway(GatewaySettings settings) throws IOException {
        return Gateway.start(settings, TestingConfig.of("127.0.0.1:1"), new Properties());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(gateway.url() + path)).build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String type, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(gateway.url() + PageEndpoint.ROLLBACK))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private String ask(String path, String host) throws IOException {
        try (Socket socket = connect()) {
            send(
                    "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(path, host),
                    socket);
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private Socket connect() throws IOException {
        URI address = URI.create(gateway.url());
        return new Socket(address.getHost(), address.getPort());
    }

    private static void send(String request, Socket socket) throws IOException {
        socket.getOutputStream().write(request.getBytes(US_ASCII));
    }

    private static String header(String name, HttpResponse<String> response) {
        return response.headers().firstValue(name).orElse("none");
    }
}
