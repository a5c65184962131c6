package io.freshet.source;

/**
 * A record can't be understood. Travels from the place that finds the fault to the decoder, which
 * makes a dead letter of it; without a stack trace, because a topic may be full of them.
 */
final class BadRecordException extends Exception {

    private static final long serialVersionUID = 1;

    private final String field;
    private final String reason;

    /**
     * @param field path of the field at fault; {@code value} or {@code key} for these as a whole
     * @param found what was found, already fit for people to read
     * @param expected what would have been right
     */
    BadRecordException(String field, String found, String expected) {
        super(null, null, false, false);
        this.field = field;
        this.reason = field + ": found " + found + ", expected " + expected;
    }

    String field() {
        return field;
    }

    /** For people: the field, what was found in it, and what was expected. */
    String reason() {
        return reason;
    }
}
