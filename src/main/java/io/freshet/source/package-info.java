/**
 * The topics that the job reads: Kafka sources, event time, and the split of events from dead
 * letters. {@link io.freshet.source.decode} turns bytes into events.
 */
@NullMarked
package io.freshet.source;

import org.jspecify.annotations.NullMarked;
