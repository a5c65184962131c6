/**
 * Bytes to interactions, items and controls; dead letters for what can't be understood.
 *
 * <p>Decoders are plain classes: {@link io.freshet.source.RawRecord} in, an event or a {@link
 * io.freshet.event.DeadLetter} out, never an exception. {@link io.freshet.source.KafkaSources}
 * wires them into Flink. What a producer has to write is in {@code schema/*.schema.json}.
 */
@NullMarked
package io.freshet.source;

import org.jspecify.annotations.NullMarked;
