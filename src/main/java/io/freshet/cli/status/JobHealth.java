package io.freshet.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.cli.status.FlinkApi.Range;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;

/**
 * Looks at a job as it is now, with the limits of the alert rules. What takes a while to be seen,
 * such as a rate, is for the alerts.
 */
final class JobHealth {

    private static final Duration LONGEST_WITHOUT_CHECKPOINT = Duration.ofMinutes(10);
    private static final Duration RECENT = Duration.ofMinutes(15);
    private static final double SLOW_LIST_MILLIS = 5_000;
    private static final double MANY_RECORDS = 100_000;
    private static final double OLD_BACKLOG_MILLIS = 3_600_000;
    private static final double HELD_UP_MILLIS = 500;
    private static final double FULL = 0.95;

    private static final String TRAINER_VERSION = "fine-tuner.liveVersion";
    private static final String RECOMMENDER_VERSION = "recommender.liveVersion";
    private static final String PAUSED = "fine-tuner.trainingPaused";
    private static final String BACKLOG = "fine-tuner.backlogOldestMillis";
    private static final String ROWS = "fine-tuner.itemRows";
    private static final String MOST_ROWS = "fine-tuner.itemRowsMax";
    private static final String LIST_MILLIS = "recommender.interactionToListMillis_p95";
    private static final String PENDING = "Source__interactions.pendingRecords";
    private static final String HELD_UP = "backPressuredTimeMsPerSecond";
    private static final List<String> METRICS =
            List.of(
                    TRAINER_VERSION,
                    RECOMMENDER_VERSION,
                    PAUSED,
                    BACKLOG,
                    ROWS,
                    MOST_ROWS,
                    LIST_MILLIS,
                    PENDING,
                    HELD_UP);

    private final FlinkApi flink;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();

    JobHealth(FlinkApi flink, Instant now) {
        this.flink = flink;
        this.now = now;
    }

    /**
     * Looks at a job.
     *
     * @param name of the job, as Flink has it
     * @throws IOException if the job manager does not answer as expected
     */
    List<Finding> look(String name) throws IOException, InterruptedException {
        List<JsonNode> found = flink.jobs();
        List<JsonNode> jobs =
                found.stream()
                        .filter(job -> job.path("name").asText().equals(name))
                        .filter(job -> job.path("end-time").asLong(-1) < 0)
                        .toList();
        if (jobs.size() != 1) {
            findings.add(
                    new Finding(
                            "job",
                            "%d jobs '%s' that have not ended, of %d"
                                    .formatted(jobs.size(), name, found.size()),
                            "one",
                            "FreshetNotRunning"));
            return findings;
        }
        String id = jobs.get(0).path("jid").asText();
        JsonNode job = flink.job(id);
        lookAtTasks(id, job);
        lookAtCheckpoints(flink.checkpoints(id));
        lookAtMetrics(metrics(id, job));
        return findings;
    }

    private void lookAtTasks(String id, JsonNode job) throws IOException, InterruptedException {
        List<String> waiting = new ArrayList<>();
        for (JsonNode vertex : job.path("vertices")) {
            if (!vertex.path("status").asText().equals("RUNNING")) {
                waiting.add(vertex.path("name").asText() + " " + vertex.path("status").asText());
            }
        }
        JsonNode failure = flink.newestFailure(id);
        boolean recent =
                Duration.between(Instant.ofEpochMilli(failure.path("timestamp").asLong()), now)
                                .compareTo(RECENT)
                        < 0;
        String reason = failure.path("exceptionName").asText() + " at " + instant(failure);
        if (!waiting.isEmpty()) {
            String because = failure.isMissingNode() ? "" : "; last failure: " + reason;
            findings.add(
                    new Finding(
                            "tasks",
                            waiting + because,
                            "all of them running",
                            "FreshetNotRunning"));
        } else if (recent) {
            findings.add(
                    new Finding("tasks", reason, "no failure for 15 minutes", "FreshetRestarts"));
        } else {
            findings.add(Finding.well("tasks", "all running"));
        }
    }

    private static String instant(JsonNode failure) {
        return Instant.ofEpochMilli(failure.path("timestamp").asLong()).toString();
    }

    private void lookAtCheckpoints(JsonNode checkpoints) {
        JsonNode last = checkpoints.path("latest").path("completed");
        Duration age =
                Duration.between(
                        Instant.ofEpochMilli(last.path("latest_ack_timestamp").asLong()), now);
        String found =
                last.hasNonNull("latest_ack_timestamp")
                        ? "the last took %d ms and was completed %d s ago, %d have failed"
                                .formatted(
                                        last.path("end_to_end_duration").asLong(),
                                        Math.max(0, age.toSeconds()), // clocks differ
                                        checkpoints.path("counts").path("failed").asLong())
                        : "none was completed";
        boolean overdue =
                !last.hasNonNull("latest_ack_timestamp")
                        || age.compareTo(LONGEST_WITHOUT_CHECKPOINT) > 0;
        findings.add(
                overdue
                        ? new Finding(
                                "checkpoints",
                                found,
                                "one within 10 minutes",
                                "FreshetCheckpointsFail")
                        : Finding.well("checkpoints", found));
    }

    /** Metrics of all vertices; of those that several have, over all. */
    private Map<String, Range> metrics(String id, JsonNode job)
            throws IOException, InterruptedException {
        Map<String, Range> metrics = new LinkedHashMap<>();
        for (JsonNode vertex : job.path("vertices")) {
            flink.metrics(id, vertex.path("id").asText(), METRICS)
                    .forEach((name, range) -> metrics.merge(name, range, JobHealth::hull));
        }
        return metrics;
    }

    private static Range hull(Range one, Range other) {
        return new Range(
                Math.min(one.least(), other.least()), Math.max(one.greatest(), other.greatest()));
    }

    private void lookAtMetrics(Map<String, Range> metrics) {
        Range trainer = metrics.get(TRAINER_VERSION);
        Range recommenders = metrics.get(RECOMMENDER_VERSION);
        if (trainer != null && recommenders != null) {
            String found =
                    "version %.0f; recommenders have %.0f at least"
                            .formatted(trainer.greatest(), recommenders.least());
            findings.add(
                    recommenders.least() < trainer.greatest()
                            ? new Finding(
                                    "live model", found, "the same", "FreshetRecommenderBehind")
                            : Finding.well("live model", found));
        }
        Range rows = metrics.get(ROWS);
        Range most = metrics.get(MOST_ROWS);
        if (rows != null && most != null) {
            String found = "%.0f of %.0f".formatted(rows.greatest(), most.greatest());
            findings.add(
                    rows.greatest() > FULL * most.greatest()
                            ? new Finding("item rows", found, "95 % at most", "FreshetItemRowsFull")
                            : Finding.well("item rows", found));
        }
        judge(metrics, PAUSED, "training paused", "0", v -> v > 0, "FreshetTrainingPaused");
        judge(
                metrics,
                LIST_MILLIS,
                "interaction to list, p95 in ms",
                "5,000 at most",
                v -> v > SLOW_LIST_MILLIS,
                "FreshetListsSlow");
        judge(
                metrics,
                PENDING,
                "interactions waiting in Kafka, of one reader",
                "100,000 at most",
                v -> v > MANY_RECORDS,
                "FreshetInputLag");
        judge(
                metrics,
                BACKLOG,
                "oldest waiting for training, ms of event time",
                "an hour at most",
                v -> v > OLD_BACKLOG_MILLIS,
                "FreshetBacklogOld");
        judge(
                metrics,
                HELD_UP,
                "back pressure, ms per second",
                "500 at most",
                v -> v > HELD_UP_MILLIS,
                "FreshetBackPressure");
    }

    private void judge(
            Map<String, Range> metrics,
            String name,
            String subject,
            String expected,
            DoublePredicate isBad,
            String runbook) {
        Range range = metrics.get(name);
        if (range != null) {
            String found = "%.0f".formatted(range.greatest());
            findings.add(
                    isBad.test(range.greatest())
                            ? new Finding(subject, found, expected, runbook)
                            : Finding.well(subject, found));
        }
    }
}
