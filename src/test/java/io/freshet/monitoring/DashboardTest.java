package io.freshet.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardTest {

    private static final File SOURCES =
            new File("docker/grafana/provisioning/datasources/prometheus.yml");

    @TempDir private Path directory;

    @Test
    void itAnswersFourQuestions() throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode panel : Expressions.dashboard().path("panels")) {
            if (panel.path("type").asText().equals("row")) {
                rows.add(panel.path("title").asText());
            }
        }
        assertThat(rows)
                .containsExactly("Is it fresh", "Is it good", "Is it keeping up", "Is it safe");
    }

    @Test
    void everyPanelSaysWhatItIsInWhichUnitAndWhereFrom() throws IOException {
        JsonNode source = new YAMLMapper().readTree(SOURCES).path("datasources").path(0);
        Set<String> titles = new TreeSet<>();
        for (JsonNode panel : Expressions.dashboard().path("panels")) {
            String title = panel.path("title").asText();
            assertThat(titles.add(title)).as("%s once", title).isTrue();
            if (!panel.path("type").asText().equals("row")) {
                assertThat(panel.path("description").asText()).as(title).isNotBlank();
                assertThat(panel.at("/fieldConfig/defaults/unit").asText()).as(title).isNotBlank();
                assertThat(panel.path("targets").isEmpty()).as(title).isFalse();
                assertThat(panel.path("datasource").path("uid")).isEqualTo(source.path("uid"));
            }
        }
    }

    @Test
    void panelsReadWhatTheHandbookNamesAndNothingElse() throws IOException {
        List<String> expressions = Expressions.ofDashboard();

        assertThat(MetricTable.read().series()).containsAll(Expressions.series(expressions));
        Set<String> operators = new TreeSet<>();
        MetricTable.read().rows().forEach(row -> operators.addAll(row.operators()));
        assertThat(operators).containsAll(Expressions.operators(expressions));
    }

    @Test
    void prometheusTakesEveryExpression() throws Exception {
        YAMLMapper yaml = new YAMLMapper();
        ObjectNode rules = yaml.createObjectNode();
        ArrayNode records =
                rules.putArray("groups").addObject().put("name", "panels").putArray("rules");
        int number = 0;
        for (String expression : Expressions.ofDashboard()) {
            records.addObject().put("record", "panel:" + ++number).put("expr", expression);
        }
        File file = directory.resolve("panels.yml").toFile();
        yaml.writeValue(file, rules);

        Promtool.check("check", "rules", file.toString());
    }
}
