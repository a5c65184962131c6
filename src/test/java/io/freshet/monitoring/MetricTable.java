package io.freshet.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics that the handbook names. */
public final class MetricTable {

    static final Path HANDBOOK = Path.of("src/site/markdown/handbook.md");

    private static final String OPERATOR_PREFIX = "flink_taskmanager_job_task_operator_";
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern FLINKS = Pattern.compile("`(flink_\\w+)`");
    // a part in capitals is a placeholder
    private static final Pattern VALUE = Pattern.compile("\\.[A-Z]+(?=\\.)");
    private static final int COLUMNS = 5;

    private final List<Row> rows = new ArrayList<>();
    private final Set<String> flinks = new TreeSet<>();

    private MetricTable() {}

    /**
     * A metric of Freshet's.
     *
     * @param operators that have it
     * @param name with its groups; parts in capitals stand for a value
     * @param type counter, gauge or histogram
     */
    public record Row(Set<String> operators, String name, String type, String unit) {

        /** The name with a star for a value. */
        public String pattern() {
            return VALUE.matcher(name).replaceAll(".*");
        }
    }

    /** Reads the handbook's section "Metrics". */
    public static MetricTable read() throws IOException {
        String handbook = Files.readString(HANDBOOK);
        int begin = handbook.indexOf("\n## Metrics\n");
        String section = handbook.substring(begin, handbook.indexOf("\n## Alerts\n", begin));
        MetricTable table = new MetricTable();
        for (String line : section.lines().filter(found -> found.startsWith("| `")).toList()) {
            List<String> cells =
                    Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList();
            Matcher flinks = FLINKS.matcher(cells.get(0));
            if (flinks.matches()) {
                table.flinks.add(flinks.group(1));
            } else if (cells.size() == COLUMNS) {
                table.rows.add(
                        new Row(
                                quoted(cells.get(0)),
                                quoted(cells.get(1)).iterator().next(),
                                cells.get(2),
                                cells.get(3)));
            }
        }
        return table;
    }

    /** Freshet's own. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /** Series in Prometheus: Freshet's and those of Flink's that are named. */
    public Set<String> series() {
        Set<String> series = new TreeSet<>(flinks);
        for (Row row : rows) {
            series.add(series(row));
            if (row.type().equals("histogram")) {
                series.add(series(row) + "_count");
            }
        }
        return series;
    }

    /** The series of a metric. */
    public static String series(Row row) {
        return OPERATOR_PREFIX + VALUE.matcher(row.name()).replaceAll("").replace('.', '_');
    }

    private static Set<String> quoted(String cell) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = QUOTED.matcher(cell);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }
}
