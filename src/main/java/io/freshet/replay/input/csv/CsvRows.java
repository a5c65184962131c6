package io.freshet.replay.input.csv;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits text into rows by RFC 4180, strictly: a quoted field ends with its line or a comma. Empty
 * lines are passed over.
 *
 * <p>FastCSV takes the end of the text for the end of a quoted field. So the text is read with
 * {@link #LAST_ROW} behind it, which can't be read as a row where a quote is still open.
 */
final class CsvRows implements Closeable {

    /** What has to follow the text. */
    static final String LAST_ROW = "\n\"end\"";

    private static final String[] LAST_FIELDS = {"end"};
    private static final int LONGEST_FIELD = 1 << 20;

    private final Fields fields = new Fields();
    private final CloseableIterator<Row> rows;

    /**
     * @param text with {@link #LAST_ROW} behind it
     */
    CsvRows(Reader text) {
        this.rows =
                CsvReader.builder()
                        .maxBufferSize(LONGEST_FIELD)
                        .allowExtraFields(true)
                        .allowMissingFields(true)
                        .build(fields, text)
                        .iterator();
    }

    /**
     * A row.
     *
     * @param line that it begins in, from 1
     */
    record Row(long line, String[] fields) {}

    /**
     * The next row, or null at the end.
     *
     * @throws QuoteException if it can't be split; nothing can be read after that
     */
    @Nullable Row next() throws IOException {
        try {
            Row row = rows.next();
            boolean last = Arrays.equals(row.fields(), LAST_FIELDS) && !rows.hasNext();
            return last ? null : row;
        } catch (CsvParseException e) {
            throw new QuoteException(fields.line(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The line that the row began in which was read last, or tried to be. */
    long line() {
        return fields.line();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    /** Gathers the fields of a row. */
    private static final class Fields extends AbstractBaseCsvCallbackHandler<Row> {

        private final List<String> fields = new ArrayList<>();
        private long line = 1;

        long line() {
            return line;
        }

        @Override
        protected void handleBegin(long startingLineNumber) {
            line = startingLineNumber;
            fields.clear();
        }

        @Override
        protected void handleField(int index, char[] text, int from, int length, boolean quoted) {
            fields.add(new String(text, from, length));
        }

        @Override
        protected Row buildRecord() {
            return new Row(line, fields.toArray(String[]::new));
        }
    }

    /** A quoted field has no end where one is expected. */
    static final class QuoteException extends IOException {

        private static final long serialVersionUID = 1L;

        private final long line;
        private final String problem;

        QuoteException(long line, CsvParseException cause) {
            super(cause);
            this.line = line;
            this.problem =
                    ("found no end of a quoted field in the row that begins here, expected a"
                                    + " closing quote and a comma or the end of the line within %d"
                                    + " characters; a quote within the field comes twice")
                            .formatted(LONGEST_FIELD);
        }

        /** The line that the row began in. */
        long line() {
            return line;
        }

        /** What was found there, and what was expected. */
        String problem() {
            return problem;
        }
    }
}
