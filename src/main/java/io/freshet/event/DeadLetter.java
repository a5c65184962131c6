package io.freshet.event;

import org.jspecify.annotations.Nullable;

/**
 * A record that could not be understood, kept so that nothing is lost: whole, or, when it is larger
 * than the configured limit, its beginning with the size and the SHA-256 of the whole.
 *
 * @param topic topic it was read from
 * @param partition partition of that topic
 * @param offset offset in that partition
 * @param timestamp the broker's record time, milliseconds since the epoch
 * @param field path of the field at fault, such as {@code vectors.image[3]}; {@code value} for the
 *     record's value as a whole or for what lies in no field of the topic's schema, {@code key} for
 *     its key, {@code record time} for the broker's
 * @param reason the field at fault, what was found and what was expected
 * @param key raw key bytes, up to the configured limit, empty if there was none
 * @param payload raw value bytes, up to the configured limit
 * @param payloadSize size of the whole value in bytes, larger than {@code payload} when that was
 *     cut
 * @param keySize size of the whole key in bytes, larger than {@code key} when that was cut
 * @param keySha256 SHA-256 of the whole key, 64 hexadecimal digits in lower case, if it was cut;
 *     otherwise empty
 * @param payloadSha256 SHA-256 of the whole value, 64 hexadecimal digits in lower case, if it was
 *     cut; otherwise empty
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
        int payloadSize,
        int keySize,
        String keySha256,
        String payloadSha256) {

    /** Letters of the first release have no digests. */
    public DeadLetter {
        keySha256 = orEmpty(keySha256);
        payloadSha256 = orEmpty(payloadSha256);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
