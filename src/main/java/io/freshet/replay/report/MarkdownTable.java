package io.freshet.replay.report;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table whose columns are aligned to the right, to be read on a terminal too. */
public final class MarkdownTable {

    private final List<List<String>> lines = new ArrayList<>();

    public MarkdownTable(List<String> columns) {
        lines.add(columns);
    }

    /** Adds a line with a cell for each column. */
    public void add(List<String> cells) {
        if (cells.size() != lines.get(0).size()) {
            throw new IllegalArgumentException(
                    "Found %d cells, expected one for each of %s"
                            .formatted(cells.size(), lines.get(0)));
        }
        lines.add(cells);
    }

    /** The table, each line ended. */
    public String text() {
        int[] widths = widths();
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

    private int[] widths() {
        int[] widths = new int[lines.get(0).size()];
        for (List<String> line : lines) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        return widths;
    }
}
