package io.freshet.model.tensorflow;

import io.freshet.model.SequenceAttributes;
import io.freshet.model.tensorflow.session.SignatureCall;

/** Feeds sequences to a signature. */
final class SequenceFeed {

    private static final String ATTRIBUTES = "attributes";

    private SequenceFeed() {}

    /**
     * Feeds {@code items}, and what else is known of their positions to a model that takes it.
     *
     * @param size sequences, B
     * @param length columns, T
     * @param items rows, [B, T]
     */
    static SignatureCall feed(
            SignatureCall call, int size, int length, int[] items, SequenceAttributes attributes) {
        call.feed("items", items, size, length);
        return call.takes(ATTRIBUTES)
                ? call.feed(ATTRIBUTES, attributes.hashes(), size, length, attributes.width())
                : call;
    }
}
