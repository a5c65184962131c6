package io.freshet.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.OperatorIds;
import io.freshet.demo.view.Dashboard;
import io.freshet.demo.view.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what became of the interactions from Flink's REST interface, by the metrics of the two
 * operators that decide it, and passes it to the dashboard.
 */
final class CountReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CountReader.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int TIMEOUT_MILLIS = 3_000;

    private static final String ACCEPTED = OperatorIds.HISTORY + ".accepted";
    private static final String LATE = OperatorIds.HISTORY + ".late";
    private static final String DUPLICATES = OperatorIds.HISTORY + ".duplicates";
    private static final String EXPOSURES = OperatorIds.HISTORY + ".exposures";
    private static final String REJECTIONS = OperatorIds.HISTORY + ".rejections";
    private static final String FORGOTTEN = OperatorIds.HISTORY + ".forgottenInteractions";
    private static final String REFUSED = OperatorIds.INTERACTIONS_SPLIT + ".freshetDeadLetters";

    /**
     * By operator, for Flink answers nothing for a vertex that lacks any one of the requested ones.
     */
    private static final Map<String, List<String>> METRICS =
            Map.of(
                    OperatorIds.HISTORY,
                    List.of(ACCEPTED, LATE, DUPLICATES, EXPOSURES, REJECTIONS, FORGOTTEN),
                    OperatorIds.INTERACTIONS_SPLIT,
                    List.of(REFUSED));

    private final String job;
    private final Dashboard dashboard;
    private final Worker worker;

    /**
     * @param rest address of the cluster's REST interface
     * @param end completed exceptionally when the answers make no sense
     */
    CountReader(URI rest, JobID job, Dashboard dashboard, CompletableFuture<Void> end) {
        this.job = rest + "/jobs/" + job;
        this.dashboard = dashboard;
        this.worker = new Worker("demo-counts", INTERVAL, end);
    }

    /** Starts reading. */
    void start() {
        worker.start(
                () -> {
                    read();
                    return true;
                });
    }

    @Override
    public void close() {
        worker.close();
    }

    private void read() {
        try {
            dashboard.counted(counts());
        } catch (IOException e) {
            LOG.warn("The job's counters can't be read now", e); // the next time will do
        }
    }

    private Figures.Job counts() throws IOException {
        Map<String, Long> sums = new HashMap<>();
        for (JsonNode vertex : get("").path("vertices")) {
            for (var operator : METRICS.entrySet()) {
                if (vertex.path("name").asText().contains(operator.getKey())) {
                    sum(vertex.path("id").asText(), operator.getValue(), sums);
                }
            }
        }
        return new Figures.Job(
                sums.getOrDefault(ACCEPTED, 0L),
                sums.getOrDefault(LATE, 0L),
                sums.getOrDefault(DUPLICATES, 0L),
                sums.getOrDefault(EXPOSURES, 0L)
                        + sums.getOrDefault(REJECTIONS, 0L)
                        + sums.getOrDefault(FORGOTTEN, 0L),
                sums.getOrDefault(REFUSED, 0L));
    }

    private void sum(String vertex, List<String> metrics, Map<String, Long> sums)
            throws IOException {
        String query = "/subtasks/metrics?agg=sum&get=" + String.join(",", metrics);
        for (JsonNode metric : get("/vertices/" + vertex + query)) {
            sums.put(metric.path("id").asText(), metric.path("sum").asLong());
        }
    }

    private JsonNode get(String path) throws IOException {
        URLConnection connection = URI.create(job + path).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try (InputStream answer = connection.getInputStream()) {
            return JSON.readTree(answer);
        }
    }
}
