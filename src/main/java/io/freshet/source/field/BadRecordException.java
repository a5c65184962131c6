package io.freshet.source.field;

/**
 * A record can't be decoded. Thrown where the fault is found and caught by the decoder, which makes
 * a dead letter of it, or by the reader of a file, which refuses the row; without a stack trace,
 * because a topic may be full of them.
 */
public final class BadRecordException extends Exception {

    private static final long serialVersionUID = 1;

    private final String field;
    private final String reason;

    /**
     * @param field path of the field at fault; {@code value} or {@code key} for these as a whole
     * @param found what was found, printable and short
     * @param expected what is valid there
     */
    public BadRecordException(String field, String found, String expected) {
        super(null, null, false, false);
        this.field = field;
        this.reason = "%s: found %s, expected %s".formatted(field, found, expected);
    }

    /** Path of the field at fault. */
    public String field() {
        return field;
    }

    /** The field, what was found in it, and what was expected, in one line. */
    public String reason() {
        return reason;
    }
}
