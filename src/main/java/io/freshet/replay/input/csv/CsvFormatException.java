package io.freshet.replay.input.csv;

import java.io.IOException;

/** A CSV file with unexpected content; the message names file, line and what was found. */
public final class CsvFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean rowsFollow;

    private CsvFormatException(String message, boolean rowsFollow) {
        super(message);
        this.rowsFollow = rowsFollow;
    }

    /** A row is broken, or the rows as a whole are; the rows after it can be read. */
    public CsvFormatException(String message) {
        this(message, true);
    }

    /** The text is broken; nothing after it can be read. */
    static CsvFormatException unreadable(String message) {
        return new CsvFormatException(message, false);
    }

    /** Whether the rows after the broken one can still be read. */
    boolean rowsFollow() {
        return rowsFollow;
    }
}
