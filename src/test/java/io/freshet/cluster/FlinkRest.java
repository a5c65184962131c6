package io.freshet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Flink's REST interface, as far as it is needed here. Answers while the job manager is dead. */
public final class FlinkRest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int OK_LIMIT = 300;

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final int port;

    public FlinkRest(int port) {
        this.port = port;
    }

    /** Where it is, for others. */
    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** Number of task managers, 0 while there is no job manager. */
    int taskManagers() {
        return get("/taskmanagers").path("taskmanagers").size();
    }

    /** The job's state in Flink's words, or an empty text while nothing answers. */
    String state(String job) {
        return get("/jobs/" + job).path("state").asText();
    }

    /** Whether all tasks of the job run. */
    boolean running(String job) {
        JsonNode vertices = get("/jobs/" + job).path("vertices");
        for (JsonNode vertex : vertices) {
            JsonNode tasks = vertex.path("tasks");
            if (tasks.path("RUNNING").asInt() != vertex.path("parallelism").asInt()) {
                return false;
            }
        }
        return !vertices.isEmpty();
    }

    /**
     * Number of the job's checkpoints since its submission.
     *
     * @param status {@code completed} or {@code failed}
     */
    int checkpoints(String job, String status) {
        return get("/jobs/" + job + "/checkpoints").path("counts").path(status).asInt();
    }

    /** How long the job's checkpoints took, those since its submission, in words. */
    String checkpointDurations(String job) {
        JsonNode duration =
                get("/jobs/" + job + "/checkpoints").path("summary").path("end_to_end_duration");
        return "%d checkpoints of %.0f ms at the median, %d ms at most"
                .formatted(
                        checkpoints(job, "completed"),
                        duration.path("p50").asDouble(),
                        duration.path("max").asLong());
    }

    /**
     * Sum of an operator's metric over its subtasks, 0 while it is not reported. The task's own of
     * the same name, as {@code numRecordsIn}, is another.
     */
    double sum(String job, String operator, String metric) {
        double sum = 0;
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            if (vertex.path("name").asText().contains(operator)) {
                String path =
                        "/jobs/%s/vertices/%s/subtasks/metrics?agg=sum&get=%s.%s"
                                .formatted(job, vertex.path("id").asText(), operator, metric);
                sum += get(path).path(0).path("sum").asDouble();
            }
        }
        return sum;
    }

    /** Resource id of the task manager that has the first subtask of an operator. */
    String taskManagerOf(String job, String operator) {
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            if (vertex.path("name").asText().contains(operator)) {
                String path = "/jobs/" + job + "/vertices/" + vertex.path("id").asText();
                return get(path).path("subtasks").path(0).path("taskmanager-id").asText();
            }
        }
        throw new AssertionError("No operator " + operator + " in job " + job);
    }

    /** The job of a cluster that has one alone, or none yet. */
    Optional<String> onlyJob() {
        JsonNode jobs = get("/jobs").path("jobs");
        return jobs.size() == 1 ? Optional.of(jobs.path(0).path("id").asText()) : Optional.empty();
    }

    /** Resource ids of the task managers that have subtasks of a job. */
    Set<String> taskManagersOf(String job) {
        Set<String> found = new TreeSet<>();
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            String path = "/jobs/" + job + "/vertices/" + vertex.path("id").asText();
            for (JsonNode subtask : get(path).path("subtasks")) {
                found.add(subtask.path("taskmanager-id").asText());
            }
        }
        return found;
    }

    /** Cancels the job, and waits until it has ended. */
    void cancel(String job) {
        send("PATCH", "/jobs/" + job + "?mode=cancel", JSON.createObjectNode());
        Await.until("the end of " + job, () -> state(job).equals("CANCELED"), () -> state(job));
    }

    /**
     * Has a checkpoint taken, and waits until it is complete.
     *
     * @param full whether all state is written anew, not only what has changed
     */
    public TakenCheckpoint checkpoint(String job, boolean full) {
        String path = "/jobs/" + job + "/checkpoints";
        ObjectNode body =
                JSON.createObjectNode().put("checkpointType", full ? "FULL" : "CONFIGURED");
        JsonNode taken =
                awaitOperation(path + "/" + send("POST", path, body).path("request-id").asText());
        if (!taken.has("checkpointId")) {
            throw new AssertionError("The checkpoint of " + job + " failed: " + taken);
        }
        String details = path + "/details/" + taken.path("checkpointId").asLong();
        List<TaskPart> parts = new ArrayList<>();
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            JsonNode part = get(details + "/subtasks/" + vertex.path("id").asText());
            JsonNode millis = part.path("summary").path("checkpoint_duration");
            parts.add(
                    new TaskPart(
                            vertex.path("name").asText(),
                            millis.path("sync").path("max").asLong()
                                    + millis.path("async").path("max").asLong(),
                            part.path("checkpointed_size").asLong(),
                            part.path("state_size").asLong()));
        }
        return new TakenCheckpoint(parts);
    }

    /** A checkpoint by task. */
    public record TakenCheckpoint(List<TaskPart> parts) {

        /** The part of the task that has an operator. */
        public TaskPart of(String operator) {
            return parts.stream()
                    .filter(part -> part.task().contains(operator))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("No " + operator + " in " + parts));
        }

        /** Bytes that were written. */
        public long written() {
            return parts.stream().mapToLong(TaskPart::written).sum();
        }

        /** Most milliseconds that a subtask was at it. */
        public long millis() {
            return parts.stream().mapToLong(TaskPart::millis).max().orElseThrow();
        }
    }

    /**
     * A task's part in a checkpoint.
     *
     * @param millis most that a subtask was at it, from its barriers' arrival on
     * @param written bytes that were written
     * @param bytes that it holds, those of earlier checkpoints included
     */
    public record TaskPart(String task, long millis, long written, long bytes) {}

    /** Records that each subtask with an operator has read. */
    public long[] recordsRead(String job, String operator) {
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            if (vertex.path("name").asText().contains(operator)) {
                JsonNode subtasks =
                        get("/jobs/" + job + "/vertices/" + vertex.path("id").asText())
                                .path("subtasks");
                return StreamSupport.stream(subtasks.spliterator(), false)
                        .mapToLong(each -> each.path("metrics").path("read-records").asLong())
                        .toArray();
            }
        }
        throw new AssertionError("No operator " + operator + " in job " + job);
    }

    /** Starts a savepoint and does not wait for it. */
    void startSavepoint(String job, Path directory) {
        trigger(job, "/savepoints", "target-directory", directory);
    }

    /** Stops the job with a canonical savepoint, and returns where that is. */
    String stop(String job, Path directory) {
        String request = trigger(job, "/stop", "targetDirectory", directory);
        JsonNode operation = awaitOperation("/jobs/" + job + "/savepoints/" + request);
        if (!operation.has("location")) {
            throw new AssertionError("The savepoint of " + job + " failed: " + operation);
        }
        return operation.path("location").asText();
    }

    private JsonNode awaitOperation(String path) {
        return Await.value(
                "the end of " + path,
                () ->
                        Optional.of(get(path))
                                .filter(FlinkRest::isComplete)
                                .map(found -> found.path("operation")),
                () -> get(path));
    }

    private static boolean isComplete(JsonNode operation) {
        return operation.path("status").path("id").asText().equals("COMPLETED");
    }

    private String trigger(String job, String path, String targetField, Path directory) {
        ObjectNode body =
                JSON.createObjectNode()
                        .put(targetField, directory.toUri().toString())
                        .put("formatType", "CANONICAL");
        return send("POST", "/jobs/" + job + path, body).path("request-id").asText();
    }

    /** What is there, or a missing node when nothing answers or it isn't found. */
    private JsonNode get(String path) {
        try {
            var response = client.send(request(path).GET().build(), BodyHandlers.ofString());
            return response.statusCode() < OK_LIMIT
                    ? JSON.readTree(response.body())
                    : MissingNode.getInstance();
        } catch (IOException e) {
            return MissingNode.getInstance();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while asking for " + path, e);
        }
    }

    private JsonNode send(String method, String path, ObjectNode body) {
        try {
            HttpRequest request =
                    request(path)
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body.toString()))
                            .build();
            var response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() >= OK_LIMIT) {
                throw new AssertionError(method + " " + path + ": " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " found nobody", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted in " + method + " " + path, e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1" + path))
                .timeout(TIMEOUT);
    }
}
