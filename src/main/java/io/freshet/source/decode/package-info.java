/**
 * Bytes to interactions, items and controls; dead letters for what can't be decoded. Without Flink
 * and Kafka: {@link io.freshet.source.decode.RawRecord} in, an event or a {@link
 * io.freshet.event.DeadLetter} out, never an exception. The format that producers write is in
 * {@code schema/*.schema.json}.
 */
@NullMarked
package io.freshet.source.decode;

import org.jspecify.annotations.NullMarked;
