package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.monitoring.Expressions;
import io.freshet.monitoring.MetricTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What an operator sees of a cluster on which the job runs: its metrics, dashboard and alerts. */
final class Health {

    private final FlinkCluster cluster;
    private final Prometheus prometheus;

    Health(FlinkCluster cluster, Prometheus prometheus) {
        this.cluster = cluster;
        this.prometheus = prometheus;
    }

    /** Every metric of the handbook is there to be scraped, by the name that it has there. */
    Health everyMetricIsScraped() throws IOException {
        MetricTable table = MetricTable.read();
        Set<String> expected = table.series();
        table.rows().stream()
                .filter(row -> row.pattern().contains("*"))
                .filter(row -> !row.name().contains("SUBJECT")) // there with its first value alone
                .forEach(row -> expected.remove(MetricTable.series(row)));
        Await.until("every metric", () -> missing(expected).isEmpty(), () -> missing(expected));
        return this;
    }

    /** Every panel of the dashboard shows something. */
    Health everyPanelShowsSomething() throws IOException {
        List<String> expressions = new ArrayList<>(Expressions.ofDashboard());
        expressions.removeIf(expression -> expression.contains("field_")); // of refused records
        Await.until("every panel", () -> empty(expressions).isEmpty(), () -> empty(expressions));
        return this;
    }

    /** Prometheus evaluates every alert, and the job runs and answers as far as alerts can say. */
    Health everyAlertIsEvaluatedAndNoneSaysThatTheJobIsGone() {
        Await.until("all alerts", () -> unhealthy().isEmpty(), this::unhealthy);
        List<String> firing = new ArrayList<>();
        prometheus
                .query("ALERTS{alertstate=\"firing\"}")
                .forEach(alert -> firing.add(alert.path("metric").path("alertname").asText()));
        assertThat(firing).doesNotContain("FreshetNotRunning", "FreshetProcessGone");
        return this;
    }

    private Set<String> missing(Set<String> expected) {
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(Scrape.of(cluster.metricsPorts()).series());
        return missing;
    }

    private List<String> empty(List<String> expressions) {
        return expressions.stream()
                .filter(expression -> prometheus.query(expression).isEmpty())
                .toList();
    }

    private List<String> unhealthy() {
        List<String> unhealthy = new ArrayList<>();
        for (JsonNode group : prometheus.rules()) {
            for (JsonNode rule : group.path("rules")) {
                if (!rule.path("health").asText().equals("ok")) {
                    unhealthy.add(rule.path("name").asText() + ": " + rule.path("lastError"));
                }
            }
        }
        return unhealthy;
    }
}
