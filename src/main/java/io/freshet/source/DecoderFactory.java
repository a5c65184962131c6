package io.freshet.source;

import io.freshet.config.IngestConfig;
import java.io.Serializable;
import java.time.Clock;

/**
 * Makes a decoder where it runs, because decoders hold parsers that don't travel.
 *
 * @param <D> what the decoder answers
 */
@FunctionalInterface
interface DecoderFactory<D> extends Serializable {

    RecordDecoder<D> create(IngestConfig limits, Clock clock);
}
