package io.freshet.replay.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.replay.ablation.AblationReport.VariantResult;
import io.freshet.replay.report.Report;
import io.freshet.replay.report.Report.ColdStart;
import io.freshet.replay.report.Report.RankFigures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AblationTableTest {

    @Test
    void showsEachVariantBesideTheFullSystem() {
        String markdown =
                AblationTable.markdown(
                        new AblationReport(
                                Map.of("rows", "40"),
                                List.of(
                                        result("full", Report.KEPT, 0.25, 0, 0),
                                        result("frozen", "position 7: late", 0.2, -0.05, 0.012))));

        assertThat(markdown)
                .contains("- rows: 40")
                .contains("- frozen: breaks protocol P: position 7: late")
                .doesNotContain("full: breaks");
        List<String> table = markdown.lines().filter(line -> line.startsWith("|")).toList();
        assertThat(table).hasSize(4);
        assertThat(table).extracting(String::length).containsOnly(table.get(0).length());
        assertThat(table.get(3))
                .containsSubsequence(
                        "frozen", "0.2000", "-0.0500 ±0.0120", "0.1000", "-", "3", "8");
    }

    private static VariantResult result(
            String name, String protocol, double hr10, double mean, double margin) {
        RankFigures none = new RankFigures(0, 0, 0, 0);
        return new VariantResult(
                name,
                "about " + name,
                Map.of(),
                protocol,
                new RankFigures(20, hr10, hr10 / 2, hr10 / 3),
                new ColdStart(none, none, none),
                new Difference(mean, margin),
                new Difference(mean / 2, margin / 2),
                3,
                Map.of(Report.REPLAY, 8.2));
    }
}
