package io.freshet.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What Flink's REST interface says of a job.
 *
 * @see <a href="https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/rest_api/">REST
 *     API</a>
 */
final class FlinkApi {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final ObjectMapper json = new ObjectMapper();
    private final String address;

    /**
     * @param address such as {@code http://localhost:8081}
     */
    FlinkApi(String address) {
        this.address = address.replaceAll("/+$", "");
    }

    /** Jobs that have not ended, and those that have, each with id, name and state. */
    List<JsonNode> jobs() throws IOException, InterruptedException {
        return list(get("/jobs/overview").path("jobs"));
    }

    /** A job with its vertices. */
    JsonNode job(String id) throws IOException, InterruptedException {
        return get("/jobs/" + id);
    }

    JsonNode checkpoints(String id) throws IOException, InterruptedException {
        return get("/jobs/" + id + "/checkpoints");
    }

    /** The newest failure, or a missing node if there was none. */
    JsonNode newestFailure(String id) throws IOException, InterruptedException {
        return get("/jobs/" + id + "/exceptions?maxExceptions=1")
                .path("exceptionHistory")
                .path("entries")
                .path(0);
    }

    /**
     * Metrics of a vertex over its subtasks.
     *
     * @param names as Flink has them; those that the vertex does not have are left out
     * @return least and greatest by name; what is no number is left out
     */
    Map<String, Range> metrics(String job, String vertex, List<String> names)
            throws IOException, InterruptedException {
        String path = "/jobs/%s/vertices/%s/subtasks/metrics".formatted(job, vertex);
        List<String> asked = new ArrayList<>();
        for (JsonNode found : get(path)) {
            String id = found.path("id").asText();
            if (names.contains(id)) {
                asked.add(URLEncoder.encode(id, StandardCharsets.UTF_8));
            }
        }
        Map<String, Range> metrics = new LinkedHashMap<>();
        if (!asked.isEmpty()) {
            for (JsonNode found : get(path + "?get=" + String.join(",", asked))) {
                if (found.hasNonNull("min") && found.hasNonNull("max")) {
                    metrics.put(
                            found.path("id").asText(),
                            new Range(found.path("min").asDouble(), found.path("max").asDouble()));
                }
            }
        }
        return metrics;
    }

    /** What a metric is over the subtasks. */
    record Range(double least, double greatest) {}

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE).build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != OK) {
            throw new IOException(
                    "%s%s answered %d, expected 200: %s"
                            .formatted(address, path, answer.statusCode(), answer.body()));
        }
        return json.readTree(answer.body());
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }
}
