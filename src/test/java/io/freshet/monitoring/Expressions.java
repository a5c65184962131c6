package io.freshet.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The PromQL of alerts and dashboard. */
public final class Expressions {

    static final Path ALERTS = Path.of("docker/prometheus/alerts.yml");
    static final Path DASHBOARD = Path.of("docker/grafana/dashboards/freshet.json");

    private static final Pattern SERIES = Pattern.compile("\\bflink_\\w+");
    private static final Pattern OPERATOR = Pattern.compile("operator_name=\"([^\"]+)\"");

    private Expressions() {}

    /** Alert rules, in their order. */
    static List<JsonNode> alerts() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        for (JsonNode group : new YAMLMapper().readTree(ALERTS.toFile()).path("groups")) {
            group.path("rules").forEach(rules::add);
        }
        return rules;
    }

    static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(DASHBOARD.toFile());
    }

    /** Expressions of all panels, with values in place of Grafana's variables. */
    public static List<String> ofDashboard() throws IOException {
        List<String> all = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                all.add(
                        target.path("expr")
                                .asText()
                                .replace("$__rate_interval", "1m")
                                .replace("$job", ".*"));
            }
        }
        return all;
    }

    /** Expressions of all alerts. */
    public static List<String> ofAlerts() throws IOException {
        return alerts().stream().map(alert -> alert.path("expr").asText()).toList();
    }

    /** Series of Flink's processes that expressions read. */
    public static Set<String> series(List<String> expressions) {
        return all(SERIES, 0, expressions);
    }

    /** Operators that expressions name. */
    static Set<String> operators(List<String> expressions) {
        return all(OPERATOR, 1, expressions);
    }

    private static Set<String> all(Pattern pattern, int group, List<String> expressions) {
        Set<String> found = new TreeSet<>();
        for (String expression : expressions) {
            Matcher matcher = pattern.matcher(expression);
            while (matcher.find()) {
                found.add(matcher.group(group));
            }
        }
        return found;
    }
}
