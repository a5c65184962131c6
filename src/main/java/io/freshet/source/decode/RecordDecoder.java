package io.freshet.source.decode;

/**
 * Turns the bytes of one topic into events. Never throws.
 *
 * @param <D> the decoded record
 */
public interface RecordDecoder<D> {

    /** The record's event, or a dead letter with the reason why there is none. */
    D decode(RawRecord source);
}
