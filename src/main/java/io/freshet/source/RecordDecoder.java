package io.freshet.source;

/**
 * Turns the bytes of one topic into events. Answers every input, and never throws.
 *
 * @param <D> what it answers
 */
public interface RecordDecoder<D> {

    /** The event that the record carries, or a dead letter that says why there is none. */
    D decode(RawRecord source);
}
