package io.freshet.cli.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --json}: what a command prints is for programs, in place of people. */
public final class CommandOutput {

    private static final int WIDEST = 200;
    private static final int GAP = 2;

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /**
     * Prints a value as JSON, or as a table.
     *
     * @param value what JSON has of it: records, lists and maps
     * @param rows lines of the table, of equal length, the header first
     */
    public void print(Object value, List<List<String>> rows) throws JsonProcessingException {
        print(json ? JSON.writeValueAsString(value) : table(rows));
    }

    private void print(String text) {
        Objects.requireNonNull(command).commandLine().getOut().println(text);
    }

    private static String table(List<List<String>> rows) {
        int columns = rows.get(0).size();
        Column[] widths = new Column[columns];
        for (int column = 0; column < columns; column++) {
            int widest = 0;
            for (List<String> row : rows) {
                widest = Math.max(widest, row.get(column).length());
            }
            widths[column] = new Column(Math.min(widest, WIDEST) + GAP, 0, Column.Overflow.WRAP);
        }
        TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), widths);
        rows.forEach(row -> table.addRowValues(row.toArray(String[]::new)));
        return table.toString().stripTrailing();
    }
}
