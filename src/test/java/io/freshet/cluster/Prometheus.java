package io.freshet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.freshet.monitoring.Promtool;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A real Prometheus on loopback, by this repository's configuration and rules but for what it
 * scrapes, and that every second.
 */
final class Prometheus implements AutoCloseable {

    private static final Path CONFIGURATION = Path.of("docker/prometheus").toAbsolutePath();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final int port = Ports.free();
    private final ChildJvm process;

    /**
     * Starts it, ready when this returns.
     *
     * @param directory for its configuration, log and data
     * @param ports of loopback to scrape
     */
    Prometheus(Path directory, List<Integer> ports) throws IOException {
        Path configuration = directory.resolve("prometheus.yml");
        new YAMLMapper().writeValue(configuration.toFile(), configuration(ports));
        process =
                ChildJvm.startProgram(
                        "prometheus",
                        Promtool.require("prometheus"),
                        List.of(
                                "--config.file=" + configuration,
                                "--storage.tsdb.path=" + directory.resolve("prometheus"),
                                "--web.listen-address=127.0.0.1:" + port),
                        directory);
        process.awaitPort(port);
    }

    /** The result of an expression: an array, one entry a series. */
    JsonNode query(String expression) {
        String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        return get("/api/v1/query?query=" + encoded).path("result");
    }

    /**
     * Its rules, as groups with {@code rules} that have {@code name}, {@code health}, {@code
     * state}.
     */
    JsonNode rules() {
        return get("/api/v1/rules").path("groups");
    }

    @Override
    public void close() {
        process.close();
    }

    private static ObjectNode configuration(List<Integer> ports) throws IOException {
        ObjectNode shipped =
                (ObjectNode)
                        new YAMLMapper().readTree(CONFIGURATION.resolve("prometheus.yml").toFile());
        shipped.putObject("global").put("scrape_interval", "1s").put("evaluation_interval", "1s");
        shipped.putArray("rule_files").add(CONFIGURATION.resolve("alerts.yml").toString());
        ObjectNode flink = (ObjectNode) shipped.path("scrape_configs").path(0);
        flink.remove("dns_sd_configs");
        ArrayNode targets = flink.putArray("static_configs").addObject().putArray("targets");
        ports.forEach(found -> targets.add("127.0.0.1:" + found));
        return shipped;
    }

    private JsonNode get(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(TIMEOUT)
                        .build();
        try {
            process.requireAlive();
            JsonNode answer =
                    new ObjectMapper()
                            .readTree(client.send(request, BodyHandlers.ofString()).body());
            if (!answer.path("status").asText().equals("success")) {
                throw new AssertionError(path + ": " + answer);
            }
            return answer.path("data");
        } catch (IOException e) {
            throw new AssertionError(path + " found nobody", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while asking for " + path, e);
        }
    }
}
