package io.freshet.source;

import io.freshet.config.IngestConfig;

/** The bounds of event time. */
final class Timestamps {

    private Timestamps() {}

    /**
     * The timestamp, if it is neither too early nor too far ahead of the clock.
     *
     * @param field where it was found
     * @param timestamp event time in milliseconds since the epoch
     * @param now the clock's time in milliseconds since the epoch
     */
    static long check(String field, long timestamp, long now, IngestConfig limits)
            throws BadRecordException {
        if (timestamp < limits.earliest()) {
            throw new BadRecordException(
                    field, String.valueOf(timestamp), "at least " + limits.earliest());
        }
        long ahead = limits.maxFuture().toMillis();
        // subtracting the small ones cannot overflow: timestamp is not negative here
        if (timestamp - now > ahead) {
            throw new BadRecordException(
                    field,
                    String.valueOf(timestamp),
                    "at most " + ahead + " ms ahead of the clock, which is at " + now);
        }
        return timestamp;
    }
}
