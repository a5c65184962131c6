/**
 * Events to bytes, and the Kafka sinks. Encoders are plain classes; {@link
 * io.freshet.sink.KafkaSinks} wires them into Flink. The format that consumers may rely on is in
 * {@code schema/*.schema.json}.
 */
@NullMarked
package io.freshet.sink;

import org.jspecify.annotations.NullMarked;
