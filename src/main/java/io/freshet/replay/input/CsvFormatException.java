package io.freshet.replay.input;

import java.io.IOException;

/** A CSV file with unexpected content; the message names file, line and what was found. */
public final class CsvFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean rowsFollow;

    /** A row is broken; the rows after it can be read. */
    public CsvFormatException(String message) {
        super(message);
        this.rowsFollow = true;
    }

    /** The text is broken; nothing after it can be read. */
    CsvFormatException(String message, Throwable cause) {
        super(message, cause);
        this.rowsFollow = false;
    }

    /** Whether the rows after the broken one can still be read. */
    boolean rowsFollow() {
        return rowsFollow;
    }
}
