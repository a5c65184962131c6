package io.freshet.replay.input.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits text into rows by RFC 4180: fields are separated by commas; one that begins with a double
 * quote ends with the next, and a quote within it comes twice. Empty lines are passed over.
 */
final class CsvRows implements Closeable {

    private static final int END = -1;
    private static final int LONGEST_FIELD = 1 << 20;

    private final Reader text;
    private final char[] buffer = new char[1 << 15];
    private final StringBuilder field = new StringBuilder();
    private int next;
    private int read;
    private long line = 1;
    private long start = 1;

    CsvRows(Reader text) {
        this.text = text;
    }

    /**
     * The next row's fields, or null at the end.
     *
     * @throws QuoteException if it can't be split; nothing can be read after that
     */
    String @Nullable [] next() throws IOException {
        int c = take();
        while (c == '\n' || c == '\r') {
            c = take();
        }
        start = line;
        if (c == END) {
            return null;
        }
        List<String> fields = new ArrayList<>();
        c = field(c, fields);
        while (c == ',') {
            c = field(take(), fields);
        }
        return fields.toArray(String[]::new);
    }

    /** The line that the last row began in, from 1. */
    long line() {
        return start;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    /** Reads a field from its first character on; returns the character that ended it. */
    private int field(int first, List<String> fields) throws IOException {
        field.setLength(0);
        long opened = line;
        int c = first;
        if (c == '"') {
            quoted(opened);
            c = take();
            if (!endsField(c)) {
                throw new QuoteException(opened, "'" + (char) c + "' behind its end");
            }
        }
        while (!endsField(c)) {
            append(c, opened);
            c = take();
        }
        fields.add(field.toString());
        return c;
    }

    private void quoted(long opened) throws IOException {
        for (int c = take(); c != '"' || peek() == '"'; c = take()) {
            if (c == END) {
                throw new QuoteException(opened, "the end of the file within it");
            }
            append(c == '"' ? take() : c, opened);
        }
    }

    private void append(int c, long opened) throws QuoteException {
        if (field.length() == LONGEST_FIELD) {
            throw new QuoteException(opened, "more than " + LONGEST_FIELD + " characters in it");
        }
        field.append((char) c);
    }

    private static boolean endsField(int c) {
        return c == ',' || c == '\n' || c == '\r' || c == END;
    }

    private int take() throws IOException {
        int c = peek();
        if (c != END) {
            next++;
            line += c == '\n' || c == '\r' && peek() != '\n' ? 1 : 0;
        }
        return c;
    }

    private int peek() throws IOException {
        if (next == read) {
            next = 0;
            read = Math.max(0, text.read(buffer));
        }
        return next == read ? END : buffer[next];
    }

    /** A field has no end where one is expected. */
    static final class QuoteException extends IOException {

        private static final long serialVersionUID = 1L;

        private final long line;
        private final String problem;

        QuoteException(long line, String found) {
            this.line = line;
            this.problem =
                    "a quoted field begins here, found "
                            + found
                            + ", expected a closing quote and a comma or the end of the line;"
                            + " a quote within the field comes twice";
        }

        /** The line that the field began in. */
        long line() {
            return line;
        }

        /** What was found there, and what was expected. */
        String problem() {
            return problem;
        }
    }
}
