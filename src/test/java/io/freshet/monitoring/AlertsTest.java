package io.freshet.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.freshet.OperatorIds;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AlertsTest {

    private static final File TESTS = new File("docker/prometheus/alerts-test.yml");
    private static final Pattern ENTRY =
            Pattern.compile(
                    "^### (Freshet\\w+)\\n\\n\\S.*\\n\\n- \\*Cause:\\* \\S.*\\n"
                            + "- \\*Look at:\\* \\S.*\\n- \\*Do:\\* \\S.*\\n",
                    Pattern.MULTILINE);
    private static final Set<String> LABELS_OF_A_SOURCE =
            Set.of("Source: " + OperatorIds.INTERACTIONS);

    @Test
    void prometheusTakesTheRulesAndTheScrapeConfiguration() throws Exception {
        Promtool.check("check", "rules", Expressions.ALERTS.toString());
        Promtool.check("check", "config", "docker/prometheus/prometheus.yml");
    }

    @Test
    void everyAlertFiresAndIsQuietAsItsTestSays() throws Exception {
        Promtool.check("test", "rules", TESTS.toString());
    }

    /** Which fails as well if an alert fires that is not expected. */
    @Test
    void everyAlertIsTestedAsItFires() throws IOException {
        Set<String> fires = new LinkedHashSet<>();
        for (JsonNode test : new YAMLMapper().readTree(TESTS).path("tests")) {
            for (JsonNode rule : test.path("alert_rule_test")) {
                if (!rule.path("exp_alerts").isEmpty()) {
                    fires.add(rule.path("alertname").asText());
                }
            }
        }
        assertThat(fires).containsExactlyElementsOf(names());
    }

    @Test
    void everyAlertHasAnEntryInTheHandbookAndEveryEntryAnAlert() throws IOException {
        List<String> entries = new ArrayList<>();
        Matcher matcher = ENTRY.matcher(Files.readString(MetricTable.HANDBOOK));
        while (matcher.find()) {
            entries.add(matcher.group(1));
        }
        assertThat(entries).isNotEmpty().containsExactlyElementsOf(names());
        assertThat(Expressions.alerts())
                .allSatisfy(
                        alert -> {
                            String name = alert.path("alert").asText();
                            JsonNode annotations = alert.path("annotations");
                            assertThat(annotations.path("runbook").asText())
                                    .isEqualTo("handbook.md#" + name.toLowerCase(Locale.ROOT));
                            assertThat(annotations.path("summary").asText()).isNotBlank();
                            assertThat(alert.path("labels").path("severity").asText())
                                    .isIn("page", "ticket");
                        });
    }

    @Test
    void alertsReadWhatTheHandbookNamesAndNothingElse() throws IOException {
        List<String> expressions = Expressions.ofAlerts();

        assertThat(MetricTable.read().series()).containsAll(Expressions.series(expressions));
        Set<String> operators = new TreeSet<>(LABELS_OF_A_SOURCE);
        MetricTable.read().rows().forEach(row -> operators.addAll(row.operators()));
        assertThat(operators).containsAll(Expressions.operators(expressions));
    }

    private static List<String> names() throws IOException {
        return Expressions.alerts().stream().map(alert -> alert.path("alert").asText()).toList();
    }
}
