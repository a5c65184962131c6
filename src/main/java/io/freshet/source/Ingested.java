package io.freshet.source;

import io.freshet.event.DeadLetter;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * What comes out of a topic.
 *
 * @param events what was understood, with event times
 * @param deadLetters what was not
 * @param <E> the event
 */
public record Ingested<E>(DataStream<E> events, DataStream<DeadLetter> deadLetters) {}
