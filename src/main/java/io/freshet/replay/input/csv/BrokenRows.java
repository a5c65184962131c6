package io.freshet.replay.input.csv;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with the rows of a file, so that one message says it all. */
public final class BrokenRows {

    private static final int PROBLEMS_NAMED = 10;

    private final Path file;
    private final List<String> named = new ArrayList<>();
    private int count;

    public BrokenRows(Path file) {
        this.file = file;
    }

    /** Reads a row. */
    @FunctionalInterface
    public interface RowReader {

        /** Reads the next row; returns whether there was one. */
        boolean next() throws IOException;
    }

    /**
     * Reads to the end, and notes the rows that are broken.
     *
     * @throws CsvFormatException as {@link #add}
     */
    public void readAll(RowReader rows) throws IOException {
        boolean more = true;
        while (more) {
            try {
                more = rows.next();
            } catch (CsvFormatException e) {
                add(e);
            }
        }
    }

    /**
     * Notes a broken row.
     *
     * @throws CsvFormatException the problem itself, if no row can be read after it: what was noted
     *     before may be a consequence of it
     */
    public void add(CsvFormatException problem) throws CsvFormatException {
        if (!problem.rowsFollow()) {
            throw problem;
        }
        count++;
        if (named.size() < PROBLEMS_NAMED) {
            named.add(problem.getMessage());
        }
    }

    /**
     * Ends the reading.
     *
     * @param advice what to do about it, empty for nothing more than the rows say
     * @throws CsvFormatException naming the first broken rows, if there are any
     */
    public void throwIfAny(String advice) throws CsvFormatException {
        if (count > 0) {
            throw new CsvFormatException(
                    "%s has %d broken row(s)%s, such as:\n  %s"
                            .formatted(
                                    file,
                                    count,
                                    advice.isEmpty() ? "" : "; " + advice,
                                    String.join("\n  ", named)));
        }
    }
}
