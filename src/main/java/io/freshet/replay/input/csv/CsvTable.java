package io.freshet.replay.input.csv;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipException;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV file with a header, plain or compressed by gzip, in UTF-8. Columns are found by
 * their names, further columns are ignored, and so are empty lines. A row has as many fields as the
 * header.
 */
public final class CsvTable implements Closeable {

    private static final String OTHER_SEPARATORS = ";\t|";

    private final Path file;
    private final List<String> columns;
    private final CsvRows rows;
    private final int width;
    private final int[] places;
    private CsvRows.Row row = new CsvRows.Row(1, new String[0]);

    private CsvTable(Path file, Reader text, List<String> columns) throws IOException {
        this.file = file;
        this.columns = columns;
        this.rows = new CsvRows(text);
        CsvRows.Row first = read();
        if (first == null) {
            throw problem(1, "found an empty file, expected a header with " + columns);
        }
        this.row = first;
        String[] header = row.fields();
        this.width = header.length;
        this.places = columns.stream().mapToInt(column -> place(header, column)).toArray();
        for (int column = 0; column < places.length; column++) {
            requireOnce(header, column);
        }
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws CsvFormatException if it can't be read, or a column is missing or there twice
     */
    public static CsvTable open(Path file, List<String> columns) throws IOException {
        Reader text = null;
        try {
            text = CsvText.open(file);
            return new CsvTable(file, text, columns);
        } catch (CsvFormatException e) {
            IOUtils.closeQuietly(text);
            if (e.rowsFollow()) {
                CsvText.requireSound(file); // or the header would be blamed for damaged bytes
            }
            throw e;
        } catch (ZipException | EOFException e) {
            CsvText.requireSound(file);
            throw e;
        }
    }

    /**
     * Goes to the next row; returns whether there is one.
     *
     * @throws CsvFormatException if the row has too few or too many fields, or the text can't be
     *     read as CSV, after which nothing can be read
     */
    public boolean next() throws IOException {
        CsvRows.Row found = read();
        if (found == null) {
            return false;
        }
        row = found;
        if (row.fields().length != width) {
            throw problem(
                    line(),
                    ("found %d fields, expected %d as in the header; a field "
                                    + "with a comma needs quotes")
                            .formatted(row.fields().length, width));
        }
        return true;
    }

    /** The field of the row in the column with this place in the list of columns asked for. */
    public String get(int column) {
        return row.fields()[places[column]];
    }

    /** The line that the row began in, from 1 for the header. */
    public long line() {
        return row.line();
    }

    /** The place in the file of a column with this place in the list of those asked for, from 1. */
    public int place(int column) {
        return places[column] + 1;
    }

    /** What to throw when the row that began in a line is not as expected. */
    public CsvFormatException problem(long line, String what) {
        return new CsvFormatException(located(line, what));
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private static int place(String[] header, String column) {
        return Arrays.asList(header).indexOf(column);
    }

    private void requireOnce(String[] header, int column) throws CsvFormatException {
        String name = columns.get(column);
        int last = Arrays.asList(header).lastIndexOf(name);
        if (last < 0) {
            String found = Arrays.toString(header);
            boolean split = found.chars().noneMatch(c -> OTHER_SEPARATORS.indexOf(c) >= 0);
            throw problem(
                    line(),
                    "column '%s' is missing, the header has %s%s"
                            .formatted(
                                    name,
                                    found,
                                    split ? "" : "; expected columns separated by commas"));
        }
        if (last > places[column]) {
            throw problem(
                    line(),
                    "column '%s' is there twice, in place %d and %d, expected it once"
                            .formatted(name, place(column), last + 1));
        }
    }

    private CsvRows.@Nullable Row read() throws IOException {
        try {
            return rows.next();
        } catch (CsvRows.QuoteException e) {
            CsvText.requireSound(file);
            throw CsvFormatException.unreadable(located(e.line(), e.problem()));
        } catch (IOException e) {
            CsvText.requireSound(file);
            throw CsvFormatException.unreadable(
                    located(rows.line(), "nothing can be read after this line: " + e));
        }
    }

    private String located(long line, String what) {
        return file + ", line " + line + ": " + what;
    }
}
