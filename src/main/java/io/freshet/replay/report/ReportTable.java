package io.freshet.replay.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A report as Markdown whose tables are aligned, so that it can be read on a terminal too. */
public final class ReportTable {

    private static final List<String> COLUMNS =
            List.of(
                    "rows",
                    "tested",
                    "HR@10",
                    "NDCG@10",
                    "MRR@10",
                    "model HR@10",
                    "frozen HR@10",
                    "model loss",
                    "train loss",
                    "promoted",
                    "rejected",
                    "failed",
                    "train s",
                    "s");

    private ReportTable() {}

    /** The whole report. */
    public static String markdown(Report report) {
        StringBuilder out = new StringBuilder("# Replay\n\n");
        report.settings().forEach((name, value) -> out.append(bullet(name, value)));
        out.append(bullet("protocol P", report.protocol()));
        for (Map.Entry<String, Double> phase : report.seconds().entrySet()) {
            out.append(bullet("seconds, " + phase.getKey(), number(phase.getValue(), 1)));
        }
        return out.append('\n').append(windows(report)).append('\n').append(legend()).toString();
    }

    /** The table of report windows alone. */
    public static String windows(Report report) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(COLUMNS);
        report.windows().forEach(window -> lines.add(cells(window)));
        lines.add(cells(report.all()));
        return aligned(lines);
    }

    private static String legend() {
        return """
                HR@10, NDCG@10, MRR@10: lists as users would have got them, at tested positions. \
                model, frozen: the fine-tuned model alone and the base model never updated, on the \
                same new positions among all items, before training on them. promoted, rejected, \
                failed: verdicts on training windows that ended in these rows. s: seconds from list \
                to list. The last line is of all rows that may be tested.
                """;
    }

    private static String bullet(String name, String value) {
        return "- " + name + ": " + value + "\n";
    }

    private static List<String> cells(Stretch stretch) {
        Figures lists = stretch.lists();
        Trainings trainings = stretch.trainings();
        boolean tested = lists.tested() > 0;
        return List.of(
                stretch.first() + "-" + (stretch.end() - 1),
                String.valueOf(lists.tested()),
                number(tested ? lists.hr10() : null, 4),
                number(tested ? lists.ndcg10() : null, 4),
                number(tested ? lists.mrr10() : null, 4),
                number(stretch.model().hr10(), 4),
                number(stretch.frozen().hr10(), 4),
                number(stretch.model().loss(), 3),
                number(trainings.loss(), 3),
                String.valueOf(trainings.promoted().size()),
                String.valueOf(trainings.rejected()),
                String.valueOf(trainings.failed()),
                number(trainings.seconds(), 1),
                number(stretch.seconds(), 1));
    }

    private static String number(@Nullable Double value, int decimals) {
        return value == null ? "-" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String aligned(List<List<String>> lines) {
        int[] widths = new int[COLUMNS.size()];
        for (List<String> line : lines) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (int index = 0; index < lines.size(); index++) {
            for (int column = 0; column < widths.length; column++) {
                String cell = lines.get(index).get(column);
                out.append("| ").append(" ".repeat(widths[column] - cell.length()));
                out.append(cell).append(' ');
            }
            out.append("|\n");
            if (index == 0) {
                for (int width : widths) {
                    out.append('|').append("-".repeat(width + 1)).append(':');
                }
                out.append("|\n");
            }
        }
        return out.toString();
    }
}
