package io.freshet.replay.ablation;

import io.freshet.replay.ablation.AblationReport.VariantResult;
import io.freshet.replay.report.MarkdownTable;
import io.freshet.replay.report.Report;
import io.freshet.replay.report.Report.RankFigures;
import java.util.List;
import java.util.Locale;

/** An ablation as Markdown that can be read on a terminal too. */
public final class AblationTable {

    private static final List<String> COLUMNS =
            List.of(
                    "variant",
                    "HR@10",
                    "vs full",
                    "NDCG@10",
                    "vs full",
                    "rare items HR@10",
                    "new users HR@10",
                    "versions",
                    "s");

    private AblationTable() {}

    /** The whole report. */
    public static String markdown(AblationReport report) {
        StringBuilder out = new StringBuilder("# Ablations\n\n");
        report.settings().forEach((name, value) -> out.append(bullet(name, value)));
        MarkdownTable table = new MarkdownTable(COLUMNS);
        out.append('\n');
        for (VariantResult result : report.variants()) {
            out.append(bullet(result.variant(), result.about()));
            if (!result.keepsProtocol()) {
                out.append(bullet(result.variant(), "breaks protocol P: " + result.protocol()));
            }
            table.add(cells(result));
        }
        return out.append('\n').append(table.text()).append('\n').append(legend()).toString();
    }

    private static List<String> cells(VariantResult result) {
        return List.of(
                result.variant(),
                figure(result.lists().hr10()),
                difference(result.hr10()),
                figure(result.lists().ndcg10()),
                difference(result.ndcg10()),
                hitRate(result.coldStart().rareItems()),
                hitRate(result.coldStart().newUsers()),
                String.valueOf(result.versions()),
                String.format(Locale.ROOT, "%.0f", result.seconds().get(Report.REPLAY)));
    }

    private static String legend() {
        return """
                HR@10, NDCG@10: lists at tested positions, by protocol P. vs full: the variant's \
                figure less the full system's at the same positions, with its 95 % interval (paired, \
                normal approximation); the full system is better where it lies below 0. rare items, \
                new users: items with fewer than 5, users with fewer than 3 interactions before the \
                position. versions: promoted after the base. s: seconds of the replay, without the \
                base model.
                """;
    }

    private static String bullet(String name, String value) {
        return "- " + name + ": " + value + "\n";
    }

    private static String hitRate(RankFigures figures) {
        return figures.tested() == 0 ? "-" : figure(figures.hr10());
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String difference(Difference difference) {
        return String.format(Locale.ROOT, "%+.4f ±%.4f", difference.mean(), difference.margin());
    }
}
