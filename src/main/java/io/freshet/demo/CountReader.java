package io.freshet.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.OperatorIds;
import io.freshet.demo.view.Dashboard;
import io.freshet.demo.view.Figures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Flink's REST interface what became of the interactions, by the metrics of the two operators
 * that decide it, and tells the dashboard.
 */
final class CountReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CountReader.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final String ACCEPTED = OperatorIds.HISTORY + ".accepted";
    private static final String LATE = OperatorIds.HISTORY + ".late";
    private static final String DUPLICATES = OperatorIds.HISTORY + ".duplicates";
    private static final String EXPOSURES = OperatorIds.HISTORY + ".exposures";
    private static final String FORGOTTEN = OperatorIds.HISTORY + ".forgottenInteractions";
    private static final String REFUSED = OperatorIds.INTERACTIONS_SPLIT + ".freshetDeadLetters";
    private static final String METRICS =
            String.join(",", ACCEPTED, LATE, DUPLICATES, EXPOSURES, FORGOTTEN, REFUSED);

    private final String vertices;
    private final Dashboard dashboard;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final Worker worker;

    /**
     * @param rest address of the cluster's REST interface
     * @param end completed exceptionally when the answers make no sense
     */
    CountReader(URI rest, JobID job, Dashboard dashboard, CompletableFuture<Void> end) {
        this.vertices = rest + "/jobs/" + job;
        this.dashboard = dashboard;
        this.worker = new Worker("demo-counts", INTERVAL, end);
    }

    /** Asks from now on. */
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
            dashboard.counted(job());
        } catch (IOException e) {
            LOG.warn("The job's counters can't be read now", e); // the next time will do
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Figures.Job job() throws IOException, InterruptedException {
        Map<String, Long> sums = new HashMap<>();
        for (JsonNode vertex : get(vertices).path("vertices")) {
            String subtasks = "/vertices/" + vertex.path("id").asText() + "/subtasks";
            String query = "/metrics?agg=sum&get=" + METRICS;
            for (JsonNode metric : get(vertices + subtasks + query)) {
                sums.merge(metric.path("id").asText(), metric.path("sum").asLong(), Long::sum);
            }
        }
        return new Figures.Job(
                sums.getOrDefault(ACCEPTED, 0L),
                sums.getOrDefault(LATE, 0L),
                sums.getOrDefault(DUPLICATES, 0L),
                sums.getOrDefault(EXPOSURES, 0L) + sums.getOrDefault(FORGOTTEN, 0L),
                sums.getOrDefault(REFUSED, 0L));
    }

    private JsonNode get(String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address)).timeout(TIMEOUT).build();
        return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
    }
}
