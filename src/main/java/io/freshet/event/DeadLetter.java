package io.freshet.event;

/**
 * A record that could not be understood, kept whole so that nothing is lost.
 *
 * @param topic topic it was read from
 * @param partition partition of that topic
 * @param offset offset in that partition
 * @param timestamp the broker's record time, milliseconds since the epoch
 * @param field the field at fault, or empty when the record as a whole is
 * @param reason what was found and what was expected
 * @param key raw key bytes, empty if there was none
 * @param payload raw value bytes, up to the configured limit
 * @param payloadSize size of the whole value in bytes, larger than {@code payload} when that was
 *     cut
 */
public record DeadLetter(
        String topic,
        int partition,
        long offset,
        long timestamp,
        String field,
        String reason,
        byte[] key,
        byte[] payload,
        int payloadSize) {}
