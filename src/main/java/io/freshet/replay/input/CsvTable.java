package io.freshet.replay.input;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV file with a header, plain or (by the name's ending {@code .gz}) compressed, in
 * UTF-8. Columns are found by their names, further columns are ignored, and so are empty lines.
 */
final class CsvTable implements Closeable {

    private static final CsvMapper MAPPER = mapper();
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Path file;
    private final List<String> columns;
    private final MappingIterator<String[]> rows;
    private final String[] header;
    private final int[] places;
    private String[] row = {};
    private long line = 1;

    private CsvTable(Path file, Reader text, List<String> columns) throws IOException {
        this.file = file;
        this.columns = columns;
        this.rows = MAPPER.readerFor(String[].class).readValues(text);
        this.header = header();
        this.places = columns.stream().mapToInt(Arrays.asList(header)::indexOf).toArray();
        for (int column = 0; column < places.length; column++) {
            if (places[column] < 0) {
                throw problem(
                        "column '%s' is missing, the header has %s"
                                .formatted(columns.get(column), Arrays.toString(header)));
            }
        }
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws CsvFormatException if it can't be read, or a column is missing
     */
    static CsvTable open(Path file, List<String> columns) throws IOException {
        Reader text = null;
        try {
            text = reader(file);
            return new CsvTable(file, text, columns);
        } catch (IOException e) {
            IOUtils.closeQuietly(text);
            throw e instanceof CsvFormatException
                    ? e
                    : new CsvFormatException(file + " can't be read: " + e, e);
        }
    }

    /**
     * Goes to the next row; returns whether there is one.
     *
     * @throws CsvFormatException if the text can't be read as CSV; nothing can be read after that
     */
    boolean next() throws IOException {
        String[] found = read();
        if (found == null) {
            return false;
        }
        row = found;
        return true;
    }

    /**
     * The field of the row in the column with this place in the list of columns asked for.
     *
     * @throws CsvFormatException if the row is too short; the next row can be read
     */
    String get(int column) throws CsvFormatException {
        if (places[column] >= row.length) {
            throw problem(
                    "found " + row.length + " fields, expected " + header.length + " as in header");
        }
        return row[places[column]];
    }

    /**
     * The field as {@link #get}, which must not be empty.
     *
     * @throws CsvFormatException if it is
     */
    String require(int column) throws CsvFormatException {
        String value = get(column);
        if (value.isBlank()) {
            throw wrong(column, value, "a text that is not blank");
        }
        return value;
    }

    /** What to throw when a field is not as expected. */
    CsvFormatException wrong(int column, String value, String expected) {
        return problem(columns.get(column) + ": found '" + value + "', expected " + expected);
    }

    /** What to throw when the row is not as expected. */
    CsvFormatException problem(String what) {
        return new CsvFormatException(located(what));
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private String[] header() throws IOException {
        String[] found = read();
        if (found == null || found.length == 0) {
            throw problem("found an empty file, expected a header with " + columns);
        }
        if (found[0].startsWith(BYTE_ORDER_MARK)) {
            found[0] = found[0].substring(1);
        }
        return found;
    }

    private String @Nullable [] read() throws IOException {
        try {
            if (!rows.hasNextValue()) {
                return null;
            }
            String[] found = rows.nextValue();
            line = rows.getParser().currentTokenLocation().getLineNr();
            return found;
        } catch (JsonProcessingException e) {
            JsonLocation where = e.getLocation();
            line = where == null ? line : where.getLineNr();
            throw new CsvFormatException(located(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new CsvFormatException(file + " can't be read after line " + line + ": " + e, e);
        }
    }

    private String located(String what) {
        return file + ", line " + line + ": " + what;
    }

    private static Reader reader(Path file) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        if (file.toString().endsWith(".gz")) {
            bytes = new GZIPInputStream(bytes, 1 << 16);
        }
        return new BufferedReader(
                new InputStreamReader(
                        bytes,
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    private static CsvMapper mapper() {
        return CsvMapper.builder()
                .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                .build();
    }
}
