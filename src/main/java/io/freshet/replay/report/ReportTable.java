package io.freshet.replay.report;

import io.freshet.replay.report.Report.ColdStart;
import io.freshet.replay.report.Report.RankFigures;
import io.freshet.replay.report.Report.ReportSection;
import io.freshet.replay.report.Report.ResponseFigures;
import io.freshet.replay.report.Report.SourceShare;
import io.freshet.replay.report.Report.Trainings;
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
                    "past HR@10",
                    "model loss",
                    "train loss",
                    "windows",
                    "promoted",
                    "held",
                    "refused",
                    "train s",
                    "s");

    private ReportTable() {}

    /** The whole report. */
    public static String markdown(Report report) {
        StringBuilder out = new StringBuilder("# Replay\n\n");
        report.settings().forEach((name, value) -> out.append(bullet(name, value)));
        report.warnings().forEach(warning -> out.append(bullet("warning", warning)));
        out.append(bullet("protocol P", report.protocol()));
        for (Map.Entry<String, Double> phase : report.seconds().entrySet()) {
            out.append(bullet("seconds, " + phase.getKey(), number(phase.getValue(), 1)));
        }
        return out.append('\n')
                .append(windows(report))
                .append("\n## Cold start\n\n")
                .append(coldStart(report.all()))
                .append("\n## What spoke most for the entries of lists\n\n")
                .append(sources(report.all()))
                .append(responses(report))
                .append('\n')
                .append(legend())
                .toString();
    }

    private static String windows(Report report) {
        MarkdownTable table = new MarkdownTable(COLUMNS);
        report.windows().forEach(window -> table.add(cells(window)));
        table.add(cells(report.all()));
        return table.text();
    }

    private static String coldStart(ReportSection all) {
        MarkdownTable table =
                new MarkdownTable(List.of("positions", "tested", "HR@10", "NDCG@10", "MRR@10"));
        ColdStart cold = all.coldStart();
        table.add(cells("items with < " + ColdStart.RARE_ITEM + " interactions", cold.rareItems()));
        table.add(cells("of these, not in the first half", cold.newItems()));
        table.add(cells("users with < " + ColdStart.NEW_USER + " interactions", cold.newUsers()));
        table.add(cells("all", all.lists()));
        return table.text();
    }

    private static String sources(ReportSection all) {
        MarkdownTable table =
                new MarkdownTable(List.of("source", "entries", "hits", "share of hits"));
        int hits = all.sources().stream().mapToInt(SourceShare::hits).sum();
        for (SourceShare share : all.sources()) {
            table.add(
                    List.of(
                            share.source().name().toLowerCase(Locale.ROOT),
                            String.valueOf(share.entries()),
                            String.valueOf(share.hits()),
                            number(hits == 0 ? null : (double) share.hits() / hits, 3)));
        }
        return table.text();
    }

    /** Nothing where nothing was shown. */
    private static String responses(Report report) {
        if (report.all().responses().tested() == 0) {
            return "";
        }
        MarkdownTable table =
                new MarkdownTable(
                        List.of(
                                "rows",
                                "shown",
                                "responses",
                                "AUC",
                                "GAUC",
                                "log loss",
                                "calibration"));
        report.windows().forEach(window -> table.add(responseCells(window)));
        table.add(responseCells(report.all()));
        return "\n## Responses to exposures\n\n" + table.text();
    }

    private static List<String> responseCells(ReportSection stretch) {
        ResponseFigures figures = stretch.responses();
        return List.of(
                rows(stretch),
                String.valueOf(figures.tested()),
                String.valueOf(figures.responses()),
                number(figures.auc(), 4),
                number(figures.gauc(), 4),
                number(figures.logLoss(), 4),
                number(figures.calibration(), 3));
    }

    private static String rows(ReportSection stretch) {
        return stretch.first() + "-" + (stretch.end() - 1);
    }

    private static String legend() {
        return """
                HR@10, NDCG@10, MRR@10: lists as users would have got them, at tested positions. \
                model, frozen: the fine-tuned model alone and the base model never updated, on the \
                same new positions among all items, before training on them. past: new versions on a \
                sample of what windows before them trained. windows: trained in these rows; promoted, \
                held: versions; refused: rejected, rolled back or failed. s: seconds from list to list. The last line is of all rows that may be tested. Interactions of an item \
                or user are those before the position; users without any are not tested. A source \
                spoke most for an entry if it lifted its score furthest above the candidates' mean.
                """;
    }

    private static String bullet(String name, String value) {
        return "- " + name + ": " + value + "\n";
    }

    private static List<String> cells(String positions, RankFigures figures) {
        boolean tested = figures.tested() > 0;
        return List.of(
                positions,
                String.valueOf(figures.tested()),
                number(tested ? figures.hr10() : null, 4),
                number(tested ? figures.ndcg10() : null, 4),
                number(tested ? figures.mrr10() : null, 4));
    }

    private static List<String> cells(ReportSection stretch) {
        Trainings trainings = stretch.trainings();
        List<String> cells = new ArrayList<>(cells(rows(stretch), stretch.lists()));
        cells.addAll(
                List.of(
                        number(stretch.model().hr10(), 4),
                        number(stretch.frozen().hr10(), 4),
                        number(stretch.past().hr10(), 4),
                        number(stretch.model().loss(), 3),
                        number(trainings.loss(), 3),
                        String.valueOf(trainings.windows()),
                        String.valueOf(trainings.promoted().size()),
                        String.valueOf(trainings.held()),
                        String.valueOf(
                                trainings.rejected() + trainings.rolledBack() + trainings.failed()),
                        number(trainings.seconds(), 1),
                        number(stretch.seconds(), 1)));
        return cells;
    }

    private static String number(@Nullable Double value, int decimals) {
        return value == null ? "-" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
